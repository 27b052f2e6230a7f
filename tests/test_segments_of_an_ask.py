"""The days that an ask needs are cut into reported months and what of them lies in it; none is lost or doubled."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.spans import Segment, all_of, cut, segments_of, spans_of, whole_months
from kiosk.rules.periods import days_period, month_of, months_period

days = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@given(days, st.integers(0, 800), st.integers(1, 28))
def test_segments_cover_every_day_once_and_none_crosses_a_reported_month(
    first: date, length: int, starts_on: int
) -> None:
    span = days_period(first, first + timedelta(length))
    segments = segments_of(span, starts_on)
    assert [day for one in segments for day in days_period(one.first, one.last).days()] == list(span.days())
    assert all(month_of(one.first, starts_on) == month_of(one.last, starts_on) for one in segments)
    assert set(whole_months(span, starts_on)) <= set(segments)


def test_a_whole_calendar_month_is_known_as_one() -> None:
    assert Segment(date(2024, 2, 1), date(2024, 2, 29)).month
    assert not Segment(date(2024, 2, 1), date(2024, 2, 28)).month
    assert not Segment(date(2024, 1, 15), date(2024, 2, 14)).month
    assert not Segment(date(2024, 1, 1), date(2024, 2, 29)).month


def test_users_are_asked_to_the_end_of_the_last_month_in_both_years_wherever_months_begin() -> None:
    ask = Ask(months_period((2026, 1), (2026, 12), 15), date(2026, 8, 20), starts_on=15)
    spans = spans_of(ask)
    now, year, before = spans["now"], spans["year"], spans["year_before"]
    assert now is not None and (now.first, now.last) == (date(2025, 12, 15), date(2026, 8, 19))
    assert year is not None and (year.first, year.last) == (date(2026, 1, 1), date(2026, 7, 31))
    assert before is not None and (before.first, before.last) == (date(2025, 1, 1), date(2025, 7, 31))
    cuts = cut(spans, 15)
    assert [one.month for one in cuts["year"]] == [True] * 7 and not any(one.month for one in cuts["now"])
    assert len(all_of(cuts.values())) == len({one for some in cuts.values() for one in some})


def test_in_january_no_month_of_the_year_is_over_and_before_a_period_there_is_nothing() -> None:
    spans = spans_of(Ask(months_period((2026, 1), (2026, 12)), date(2026, 1, 31)))
    assert spans["year"] is None and spans["year_before"] is None and spans["now"] is not None
    assert spans_of(Ask(months_period((2026, 1), (2026, 12)), date(2026, 2, 1)))["year"] is not None
    later = spans_of(Ask(months_period((2026, 1), (2026, 12)), date(2025, 12, 31)))
    assert set(later.values()) == {None}
