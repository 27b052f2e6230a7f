"""The month-end rule: as DOMAIN.md words it, and released + HELD = recorded, always."""

from collections import Counter
from typing import Any

import pytest
from disclosure_model import Model
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.rules import disclosure as rule
from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import EMPTY, Books, Limits, Release, Window, month_end
from kiosk.rules.policy import parse_policy
from kiosk.rules.tallies import CHILDREN, MONTHLY, ROOTS, tally_rows
from tests.tries import tries

SMALL = Limits(2, 4, 4)
AGES = ("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P")
PICTURES = [("SEX_U", "AGE_UNK"), *((sex, age) for sex in ("SEX_F", "SEX_M") for age in AGES)]
INSIDE = st.sets(st.sampled_from(["GRP_ETHMIN", "GRP_DISAB", "GRP_OTHER", "GRP_POOR", "GRP_NEARPOOR"]), min_size=1)
GROUPS = st.one_of(
    st.sampled_from([{"GRP_NONE"}, {"GRP_U"}]), INSIDE.filter(lambda one: not {"GRP_POOR", "GRP_NEARPOOR"} <= one)
)
VISITS = st.builds(
    lambda first, picture, groups: Answers(first, *picture, frozenset(groups)),
    st.sampled_from(["FST_Y", "FST_N", "FST_U"]),
    st.sampled_from(PICTURES),
    GROUPS,
)
HISTORIES = st.lists(st.lists(VISITS, max_size=30), min_size=1, max_size=8)


def rows(visits: list[Answers], month: str = "2026-03") -> dict[tuple[str, str], int]:
    """What the tallies hold after these visits, the month taken off and the exact monthly ones left out."""
    counted: Counter[tuple[str, str]] = Counter()
    for visit in visits:
        for name, side in tally_rows(visit, month):
            table = name.removesuffix(f":{month}")
            if table not in MONTHLY:
                counted[table, side] += 1
    return dict(counted)


def months(history: list[list[Answers]], limits: Limits) -> tuple[Books, list[tuple[Release, ...]]]:
    """The books after all months of a history, and what each released."""
    books, issued = EMPTY, []
    for number, visits in enumerate(history, 1):
        books, released = month_end(books, rows(visits), f"2026-{number:02}", limits)
        issued.append(released)
    return books, issued


@settings(max_examples=tries(300), deadline=None)
@given(HISTORIES, st.sampled_from([SMALL, Limits(3, 12, 6), Limits()]))
def test_the_rule_does_what_a_plain_model_with_every_visit_in_it_does(
    history: list[list[Answers]], limits: Limits
) -> None:
    model = Model(limits)
    books, issued = months(history, limits)
    for visits, released in zip(history, issued, strict=True):
        assert [(one.table, one.yes, one.no) for one in released] == model.month(visits)
    for name, table in model.tables.items():
        window = books.windows.get(name, Window())
        assert (window.visits, window.since) == (len(table.window), table.since)


@settings(max_examples=tries(300), deadline=None)
@given(HISTORIES, st.sampled_from([SMALL, Limits(3, 12, 6), Limits()]))
def test_released_and_held_are_what_was_recorded_always(history: list[list[Answers]], limits: Limits) -> None:
    books, issued = months(history, limits)
    released: dict[str, Any] = {}
    for one in (one for month in issued for one in month):
        yes, no = released.get(one.table, (0, 0))
        released[one.table] = (yes + one.yes, no + one.no)
    recorded = rows([visit for visits in history for visit in visits])
    for table in rule.ORDER:
        window = books.windows.get(table, Window())
        if table in ROOTS:
            population = recorded.get((table, "yes"), 0) + recorded.get((table, "no"), 0)
        else:
            population = rule.handed_down(table, released)
        assert sum(released.get(table, (0, 0))) + window.visits == population
    for (child, waits_for), part in books.pending.items():
        side = CHILDREN[child][1] if waits_for in CHILDREN[child][0] else None
        if side is not None:
            assert sum(part) == getattr(books.windows[waits_for], side), "no answer is lost on its way to a child"


@settings(max_examples=tries(200), deadline=None)
@given(HISTORIES)
@example([[Answers(sex="SEX_F", age="AGE_31_59")] * 40])
def test_no_release_has_a_side_below_k_and_none_is_a_zero_or_everybody(history: list[list[Answers]]) -> None:
    _books, issued = months(history, SMALL)
    for number, released in enumerate(issued, 1):
        for one in released:
            assert min(one.yes, one.no) >= SMALL.k and one.last_day[:7] == f"2026-{number:02}" >= one.first_day[:7]


def single(*tests: tuple[int, int], limits: Limits | None = None) -> list[tuple[int, int]]:
    """What SEX releases after months with so many (women, men)."""
    history = [
        [Answers(sex="SEX_F", age="AGE_60P")] * yes + [Answers(sex="SEX_M", age="AGE_60P")] * no for yes, no in tests
    ]
    _books, issued = months(history, limits or Limits())
    return [(one.yes, one.no) for released in issued for one in released if one.table == "SEX"]


@pytest.mark.parametrize(
    ("tests", "released"),
    [
        ([(5, 15)], [(5, 15)]),
        ([(4, 16)], []),
        ([(16, 4)], []),
        ([(5, 14)], []),  # 19 visits are no test
        ([(5, 14), (0, 1)], [(5, 15)]),  # 20 are one, and its new visits are all twenty
        ([(20, 0), (0, 20)], [(20, 20)]),
        ([(20, 0), (20, 0), (0, 20)], [(40, 20)]),
        ([(100, 0), (0, 25)], [(100, 25)]),
        ([(25, 0), (0, 100), (10, 0)], [(25, 100)]),
        ([(4, 96), (20, 0)], []),  # (c): 24 of the smaller side, and only 20 visits are new
        ([(4, 96), (20, 0), (5, 25)], [(29, 121)]),
        ([(10, 10), (10, 10)], [(10, 10), (10, 10)]),  # the window starts empty again
    ],
)
def test_a_table_passes_by_a_b_and_c_alone(tests: list[tuple[int, int]], released: list[tuple[int, int]]) -> None:
    assert single(*tests) == released


def any_visits(first: str, yes: int, no: int, groups: set[str]) -> list[Answers]:
    some = Answers(first, groups=frozenset(groups))
    return [some] * yes + [Answers(first, groups=frozenset({"GRP_NONE"}))] * no


def test_a_child_counts_only_what_its_parent_has_released_and_both_roots_feed_one_table() -> None:
    poor, other = {"GRP_POOR"}, {"GRP_OTHER"}
    march = any_visits("FST_Y", 6, 15, poor) + any_visits("FST_N", 3, 30, other)
    books, (first,) = months([march], Limits())
    assert [one.table for one in first] == ["ANY_FIRST"]
    assert books.windows["POV"].visits == 6, "those of ANY_OTHER still wait"
    assert books.pending["POV", "ANY_OTHER"] == (0, 3) and books.pending["POOR", "POV"] == (6, 0)
    april = any_visits("FST_N", 4, 20, other)
    books, released = month_end(books, rows(april), "2026-04", Limits())
    assert [(one.table, one.yes, one.no) for one in released] == [("ANY_OTHER", 7, 50), ("POV", 6, 7)]
    assert released[1].first_day == "2026-01-01" and released[1].last_day == "2026-04-30"
    assert books.windows["POOR"] == Window("2026-01-01", 6, 0, 6)


def test_days_of_a_release_are_those_of_months_and_never_of_a_visit() -> None:
    women_and_men = [Answers(sex=sex, age="AGE_60P") for sex in ("SEX_F", "SEX_M") for _ in range(10)]
    _books, issued = months([[], women_and_men[:3], women_and_men], Limits())
    assert [(one.first_day, one.last_day) for one in issued[2] if one.table == "SEX"] == [("2026-02-01", "2026-03-31")]


def test_the_poverty_standard_changes_with_2027_and_only_then() -> None:
    assert (
        rule.versions("POV", "2026-12") == "GRP-1 ND07-2021" and rule.versions("POV", "2027-01") == "GRP-1 ND351-2025"
    )
    assert rule.versions("SEX", "2026-12") == rule.versions("SEX", "2027-01") == "SEX-1"
    assert [
        month for month in (f"{y}-{m:02}" for y in (2026, 2027) for m in range(1, 13)) if rule.codes_change(month)
    ] == ["2026-12"]


def test_everything_that_the_proof_rests_on_is_in_the_fingerprint() -> None:
    known = {
        rule.fingerprint(limits, site)
        for limits in (Limits(), Limits(6, 24, 12), Limits(5, 21, 10), Limits(5, 20, 11))
        for site in ("TH-1", "TH-2")
    }
    assert len(known) == 8
    assert Limits.of(parse_policy({}).disclosure) == Limits(5, 20, 10)
