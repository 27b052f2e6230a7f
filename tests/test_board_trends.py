"""Months as a chart and its table: what nobody told is no nought, a month that is not over is no fall."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.province.board.charts import Chart, axis_from, chart, nice_step
from kiosk.province.indicators.value import Value
from kiosk.rules.periods import Period, months_in, months_period

YEAR = months_period((2026, 1), (2026, 12))
LAST = date(2026, 11, 19)


@dataclass(frozen=True)
class Told:
    """A point as trend.py tells it."""

    period: Period
    values: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)


def year(now: list[int | None], before: list[int | None] | None = None, lang: str = "vi", last: date = LAST) -> Chart:
    """A year of visits; None: nobody told."""
    months = months_in(YEAR)
    told = []
    for place, month in enumerate(months[: len(now)]):
        was = before[place] if before else None
        told.append(Told(month, {"VISITS": value(now[place])}, {"VISITS": value(was)}))
    return chart("VISITS", told, last, lang, months)


def value(number: int | None) -> Value:
    return Value(number, sites=101) if number is not None else Value(reason="nothing_told")


def test_a_month_that_nobody_told_is_never_nought() -> None:
    shown = year([8120, None, 8340])
    assert [row.now.drawn for row in shown.rows[:3]] == [8120, None, 8340]
    assert shown.rows[1].now.text == "–" and "chưa" in shown.rows[1].now.why.lower()
    nought = year([8120, 0, 8340])
    assert nought.rows[1].now.drawn == 0 and nought.rows[1].now.text == "0", "the control: a told nought is one"


def test_a_month_that_is_not_over_says_so_and_is_not_compared() -> None:
    shown = year([100] * 11, [90] * 12)
    november = shown.rows[10]
    assert november.partial and november.change == "" and november.now.small == "đến 19/11"
    assert shown.rows[9].change == "+10" and not shown.rows[9].partial
    over = year([100] * 11, [90] * 12, last=date(2026, 11, 30))
    assert not over.rows[10].partial and over.rows[10].change == "+10"


def test_why_a_month_has_no_answers_yet_is_as_true_of_november_as_of_january() -> None:
    waits = Value(reason="not_over")
    months = months_in(YEAR)
    january = chart("FIRST", [Told(months[0], {"FIRST": waits})], date(2026, 1, 9), "vi", months).rows[0]
    told = [*(Told(one, {"FIRST": Value(40, sites=9)}) for one in months[:10]), Told(months[10], {"FIRST": waits})]
    november = chart("FIRST", told, LAST, "vi", months).rows[10]
    assert january.now.why == november.now.why == "Số này chỉ có theo tháng dương lịch đã hết."
    assert november.now.text == "–"


def test_the_year_before_goes_on_where_this_year_has_not_come_yet() -> None:
    months = months_in(YEAR)
    told = [Told(one, {"VISITS": value(100)}, {"VISITS": value(40)}) for one in months[:11]]
    shown = chart("VISITS", told, LAST, "vi", months, {"2026-11": value(90), "2026-12": value(80)})
    assert [row.before.drawn for row in shown.rows[9:]] == [40, 90, 80]
    cut = chart("VISITS", told, LAST, "vi", months)
    assert cut.rows[10].before.drawn is None, "the same dates of a month are no whole month"


def test_months_that_have_not_begun_are_empty_not_missing() -> None:
    shown = year([100] * 11)
    assert len(shown.rows) == 12 and shown.rows[11].now.text == "" and shown.rows[11].now.why == ""
    assert shown.missing == 0
    assert year([100, None, None]).missing == 9, "months that are over and that nobody told"


def test_numbers_and_names_are_the_reader_s() -> None:
    vietnamese, english = year([8120], [7980]), year([8120], [7980], "en")
    assert vietnamese.rows[0].now.text == "8.120" and english.rows[0].now.text == "8,120"
    assert (vietnamese.rows[0].short, vietnamese.rows[0].name) == ("T1", "Tháng 1/2026")
    assert vietnamese.names == ("2026", "2025") and vietnamese.rows[0].change == "+140"
    assert year([7980], [8120]).rows[0].change == "−140"


def test_a_year_from_before_kiosk_is_marked() -> None:
    month = months_in(YEAR)[0]
    own = Told(month, {"VISITS": value(90)}, {"VISITS": Value(80, own=True)})
    shown = chart("VISITS", [own], LAST, "vi")
    assert shown.own and shown.rows[0].before.own and shown.rows[0].before.small
    assert not year([90], [80]).own


def test_the_axis_begins_at_nought_unless_no_change_could_be_seen() -> None:
    assert axis_from([]) == axis_from([0]) == axis_from([0, 5]) == axis_from([400, 900]) == 0
    assert axis_from([6720, 9610]) == 5000
    shown = year([6720, 9610])
    assert shown.least_text == "5.000" and year([400, 900]).least_text == ""


@given(st.lists(st.one_of(st.integers(0, 10**9), st.decimals(0, 100, places=1)), min_size=1, max_size=40))
def test_the_axis_never_cuts_a_number_off(values: list[int | Decimal]) -> None:
    least = axis_from(values)
    assert 0 <= least <= min(values)
    assert least == 0 or (max(values) - least) * 4 >= max(values) - min(values)


@pytest.mark.parametrize(("spread", "step"), [(0, 1), (1, 1), (4, 2), (10, 5), (2890, 1000), (9000, 5000)])
def test_steps_of_the_grid_are_round(spread: int, step: int) -> None:
    assert nice_step(spread) == step
