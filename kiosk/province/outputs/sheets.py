"""What was gathered as tables of typed cells: each is a sheet of the workbook. Nothing here knows a file format. Pure.

What may not be said is the reason why, never nought.
"""

from collections.abc import Iterable

from kiosk.province.indicators.ask import By
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS, Definition
from kiosk.province.outputs import words
from kiosk.province.outputs.cells import (
    CODE,
    SITES_OF,
    UNIT,
    VERSION,
    WHY,
    Cell,
    Sheet,
    heads,
    number_cell,
    told_cell,
    typed,
)
from kiosk.province.outputs.lists import about_sheet, definitions_sheet, lists_sheet, months_sheet, years_sheet
from kiosk.province.outputs.material import Gathered, Place
from kiosk.rules.indicator import label
from kiosk.rules.reading_words import say

LEAST, MOST, PART, OF_WHOLE = label("At least"), label("At most"), label("Part"), label("Of the whole")
FIGURE, RESULT, VERDICT, NUMBER = label("Figure"), label("Result"), label("Verdict"), label("Number")
KIND_SHEETS: tuple[tuple[By, str], ...] = (
    ("district", label("By district")), ("commune", label("By commune")), ("line", label("By line")),
    ("site", label("By site")),
)  # fmt: skip


def sheets(found: Gathered, lang: str) -> list[Sheet]:
    """Every table, in the order of the report; a kind of place that was not told apart has none."""
    made = [_goals(found, lang), _figures(found, lang)]
    made += [_by(found, by, say(lang, heading), lang) for by, heading in KIND_SHEETS if by in found.tables]
    made += [months_sheet(found, lang)] if found.months else []
    made += [years_sheet(found, lang)] if found.years else []
    made += [lists_sheet(found, lang)] if found.opened or found.missed else []
    return [*made, definitions_sheet(found, lang), about_sheet(found, lang)]


def goals_of(found: Gathered) -> list[Definition]:
    """The plan's goals, as far as they are told."""
    return [one for one in found.definitions() if one.group == "goals"]


def _goals(found: Gathered, lang: str) -> Sheet:
    columns = heads(
        lang, (label("Goal"), 46), (RESULT, 12), (VERDICT, 18), (label("Part, or now"), 13),
        (label("Whole, or before"), 13), (MOST, 11), (SITES_OF, 10), (WHY, 46), (CODE, 24), (VERSION, 9),
    )  # fmt: skip
    rows = []
    for one in goals_of(found):
        told = found.value(one.code)
        rows.append((
            words.name(one.code, lang), number_cell(one.code, told), words.verdict(told, lang), told.part, told.whole,
            typed(one.code, told.high), told.sites, words.reason(told, lang), one.code, one.version,
        ))  # fmt: skip
    return Sheet(say(lang, label("Goals")), columns, rows)


def _figures(found: Gathered, lang: str) -> Sheet:
    columns = heads(
        lang, (label("Group"), 34), (FIGURE, 46), (NUMBER, 14), (UNIT, 12), (LEAST, 11), (MOST, 11), (PART, 12),
        (OF_WHOLE, 12), (SITES_OF, 10), (WHY, 46), (CODE, 26), (VERSION, 9),
    )  # fmt: skip
    rows = []
    for one in found.definitions():
        told = found.value(one.code)
        rows.append((
            say(lang, GROUPS[one.group]), words.name(one.code, lang), number_cell(one.code, told),
            words.unit(one.code, lang), typed(one.code, told.low), typed(one.code, told.high), told.part, told.whole,
            told.sites, words.reason(told, lang), one.code, one.version,
        ))  # fmt: skip
    return Sheet(say(lang, label("Figures")), columns, rows, still=2)


def _by(found: Gathered, by: By, heading: str, lang: str) -> Sheet:
    """A row for each place and last one for the whole, a column for each figure."""
    codes = codes_of(found, by)
    first = [(say(lang, words.KINDS[by]), 36), (say(lang, CODE), 14)]
    first += [(say(lang, words.KINDS["commune"]), 24), (say(lang, words.KINDS["line"]), 14)] if by == "site" else []
    columns = first + [(words.name(code, lang), 13) for code in codes]
    rows = [_place_row(found, one, by, codes, lang) for one in (*found.listed(by), found.place(by, ""))]
    return Sheet(heading, columns, rows)


def _place_row(found: Gathered, place: Place, by: By, codes: Iterable[str], lang: str) -> list[Cell]:
    whole = place is found.scope
    told = [told_cell(code, found.value(code, by, "" if whole else place.key), lang) for code in codes]
    name = say(lang, label("Together")) if whole else words.place_name(place, lang)
    head: list[Cell] = [name, "" if whole else place.key]
    if by == "site":
        line = words.LINE_NAMES.get(place.line, "")
        head += ["", ""] if whole else [place.above, say(lang, line) if line else ""]
    return [*head, *told]


def codes_of(found: Gathered, by: By) -> list[str]:
    """The codes that are told of places of a kind, in the order in which they are shown."""
    told = {code for values in found.tables[by].places.values() for code in values}
    passed = "goals" if by == "site" else ""  # no goal is judged at one site
    return [code for code, one in DEFINITIONS.items() if code in told and one.group != passed]
