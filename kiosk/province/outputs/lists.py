"""The tables beside the figures: months, lists, definitions, and what the file is made of. Pure."""

from datetime import datetime

from kiosk.clock import LOCAL
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.outputs import words
from kiosk.province.outputs.cells import CODE, SITES_OF, UNIT, VERSION, Cell, Sheet, heads, told_cell
from kiosk.province.outputs.material import Gathered
from kiosk.rules.indicator import label
from kiosk.rules.reading_words import day, say, title

A_YEAR_BEFORE = label("{figure}, a year before")
YEARS_BEFORE = label("Years before kiosk")
# What is to be known by whoever reads the figures; printed under them.
OF_SITES = (
    label("Somebody who goes to two sites counts as two users."),
    label("Potential sites are in the figures of use, and never in the list of project sites."),
)
NOTES = (
    label("What is not told is left empty with its reason; it is never counted as 0."),
    label("Who came is told only as far as it cannot be guessed what one visitor answered; the rest is withheld."),
)


def month_codes(found: Gathered) -> list[str]:
    """The figures of months: of use first, then of how many sites they are."""
    told = [code for code in DEFINITIONS if any(code in one.values for one in found.months)]
    return sorted(told, key=lambda code: DEFINITIONS[code].group == "sites")


def months_sheet(found: Gathered, lang: str) -> Sheet:
    """A row for each month, each figure beside that of the same month a year before."""
    codes = month_codes(found)
    columns = heads(lang, (label("Month"), 16), (label("From day"), 12), (label("to day"), 12))
    for code in codes:
        name = words.name(code, lang)
        columns += [(name, 14), (say(lang, A_YEAR_BEFORE, figure=name), 16)]
    rows = []
    for one in found.months:
        row: list[Cell] = [title(one.period, lang), day(one.period.first), day(one.period.last)]
        for code in codes:
            row += [
                told_cell(code, values[code], lang) if code in values else None for values in (one.values, one.before)
            ]
        rows.append(row)
    return Sheet(say(lang, label("By month")), columns, rows)


def years_sheet(found: Gathered, lang: str) -> Sheet:
    """The years before kiosk, by the province's own books."""
    codes = [code for code in DEFINITIONS if any(code in one.values for one in found.years)]
    columns = [(say(lang, label("Year")), 14), *((words.name(code, lang), 20) for code in codes)]
    rows = [
        [title(one.period, lang), *(told_cell(code, one.values[code], lang) if code in one.values else None
                                    for code in codes)]
        for one in found.years
    ]  # fmt: skip
    return Sheet(say(lang, YEARS_BEFORE), columns, rows)


def lists_sheet(found: Gathered, lang: str) -> Sheet:
    """What was opened most, and what was looked for most often in vain."""
    columns = heads(lang, (label("List"), 30), (label("Name"), 60), (label("Times"), 10), (SITES_OF, 10))
    lists = ((label("Guides opened most"), found.opened), (label("Looked for and not found"), found.missed))
    rows = [(say(lang, heading), one.name, one.count, one.sites) for heading, told in lists for one in told]
    return Sheet(say(lang, label("Content")), columns, rows, still=2)


def definitions_sheet(found: Gathered, lang: str) -> Sheet:
    """How each figure is counted, with its version."""
    columns = heads(
        lang, (label("Figure"), 44), (label("How it is counted"), 90), (UNIT, 14), (VERSION, 9), (CODE, 26),
        (label("Made of"), 44),
    )  # fmt: skip
    rows = [
        (words.name(one.code, lang), words.formula(one.code, lang), words.unit(one.code, lang), one.version, one.code,
         one.source)
        for one in found.definitions()
    ]  # fmt: skip
    return Sheet(say(lang, label("Definitions")), columns, rows)


def about(found: Gathered, lang: str) -> list[tuple[str, str]]:
    """What the figures are of, and what is to be known of them."""
    elapsed = found.ask.elapsed
    counted = f"{day(elapsed.first)} – {day(elapsed.last)}" if elapsed else "–"
    rows = [
        (label("Province"), found.province),
        (label("Figures of"), words.place_name(found.scope, lang)),
        (label("Period"), title(found.ask.period, lang)),
        (label("Days counted"), counted),
        (label("Frozen list of project sites"), found.whole.list_version or "–"),
        (label("Edition of the lake"), str(found.edition)),
        (label("Made of what had come by"), _local(found.built)),
    ]
    return [(say(lang, name), value) for name, value in rows]


def _local(moment: str) -> str:
    """A moment in UTC as a clock here showed it."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone(LOCAL):%d/%m/%Y %H:%M}"
    except ValueError:
        return "–"


def notes(found: Gathered, lang: str) -> list[str]:
    """What must be known, and what is missing in these figures."""
    told = [say(lang, one) for one in (*(OF_SITES if found.scope.by != "site" else ()), *NOTES)]
    if not found.ask.is_over:
        told.insert(0, say(lang, label("The period is not over yet; it is compared with the same days a year before.")))
    if found.whole.incomplete:
        text = ", ".join(f"{one} ({count})" for one, count in sorted(found.whole.incomplete.items()))
        told.append(say(lang, label("Files of these days cannot be read, and are missing: {days}."), days=text))
    if found.strangers:
        text = ", ".join(found.strangers)
        told.append(
            say(lang, label("These sites send, are not in the register and in no figure: {sites}."), sites=text)
        )
    return told


def about_sheet(found: Gathered, lang: str) -> Sheet:
    """The same as a table."""
    rows = [*about(found, lang), *((say(lang, label("Note")), one) for one in notes(found, lang))]
    return Sheet(say(lang, label("About these figures")), heads(lang, (label("About"), 32), (label("Value"), 90)), rows)
