"""Months of one figure as a chart and its table, this year against the year before. Pure.

A month that nobody told is a gap with a hollow dot, never nought. A month that is not over is a dot by itself: its
number would look like a fall. Months of years before kiosk are told by number alike, and marked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import NOTHING
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.rules.indicator import label
from kiosk.rules.periods import Period
from kiosk.rules.reading_words import number, say, title

Number = int | Decimal
MARKS = 5  # about so many lines of the grid
NICE = (1, 2, 5)
SHORT = label("M{month}")  # a month under the chart
NOT_OVER, BEFORE_KIOSK = label("up to {day}"), label("from before kiosk")


class Point(Protocol):
    """indicators/trend.py, Point."""

    @property
    def period(self) -> Period: ...
    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def before(self) -> Mapping[str, Value]: ...


@dataclass(frozen=True)
class Cell:
    """A number as it is drawn (`drawn` None: not at all) and as it reads; `why` where there is none, `small` beside."""

    drawn: Number | None
    text: str
    why: str = ""
    small: str = ""
    own: bool = False


@dataclass(frozen=True)
class Row:
    """One month. `short`: under the chart; `number`: in the table; `partial`: it is not over.

    `change`: more or fewer than a year before, "" where that says nothing.
    """

    short: str
    number: str
    name: str
    now: Cell
    before: Cell
    change: str
    partial: bool


@dataclass(frozen=True)
class Chart:
    """One figure. `least`: where the axis begins, said in words where that is not nought."""

    code: str
    label: str
    unit: str
    formula: str
    version: str
    rows: tuple[Row, ...]
    names: tuple[str, str]
    least: Number
    least_text: str
    own: bool

    @property
    def known(self) -> bool:
        """Whether there is any number to be drawn."""
        return any(cell.drawn is not None for row in self.rows for cell in (row.now, row.before))

    @property
    def missing(self) -> int:
        """How many months that are over nobody told."""
        return sum(row.now.drawn is None and not row.partial for row in self.rows)


def chart(
    code: str, points: Sequence[Point], last: date, lang: str, months: Iterable[Period] = (),
    earlier: Mapping[str, Value] | None = None,
) -> Chart:  # fmt: skip
    """`last`: the last day that has been; `months`: all of the year, also those that have not begun.

    `earlier`: by a month's text, whole, what was a year before the months that are not over, as far as it is known.
    """
    told = {one.period.text: one for one in points}
    periods = list(months) or [one.period for one in points]
    rows = tuple(_row(code, one, told.get(one.text), last, lang, earlier or {}) for one in periods)
    if len({row.number.partition("/")[2] for row in rows}) == 1:
        rows = tuple(replace(row, number=row.number.partition("/")[0]) for row in rows)
    drawn = [cell.drawn for row in rows for cell in (row.now, row.before) if cell.drawn is not None]
    least = axis_from(drawn)
    years = (str(_year(periods[-1])), str(_year(periods[-1]) - 1)) if periods else ("", "")
    return Chart(
        code, words.name(code, lang), words.unit(code, lang), words.formula(code, lang), DEFINITIONS[code].version,
        rows, years, least, number(least, lang) if least else "", any(row.before.own or row.now.own for row in rows),
    )  # fmt: skip


def axis_from(values: Sequence[Number]) -> Number:
    """Where the axis begins: nought, unless everything lies so high that no change could be seen."""
    if not values or (low := min(values)) * 2 <= (high := max(values)):
        return 0
    step = nice_step(max(high - low, high / Decimal(50)))
    return max(0, int((Decimal(low - step) / step).to_integral_value(ROUND_FLOOR) * step))


def nice_step(spread: Number) -> int:
    """A whole step of 1, 2 or 5 with noughts, of which about three reach over the spread."""
    wanted, size = max(Decimal(1), (Decimal(spread) / 3).to_integral_value(ROUND_CEILING)), 1
    while True:
        for one in NICE:
            if one * size >= wanted:
                return one * size
        size *= 10


def _year(month: Period) -> int:
    return month.months[1][0] if month.months else month.last.year


def _row(
    code: str, month: Period, point: Point | None, last: date, lang: str, earlier: Mapping[str, Value]
) -> Row:  # fmt: skip
    over = month.last <= last
    now = point.values.get(code, NOTHING) if point else NOTHING
    shown, before = Cell(None, ""), Cell(None, "")
    if over:
        before = _cell(code, point.before.get(code, NOTHING) if point else NOTHING, lang)
    elif month.text in earlier:
        before = _cell(code, earlier[month.text], lang)
    if month.first <= last:
        shown = _cell(code, now, lang)
    if shown.drawn is not None and not over:
        shown = Cell(shown.drawn, shown.text, small=say(lang, NOT_OVER, day=f"{last:%d/%m}"))
    change = ""
    if over and shown.drawn is not None and before.drawn is not None:
        change = number(shown.drawn - before.drawn, lang, sign=True)
    year, place = month.months[0] if month.months else (month.first.year, month.first.month)
    return Row(say(lang, SHORT, month=place), f"{place}/{year}", title(month, lang), shown, before, change, not over)


def _cell(code: str, value: Value, lang: str) -> Cell:
    if value.number is None:
        return Cell(None, "–", words.reason(value, lang))
    small = say(lang, BEFORE_KIOSK) if value.own else ""
    return Cell(value.number, words.figure(code, value, lang), small=small, own=value.own)
