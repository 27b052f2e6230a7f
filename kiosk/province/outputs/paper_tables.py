"""The tables of the report on paper: goals, figures, lines, communes, sites, months. Pure."""

from collections.abc import Sequence

from kiosk.province.indicators.ask import By
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS, Definition
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.province.outputs.lists import A_YEAR_BEFORE, YEARS_BEFORE, month_codes
from kiosk.province.outputs.material import Counted, Gathered, Place
from kiosk.province.outputs.paper_cells import (
    PaperCell,
    PaperTable,
    Reasons,
    count_cell,
    heads_of,
    name_cell,
    text_cell,
    value_cell,
)
from kiosk.rules.indicator import label
from kiosk.rules.reading_words import number, say, title

NO, FIGURE, NUMBER = label("No."), label("Figure"), label("Number")
CHANGE, DAYS_OPEN = label("Up or down"), label("Days open, of those planned")
PLACE_CODES = ("PROJECT_SITES", "SITES_EFFECTIVE", "EFFECTIVE_SITES", "USERS", "USERS_GROWTH", "VISITS",
               "VISITS_GROWTH", "PC_HOURS", "COMPLETENESS")  # fmt: skip
SITE_CODES = ("EFFECTIVE", "ACTIVE_MONTHS", "USERS", "VISITS", "PC_HOURS", "NET_HOURS", "COMPLETENESS")
SHORT = {"USERS_GROWTH": CHANGE, "VISITS_GROWTH": CHANGE}


def goals(found: Gathered, lang: str) -> PaperTable:
    """The plan's goals: met, not met, not yet comparable; of what, and of how many sites."""
    reasons = Reasons(lang)
    heads = heads_of(lang, (NO, label("Goal")), (label("Result"),)) + heads_of(lang, (label("Verdict"),), ())
    heads += heads_of(lang, (label("Of what"),), (label("Matched sites"),)) + heads_of(lang, (label("Version"),), ())
    rows = []
    for place, one in enumerate((one for one in found.definitions() if one.group == "goals"), 1):
        told = found.value(one.code)
        sites = told.sites if words.is_growth(one.code) else None
        result = PaperCell(words.figure(one.code, told, lang) or "–", mark=reasons.mark(told), strong=True)
        rows.append((
            text_cell(str(place)), name_cell(words.name(one.code, lang)), result,
            text_cell(words.verdict(told, lang), strong=True), text_cell(basis(one.code, told, lang)),
            count_cell(sites, lang), text_cell(one.version),
        ))  # fmt: skip
    return PaperTable("", "goals", heads, rows, reasons.told())


def basis(code: str, told: Value, lang: str) -> str:
    """Of what a goal's figure was made."""
    if told.part is None or told.whole is None:
        return ""
    part, whole = number(told.part, lang), number(told.whole, lang)
    if words.is_growth(code):
        return say(lang, label("{now}, a year before {before}"), now=part, before=whole)
    made = say(lang, label("{part} of {whole} sites"), part=part, whole=whole)
    if told.high is None or told.number is None or told.high == told.number:
        return made
    bound = words.figure(code, Value(told.high), lang)
    return made + say(lang, label("; without those that reported nothing: {share}"), share=bound)


def figures(found: Gathered, group: str, lang: str) -> PaperTable:
    """The figures of a group, each with its unit; how sessions ended is a table of its own."""
    reasons = Reasons(lang)
    told = [one for one in found.definitions() if one.group == group and not one.code.startswith("END_")]
    heads = heads_of(lang, (FIGURE,), (NUMBER,)) + heads_of(lang, (label("Unit"),), ())
    rows = [_figure(one, found.value(one.code), reasons) for one in told]
    return PaperTable(say(lang, GROUPS[group]), "figures", heads, rows, reasons.told())


def ends(found: Gathered, lang: str) -> PaperTable:
    """How sessions ended."""
    reasons = Reasons(lang)
    told = [one for one in found.definitions() if one.code.startswith("END_")]
    heads = heads_of(lang, (label("How sessions ended"),), (NUMBER,)) + heads_of(lang, (label("Unit"),), ())
    return PaperTable("", "figures", heads, [_figure(one, found.value(one.code), reasons) for one in told],
                      reasons.told())  # fmt: skip


def _figure(one: Definition, told: Value, reasons: Reasons) -> Sequence[PaperCell]:
    lang = reasons.lang
    return (name_cell(words.name(one.code, lang)), value_cell(one.code, told, reasons),
            text_cell(words.unit(one.code, lang)))  # fmt: skip


def by(found: Gathered, kind: By, lang: str) -> PaperTable:
    """A row for each place, last one for all together."""
    reasons, codes = Reasons(lang), SITE_CODES if kind == "site" else PLACE_CODES
    heads = heads_of(lang, (NO, words.KINDS[kind]), ())
    heads += [(say(lang, SHORT.get(code, DEFINITIONS[code].label)), code != "EFFECTIVE") for code in codes]
    heads += heads_of(lang, (), (DAYS_OPEN,) if kind == "site" else ())
    rows = [_place(found, one, str(place), codes, reasons) for place, one in enumerate(found.listed(kind), 1)]
    if kind != "site":
        rows.append(_place(found, found.scope, "", codes, reasons))
    return PaperTable("", "places sites" if kind == "site" else "places", heads, rows, reasons.told())


def _place(found: Gathered, place: Place, count: str, codes: Sequence[str], reasons: Reasons) -> Sequence[PaperCell]:
    lang, whole = reasons.lang, place is found.scope
    key, kind = ("" if whole else place.key), place.by
    name = say(lang, label("Together")) if whole else words.place_name(place, lang)
    small = ", ".join(part for part in (place.key, place.above) if part) if kind == "site" else ""
    cells = [text_cell(count), name_cell(name, strong=whole, small=small)]
    cells += [_plain(value_cell(code, found.value(code, kind, key), reasons, strong=whole)) for code in codes]
    if kind == "site":
        days = [found.value(code, kind, key).number for code in ("OPEN_DAYS", "PLANNED_DAYS")]
        cells.append(PaperCell("/".join("–" if one is None else number(one, lang) for one in days)))
    return cells


def _plain(cell: PaperCell) -> PaperCell:
    """Without the range, for which a narrow column has no room; it stands in the table of all figures."""
    return PaperCell(cell.text, "", cell.mark, cell.left, cell.strong)


def months(found: Gathered, lang: str) -> PaperTable:
    """The whole by month, beside the same month a year before."""
    reasons = Reasons(lang)
    codes = month_codes(found)
    heads = heads_of(lang, (label("Month"),), ()) + [(words.name(code, lang), True) for code in codes]
    before = [code for code in ("VISITS",) if code in codes]
    heads += [(say(lang, A_YEAR_BEFORE, figure=words.name(code, lang)), True) for code in before]
    rows = [
        [
            name_cell(title(one.period, lang)),
            *(_plain(value_cell(code, one.values[code], reasons)) for code in codes if code in one.values),
            *(_plain(value_cell(code, one.before[code], reasons)) for code in before if code in one.before),
        ]
        for one in found.months
    ]
    return PaperTable("", "months", heads, rows, reasons.told())


def years(found: Gathered, lang: str) -> PaperTable:
    """The years before kiosk, each figure marked as not ours."""
    reasons = Reasons(lang)
    codes = [code for code in DEFINITIONS if any(code in one.values for one in found.years)]
    heads = heads_of(lang, (label("Year"),), ()) + [(words.name(code, lang), True) for code in codes]
    rows = [
        [name_cell(title(one.period, lang)),
         *(value_cell(code, one.values[code], reasons) if code in one.values else PaperCell("") for code in codes)]
        for one in found.years
    ]  # fmt: skip
    return PaperTable(say(lang, YEARS_BEFORE), "months", heads, rows, reasons.told())


def listed(heading: str, told: Sequence[Counted], lang: str) -> PaperTable:
    """A list, the most frequent first."""
    heads = heads_of(lang, (NO, label("Name")), (label("Times"), label("Sites")))
    rows = [
        (text_cell(str(place)), name_cell(one.name), count_cell(one.count, lang), count_cell(one.sites, lang))
        for place, one in enumerate(told, 1)
    ]
    return PaperTable(say(lang, heading), "listed", heads, rows)
