"""The visits of a report as upright bars, one a day or a month, and under them a table: weeks from Monday on. Pure."""

from dataclasses import dataclass

from kiosk.report import words
from kiosk.report.model import Bar, Report
from kiosk.report.words import say
from kiosk.rules.indicators import label

CHART_HEIGHT = 100
WEEKDAYS = (label("Mon"), label("Tue"), label("Wed"), label("Thu"), label("Fri"), label("Sat"), label("Sun"))


@dataclass(frozen=True)
class Stroke:
    """One upright bar. `height` of CHART_HEIGHT; None for a day without a number. `before`: a year earlier."""

    height: float | None
    name: str
    value: str
    count: int | None
    before: int | None
    before_value: str
    short: str


def chart(report: Report, lang: str) -> list[Stroke]:
    """Visits by day or month, as high as the highest."""
    most = max((bar.visits or 0 for bar in report.bars), default=0)
    return [_stroke(bar, most, lang) for bar in report.bars]


@dataclass(frozen=True)
class Calendar:
    """Days as weeks from Monday on: names of the weekdays, and for each week seven bars, None outside the period."""

    heads: list[str]
    weeks: list[list[Stroke | None]]


def calendar(report: Report, strokes: list[Stroke], lang: str) -> Calendar | None:
    """The days of a report as weeks; None where its bars are months."""
    if len(report.bars) != len(report.period):
        return None
    empty = [None] * report.period.first.weekday()
    days = [*empty, *strokes, *[None] * (-(len(empty) + len(strokes)) % 7)]
    heads = [say(lang, name) for name in WEEKDAYS]
    return Calendar(heads, [days[place : place + 7] for place in range(0, len(days), 7)])


def most(report: Report, lang: str) -> str:
    """The highest bar."""
    highest = max((bar.visits or 0 for bar in report.bars), default=0)
    return words.number(highest, lang) if highest else ""


def _stroke(bar: Bar, most: int, lang: str) -> Stroke:
    name = f"{bar.first:%d/%m}"
    if bar.first != bar.last:  # a month is called by its last day's: with a cut-off it begins in the month before
        whole = (bar.last - bar.first).days >= 27
        name = f"{bar.last:%m/%Y}" if whole else f"{bar.first:%d/%m/%Y} – {bar.last:%d/%m/%Y}"
    before = "" if bar.last_year is None else words.number(bar.last_year, lang)
    about = (bar.visits, bar.last_year, before, f"{bar.first:%d/%m}" if bar.first.day == 1 else f"{bar.first:%d}")
    if bar.visits is None:
        return Stroke(None, name, say(lang, words.STATES[bar.state]), *about)
    height = round(CHART_HEIGHT * bar.visits / most, 1) if most else 0.0
    return Stroke(height, name, words.number(bar.visits, lang), *about)
