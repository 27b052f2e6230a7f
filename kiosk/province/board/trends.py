"""Trends: one figure month by month beside the year before, drawn and as a table; which figure, one of FIGURES."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import render_template, request

from kiosk.province.board import asked
from kiosk.province.board.charts import Chart, chart
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import place_name
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import NOTHING
from kiosk.province.indicators.trend import trend
from kiosk.province.indicators.value import Value
from kiosk.rules.indicator import label
from kiosk.rules.periods import Period, a_year_before, months_in, period_around
from kiosk.web.pages import language
from kiosk.web.words import says

FIGURES = {
    "VISITS": label("Visits counted"), "FIRST": label("First visits"), "PC_HOURS": label("PC hours"),
    "NET_HOURS": label("Internet hours"), "OPENS": label("Guides opened"), "COMPLETENESS": label("Days reported"),
}  # fmt: skip
# Of which figure the plan has a goal, and the least growth that meets it.
GOALS = {"VISITS": "VISITS_GROWTH", "FIRST": "USERS_GROWTH"}
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
    )


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
