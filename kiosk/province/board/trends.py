"""Trends: one figure month by month beside the year before, drawn and as a table; which figure, one of FIGURES."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import render_template, request

from kiosk.province.board import asked
from kiosk.province.board.charts import Chart, chart
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import place_name
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.baseline import years
from kiosk.province.indicators.figures import NOTHING
from kiosk.province.indicators.trend import trend
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.rules.indicator import label
from kiosk.rules.periods import Period, a_year_before, months_in, months_period, period_around
from kiosk.web.pages import language
from kiosk.web.words import says

FIGURES = {
    "VISITS": label("Visits counted"), "FIRST": label("First visits"), "PC_HOURS": label("PC hours"),
    "NET_HOURS": label("Internet hours"), "OPENS": label("Guides opened"), "COMPLETENESS": label("Days reported"),
}  # fmt: skip
# Of which figure the plan has a goal, and the least growth that meets it.
GOALS = {"VISITS": "VISITS_GROWTH", "FIRST": "USERS_GROWTH"}
# Which figure of the years before kiosk stands beside it: books know users, not first visits.
IN_BOOKS = {"VISITS": "VISITS", "FIRST": "USERS", "PC_HOURS": "PC_HOURS", "NET_HOURS": "NET_HOURS"}
SHOWN_YEARS = 4  # of ours
FEW = 6  # months: of fewer the year around them is shown, a line of three dots says nothing


def page(desk: Desk) -> Any:
    """`?figure=PC_HOURS`, VISITS where none is named."""
    code = request.args.get("figure", "")
    code = code if code in FIGURES else "VISITS"
    ask = of_months(asked.ask(desk.today()))
    growth = GOALS.get(code, "")
    judged = desk.figures(ask, (growth,)).of().get(growth, NOTHING) if growth else None
    return render_template(
        "board/trends.html",
        chart=months_of(desk, ask, code),
        figures=FIGURES,
        period_name=asked.name(ask.period),
        growth=judged,
        place=place_name(desk, ask.within),
        years=_years(desk, ask, code),
        figure_of_years=words.name(IN_BOOKS[code], language()) if code in IN_BOOKS else "",
    )


@dataclass(frozen=True)
class YearBar:
    """One year as a lying bar. `own`: of the province's own books; `share`: of the highest, in percent.

    `until`: the day up to which it is told, where it is not over.
    """

    year: int
    text: str
    share: int
    own: bool
    until: str = ""


def _years(desk: Desk, ask: Ask, code: str) -> list[YearBar]:
    """The years of the books and some of ours; [] where nobody wrote down any. A bar for each word there is."""
    wanted = IN_BOOKS.get(code)
    if wanted is None or not desk.world().baseline:
        return []
    last = ask.last.year
    months = months_period((last - SHOWN_YEARS + 1, 1), (last, 12))
    found = desk.told(years, replace(ask, period=months), (wanted,))
    told = [(one.period.first.year, value.get(wanted, NOTHING), own)
            for one in found for value, own in ((one.own, True), (one.values, False))]  # fmt: skip
    known = [(year, value, own) for year, value, own in told if value.number is not None]
    most = max((value.number for _year, value, _own in known if value.number is not None), default=0)
    if not any(own for _year, _value, own in known):
        return []
    told_until = f"{ask.last:%d/%m}" if (ask.last.month, ask.last.day) != (12, 31) else ""
    return [
        YearBar(
            year, words.figure(wanted, value, language()), round(100 * (value.number or 0) / most) if most else 0, own,
            told_until if year == last and not own else "",
        )
        for year, value, own in known
    ]  # fmt: skip


def months_of(desk: Desk, ask: Ask, code: str, codes: tuple[str, ...] = tuple(FIGURES)) -> Chart:
    """The months of an ask as a chart. All `codes` are reckoned at once: the next is there when it is wanted."""
    months, points = months_in(ask.period, ask.starts_on), desk.told(trend, ask, codes)
    earlier = {} if ask.within or not months or months[-1].last <= ask.last else _rest(desk, ask, months, code, codes)
    return chart(code, points, ask.last, language(), months, earlier)


def _rest(desk: Desk, ask: Ask, months: list[Period], code: str, codes: tuple[str, ...]) -> dict[str, Value]:
    """What was a year before the months that are not over. Not asked of a unit: it had other sites then."""
    before = a_year_before(ask.period, ask.starts_on)
    if before is None:
        return {}
    told = {
        one.period.text: one.values.get(code, NOTHING) for one in desk.told(trend, replace(ask, period=before), codes)
    }
    found = {}
    for month in months:
        then = a_year_before(month, ask.starts_on)
        if month.last > ask.last and then is not None and then.text in told:
            found[month.text] = told[then.text]
    return found


def of_months(ask: Ask) -> Ask:
    """The same for months enough to make a line."""
    return replace(ask, period=_span(ask))


def _span(ask: Ask) -> Period:
    months = months_in(ask.period, ask.starts_on)
    if len(months) >= FEW and months[0].first == ask.period.first and months[-1].last == ask.period.last:
        return ask.period
    return period_around("year", min(ask.period.last, ask.today - timedelta(days=1)), ask.starts_on)


PAGES = (Page("trends", "/trends", page, tab=says("Trends"), sign="chart", by_period=True),)
