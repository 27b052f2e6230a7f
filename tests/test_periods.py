"""Periods: every way to write one, and that they divide the calendar without gap or overlap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import UsageError
from kiosk.rules.period_texts import parse_period
from kiosk.rules.periods import (
    KINDS,
    Kind,
    Period,
    a_year_before,
    month_of,
    month_start,
    months_in,
    period_around,
    shifted,
    until,
)

days = st.dates(date(2001, 1, 1), date(2190, 12, 31))
years = st.integers(2001, 2190)
starts = st.integers(1, 28)
WRITTEN = [
    ("2026-11-21", 1, "day", "2026-11-21", "2026-11-21"),
    ("2026-W47", 1, "week", "2026-11-16", "2026-11-22"),
    ("2026-W53", 1, "week", "2026-12-28", "2027-01-03"),
    ("2026-11", 1, "month", "2026-11-01", "2026-11-30"),
    ("2026-11", 15, "month", "2026-10-15", "2026-11-14"),
    ("2026-01", 15, "month", "2025-12-15", "2026-01-14"),
    ("2026-Q4", 1, "quarter", "2026-10-01", "2026-12-31"),
    ("2026-Q1", 15, "quarter", "2025-12-15", "2026-03-14"),
    ("2026-01..2026-09", 1, "nine_months", "2026-01-01", "2026-09-30"),
    ("2026-01..2026-09", 15, "nine_months", "2025-12-15", "2026-09-14"),
    ("2026", 1, "year", "2026-01-01", "2026-12-31"),
    ("2026", 15, "year", "2025-12-15", "2026-12-14"),
    ("2026-02..2026-03", 1, "range", "2026-02-01", "2026-03-31"),
    ("2025-11..2026-02", 1, "range", "2025-11-01", "2026-02-28"),
    ("2026-11-01..2026-11-21", 1, "range", "2026-11-01", "2026-11-21"),
    ("2024-02-29..2024-02-29", 1, "range", "2024-02-29", "2024-02-29"),
]
WRONG = [
    "", "2026-13", "2026-00",
    "2026-02-30", "2026-W54", "2025-W53", "2026-W00", "2026-Q5", "26-11", "2026-1", "2026-11-",
    "2026-11..2026-10", "2026-11-21..2026-11-20", "2000-01-01..2026-01-01", "2026-11..2026-11-21", "1999", "2200",
    "2026-11\n2026", "２０２６", "2026-11; DROP TABLE", "2026 .. 2027", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "starts_on", "kind", "first", "last"), WRITTEN)
def test_a_period_is_written_and_read_back(text: str, starts_on: int, kind: Kind, first: str, last: str) -> None:
    found = parse_period(text, starts_on)
    assert (found.kind, found.first.isoformat(), found.last.isoformat()) == (kind, first, last)
    assert found.text == text and parse_period(f" {found.text}\n", starts_on) == found


def test_a_range_of_whole_months_is_called_by_its_shorter_name() -> None:
    assert parse_period("2026-10..2026-12").text == "2026-Q4"
    assert parse_period("2026-05..2026-05").text == "2026-05"
    assert parse_period("2026-01..2026-12").text == "2026"


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_period_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(text)
    assert len(str(refused.value)) < 300 and refused.value.hint


def divide(parts: list[Period], whole: Period) -> bool:
    """Whether the parts follow each other without gap or overlap and fill the whole."""
    ends = [whole.first - timedelta(days=1), *(one.last for one in parts)]
    follows = all(one.first == end + timedelta(days=1) for one, end in zip(parts, ends, strict=False))
    return follows and parts[-1].last == whole.last and sum(map(len, parts)) == len(whole)


@given(years, starts)
def test_months_divide_quarters_nine_months_and_years(year: int, starts_on: int) -> None:
    whole = parse_period(f"{year}", starts_on)
    quarters = [parse_period(f"{year}-Q{number}", starts_on) for number in range(1, 5)]
    assert divide(quarters, whole)
    assert divide(months_in(whole, starts_on), whole) and len(months_in(whole, starts_on)) == 12
    for quarter in quarters:
        assert divide(months_in(quarter, starts_on), quarter)
    nine = parse_period(f"{year}-01..{year}-09", starts_on)
    assert divide(quarters[:3], nine)


@given(st.sampled_from(KINDS), days, starts)
def test_every_day_lies_in_one_period_of_each_kind(kind: Kind, day: date, starts_on: int) -> None:
    here = period_around(kind, day, starts_on)
    if kind != "nine_months":
        assert day in here
    assert parse_period(here.text, starts_on) == here
    assert sum(1 for _ in here.days()) == len(here)
    before, after = shifted(here, -1, starts_on), shifted(here, 1, starts_on)
    assert before.kind == after.kind == kind
    if kind != "nine_months":
        assert before.last + timedelta(days=1) == here.first and here.last + timedelta(days=1) == after.first
    assert shifted(before, 1, starts_on) == here


@given(days, starts)
def test_a_month_begins_on_the_day_that_policy_says(day: date, starts_on: int) -> None:
    year, month = month_of(day, starts_on)
    start = month_start(year, month, starts_on)
    assert start.day == starts_on and start <= day < start + timedelta(days=31)


@given(days, st.integers(0, 3_000))
def test_any_range_goes_its_own_length_back(day: date, length: int) -> None:
    text = f"{day}..{min(day + timedelta(days=length), date(2190, 12, 31))}"
    here = parse_period(text)
    before = shifted(here, -1)
    assert len(before) == len(here) and before.last + timedelta(days=1) == here.first


def test_the_year_before_has_the_same_dates_and_a_week_the_same_name() -> None:
    def before(text: str, starts_on: int = 1) -> str | None:
        found = a_year_before(parse_period(text, starts_on), starts_on)
        return None if found is None else f"{found.first}..{found.last}"

    assert before("2026-11-21") == "2025-11-21..2025-11-21"
    assert before("2024-02-29") == "2023-02-28..2023-02-28"
    assert before("2024-02") == "2023-02-01..2023-02-28"
    assert before("2026-11", 15) == "2025-10-15..2025-11-14"
    assert before("2026-W47") == "2025-11-17..2025-11-23"
    assert before("2026-W53") is None
    assert before("2026-11-01..2026-11-21") == "2025-11-01..2025-11-21"


def test_a_period_that_is_not_over_is_cut_at_a_day() -> None:
    november = parse_period("2026-11")
    assert until(november, date(2026, 12, 5)) == november
    cut = until(november, date(2026, 11, 21))
    assert cut is not None and (cut.first, cut.last) == (november.first, date(2026, 11, 21))
    assert until(november, date(2026, 10, 31)) is None


def test_weeks_follow_each_other_over_the_turn_of_a_year() -> None:
    week = parse_period("2026-W51")
    weeks = [week]
    for _ in range(4):
        weeks.append(shifted(weeks[-1], 1))
    assert [one.text for one in weeks] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(weeks))
