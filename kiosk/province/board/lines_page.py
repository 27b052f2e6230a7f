"""The library line beside the post line, and both together: the same figures, each with its words."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, render_template

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import line_word
from kiosk.province.board.unit_rows import Told, told, unit_beside
from kiosk.province.board.words import VERDICTS
from kiosk.province.indicators.ask import LINES, WHOLE
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import NOTHING, Figures
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.rules.indicator import label
from kiosk.web.pages import language
from kiosk.web.roles import OWN_PEOPLE, READERS
from kiosk.web.words import says

GOALS = ("EFFECTIVE_SITES", "USERS_GROWTH", "VISITS_GROWTH", "TARGET_USERS_GROWTH", "TARGET_VISITS_GROWTH")
GROUPS = (
    (label("Sites"), ("PROJECT_SITES", "SITES_EFFECTIVE", "SITES_NOT_EFFECTIVE", "SITES_NO_REPORT")),
    (label("Use"), ("VISITS", "USERS", "TARGET_USERS", "PC_HOURS", "NET_HOURS", "USE_RATE", "OPENS")),
    (label("Reports"), ("COMPLETENESS", "TIMELINESS")),
    (label("Written in the journal"), ("classes", "class_people", "outreach_people", "service_help", "books_in")),
)
STROKES = (("SITES_EFFECTIVE", "effective"), ("SITES_NOT_EFFECTIVE", "not-effective"), ("SITES_NO_REPORT", "untold"))


@dataclass(frozen=True)
class Cell:
    """A figure of one line. `verdict`: (words, class, sign) of a goal; `share`: of the longest, in percent."""

    told: Told
    spread: str = ""
    verdict: tuple[Any, str, str] | None = None
    share: int = 0


@dataclass(frozen=True)
class LineRow:
    """One figure in all columns."""

    code: str
    name: str
    unit: str
    cells: tuple[Cell, ...]


def page(desk: Desk) -> Any:
    """`/lines`. A link that is bound to one line does not see the other."""
    if g.get("line"):
        abort(404)
    ask = asked.ask(desk.today(), "line", within="")
    codes = GOALS + tuple(one for _name, group in GROUPS for one in group)
    figures = desk.figures(ask, tuple(one for one in codes if one in DEFINITIONS))
    keys = (*LINES, WHOLE)
    return render_template(
        "board/lines.html",
        heads=[(key, line_word(key)) for key in LINES],
        goals=[_row(figures, code, keys) for code in GOALS],
        groups=[(name, [_row(figures, one, keys) for one in group if one in DEFINITIONS]) for name, group in GROUPS],
        strokes={key: _strokes(figures, key) for key in LINES},
        period_name=asked.name(ask.period),
    )


def _row(figures: Figures, code: str, keys: tuple[str, ...]) -> LineRow:
    lang, values = language(), [figures.of(key).get(code, NOTHING) for key in keys]
    most = max((int(one.number) for one in values[: len(LINES)] if one.number is not None), default=0)
    return LineRow(
        code, words.name(code, lang), unit_beside(code, lang), tuple(_cell(code, one, most) for one in values)
    )


def _cell(code: str, value: Value, most: int) -> Cell:
    lang = language()
    share = round(100 * int(value.number) / most) if value.number is not None and most > 0 else 0
    verdict = VERDICTS[value.verdict if value.number is not None else ""] if code in GOALS else None
    return Cell(told({code: value}, code, lang), words.spread(code, value, lang), verdict, max(0, min(100, share)))


def _strokes(figures: Figures, key: str) -> list[tuple[str, int]]:
    """(class, how many) of the sites of a line's list: each is a stroke."""
    values = figures.of(key)
    return [(name, int(values.get(code, NOTHING).number or 0)) for code, name in STROKES]


PAGES = (Page("lines", "/lines", page, OWN_PEOPLE | READERS, tab=says("Two lines"), sign="shelf", by_period=True),)
