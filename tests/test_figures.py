"""The formulas of DOMAIN.md, "Figures": small bases, ranges, months and years, and that parts sum to the whole."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.export.bundle import body
from kiosk.rules.figures import (
    Change,
    Day,
    Effect,
    Usage,
    add_up,
    change,
    comparable,
    day_line,
    day_state,
    growth,
    hours,
    month_active,
    use_rate,
    users,
    year_effective,
)
from kiosk.rules.indicators import ANSWERS, ENDS, INDICATORS
from kiosk.rules.tallies import CHILDREN, ROOTS
from kiosk.store import Store, usage

counts = st.integers(0, 5_000)
totals = st.dictionaries(
    st.sampled_from(["visits", "seconds", "minutes", "open_seconds", "internet_seconds", "planned_minutes", "boots"]),
    st.integers(0, 90_000),
)
days = st.one_of(
    st.builds(Day, st.none(), planned=st.booleans()),
    st.builds(lambda one: Day(day_line(one), {"idle": one.get("visits", 0)}), totals),
)


@pytest.mark.parametrize(
    ("first", "been", "unknown", "value", "low", "high", "estimated"),
    [
        (0, 0, 0, 0, 0, 0, False),
        (7, 12, 30, 7, 7, 37, False),  # 19 answers: no estimate
        (7, 13, 30, 18, 7, 37, True),  # 20 answers: 7 + 30 x 7/20 = 17.5, halves up
        (300, 700, 264, 379, 300, 564, True),  # 300 + 264 x 0.3 = 379.2
        (0, 20, 9, 0, 0, 9, True),
        (20, 0, 9, 29, 20, 29, True),
    ],
)
def test_users_are_estimated_only_on_twenty_answers(
    first: int, been: int, unknown: int, value: int, low: int, high: int, estimated: bool
) -> None:
    found = users(first, been, unknown)
    assert (found.value, found.low, found.high, found.estimated) == (value, low, high, estimated)


@given(counts, counts, counts)
def test_the_estimate_lies_in_its_range(first: int, been: int, unknown: int) -> None:
    found = users(first, been, unknown)
    assert found.low == first <= found.value <= found.high == first + unknown


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (110, 100, Change("same")),  # 10 <= 2 x sqrt(210) = 29.0
        (129, 100, Change("same")),  # 29 <= 2 x sqrt(229) = 30.3
        (131, 100, Change("up", Decimal("31.0"))),  # 31 > 2 x sqrt(231) = 30.4
        (70, 100, Change("down", Decimal("-30.0"))),  # 30 > 2 x sqrt(170) = 26.1
        (150, 99, Change("up")),  # a base of 99: the arrow, and no percentage
        (0, 0, Change("same")),
        (4, 0, Change("same")),  # 4 <= 2 x sqrt(4)
        (5, 0, Change("up")),
        (None, 100, Change("unknown")),
        (100, None, Change("unknown")),
    ],
)
def test_a_change_is_said_only_as_far_as_it_means_something(now: int | None, before: int | None, said: Change) -> None:
    assert change(now, before, 100) == said


@given(counts, counts, st.sampled_from([30, 100]))
def test_no_percentage_without_an_arrow_or_on_a_small_base(now: int, before: int, base: int) -> None:
    said = change(now, before, base)
    if said.percent is not None:
        assert before >= base and said.trend in ("up", "down") and (now - before) ** 2 > 4 * (now + before)
    assert (growth(now, before, base) is None) == (before < base)


@given(st.lists(days, max_size=40), st.data())
def test_parts_sum_to_the_whole_however_they_are_cut(whole: list[Day], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(whole)))
    one, two, all_of_it = add_up(whole[:cut]), add_up(whole[cut:]), add_up(whole)
    for name in ("days", "planned", "opened", "working", "reported", "missing"):
        assert getattr(one, name) + getattr(two, name) == getattr(all_of_it, name)
    for name in day_line({}):
        assert one[name] + two[name] == all_of_it[name]
    assert all_of_it.working <= all_of_it.opened <= all_of_it.reported <= all_of_it.planned <= all_of_it.days


def test_missing_is_not_zero() -> None:
    nothing = add_up([Day(None), Day(None, planned=False)])
    assert not nothing.known and (nothing.planned, nothing.reported, nothing.missing) == (1, 0, 2)
    assert add_up([Day(day_line({"planned_minutes": 240}))]).known
    assert not Usage().known and use_rate(nothing) is None


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (None, "missing"),
        ({}, "closed"),
        ({"planned_minutes": 240}, "off"),
        ({"planned_minutes": 240, "boots": 1}, "counted"),
        ({"open_seconds": 3_600}, "counted"),
    ],
)
def test_a_day_says_why_it_has_no_number(line: dict[str, int] | None, state: str) -> None:
    assert day_state(None if line is None else day_line(line)) == state


def test_hours_and_rates_round_halves_up() -> None:
    assert [hours(seconds, 3600) for seconds in (0, 179, 180, 540)] == [
        Decimal(one) for one in ("0.0", "0.0", "0.1", "0.2")
    ]
    # 300 minutes in service, 150.15 of them used: 50.05 %
    assert use_rate(Usage({"open_minutes": 300, "seconds": 9_009})) == Decimal("50.1")


def month(planned: int, opened: int, working: int, visits: int, reported: int | None = None) -> Usage:
    """A month's sums."""
    seen = planned if reported is None else reported
    return Usage({"visits": visits}, planned=planned, opened=opened, working=working, reported=seen, days=31)


@pytest.mark.parametrize(
    ("usage", "effect"),
    [
        (month(26, 13, 7, 10), "yes"),
        (month(26, 12, 12, 99), "no"),  # open on less than half the planned days
        (month(26, 13, 6, 99), "no"),  # a working PC on less than half the open days
        (month(26, 26, 26, 9), "no"),  # nine visits
        (month(26, 0, 0, 0, reported=0), "no_report"),
        (month(0, 0, 0, 0), "no_report"),
    ],
)
def test_a_month_is_active_by_three_halves_and_ten_visits(usage: Usage, effect: Effect) -> None:
    assert month_active(usage) == effect


@pytest.mark.parametrize(
    ("months", "effect"),
    [
        ([], None),
        (["yes"] * 9 + ["no"] * 3, "yes"),
        (["yes"] * 8 + ["no"] * 4, "no"),
        (["yes"] * 3 + ["no_report"], "yes"),
        (["yes"] * 2 + ["no_report"], "no"),
        (["no_report"] * 5, "no_report"),
    ],
)
def test_a_year_is_effective_by_three_quarters_of_its_months(months: Iterable[Effect], effect: Effect | None) -> None:
    assert year_effective(months) == effect


def test_years_are_compared_only_where_both_have_reported_enough() -> None:
    full, four_fifths, less = month(100, 0, 0, 0), month(100, 0, 0, 0, 80), month(100, 0, 0, 0, 79)
    assert comparable(full, four_fifths) and comparable(four_fifths, full)
    assert not comparable(full, less) and not comparable(less, full) and not comparable(full, month(0, 0, 0, 0))


def test_a_day_is_the_same_to_the_report_and_to_the_bundle(tmp_path: Path) -> None:
    kept = {"visits": 3, "too_short": 1, "seconds": 4_000, "minutes": 68, "open_seconds": 100_000, "boots": 2}
    kept |= {"internet_seconds": 3_659, "extensions": 2, "assisted": 1, "unclean": 1, "planned_minutes": 480}
    with Store(tmp_path / "kiosk.db") as store:
        store.run(usage.add, "2026-11-21", kept)
        line = store.run(body, "2026-11-21")[0]
        told = store.run(usage.totals, "2026-11-21")
    assert {"kind": "day", **day_line(told)} == line
    assert line["open_minutes"] == 1_440 and line["internet_minutes"] == 60


def test_every_definition_is_whole_and_answers_name_tables_that_exist() -> None:
    for one in INDICATORS.values():
        assert one.label and one.formula.endswith(".") and one.source and one.version
        assert one.formula.format(**(one.values or {}))
    tables = {table for parts in ANSWERS.values() for part in parts for table in part.tables}
    assert tables < set(ROOTS) | set(CHILDREN) and "GRP_OTHER" not in {
        p.code for parts in ANSWERS.values() for p in parts
    }
    assert set(ENDS) == {"signed_out", "time_up", "idle", "closing", "manager", "power", "fault"}
