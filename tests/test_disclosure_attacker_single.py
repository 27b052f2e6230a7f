"""One table after many tests: no visit's answer is the same in all histories, also not to k-2 colluders anywhere.

Finished: k = 2 with every row of three or four tests of 4 to 9 visits; k = 3 with one colluder in any block; k = 5 with
the real B of roots (20) and children (10), three colluders spread over the blocks in every way, up to four tests, also
where months are smaller than a test. Then the controls: rules that the same attacker breaks.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from disclosure_attacker import Found, Rows, Step, World, attack, months, one_table, report, the_rule

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import Limits, Window

SEXES = (Answers(sex="SEX_F", age="AGE_31_59"), Answers(sex="SEX_M", age="AGE_31_59"))


def world(sizes: Sequence[int], colluders: int) -> World:
    return World(f"months of {' '.join(map(str, sizes))}", months(sizes, SEXES), colluders)


def attacks(all_sizes: Sequence[Sequence[int]], colluders: int, step: Step) -> list[tuple[World, Found]]:
    def one_by_one() -> Iterator[tuple[World, Found]]:
        for sizes in all_sizes:
            yield world(sizes, colluders), attack(world(sizes, colluders), step)

    return report(one_by_one())


def check(results: list[tuple[World, Found]]) -> None:
    assert [(world.name, found.example) for world, found in results if found.pinned] == []
    assert sum(found.publications for _world, found in results) > len(results), "something was released"


@pytest.mark.slow
def test_k_2_with_every_row_of_tests() -> None:
    check(
        attacks(
            list(product((4, 5, 9), repeat=4)) + list(product(range(4, 9), repeat=3)), 0, one_table(Limits(2, 4, 4))
        )
    )


@pytest.mark.slow
def test_k_3_with_one_colluder_anywhere() -> None:
    check(attacks([*product((6, 7, 13), repeat=3), (2, 5, 1, 6, 8), (6, 6, 6, 6)], 1, one_table(Limits(3, 6, 6))))


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    "sizes",
    [
        (20, 20, 20, 20), (20, 33, 21), (60, 20, 20), (20, 60, 20), (20, 21), (7, 13, 20), (19, 1, 18, 2),
        (1, 1, 30, 4, 16),
    ],
    ids=str,
)  # fmt: skip
def test_a_root_at_k_5_with_three_colluders_in_any_blocks(sizes: tuple[int, ...]) -> None:
    check(attacks([sizes], 3, one_table(Limits())))


@pytest.mark.slow
@pytest.mark.parametrize(
    "sizes", [(10, 10, 10, 10), (10, 31, 12), (31, 10, 10), (10, 10, 40), (5, 5, 9, 1, 10)], ids=str
)
def test_a_child_at_k_5_with_three_colluders_in_any_blocks(sizes: tuple[int, ...]) -> None:
    """Its blocks are what each month's end handed down; B is 10. Played as a root, whose code is the same."""
    check(attacks([sizes], 3, one_table(Limits(5, 10, 10))))


def test_the_table_alone_publishes_what_it_publishes_among_all_tables() -> None:
    sizes = world((4, 6, 5), 0)
    alone, whole = attack(sizes, one_table(Limits(2, 4, 4))), attack(sizes, the_rule(Limits(2, 4, 4)))
    assert alone.publications == whole.publications and alone.pinned == whole.pinned == 0


# -- controls: what the same attacker breaks


def sides(rows: Rows) -> tuple[int, int]:
    return rows.get(("SEX", "yes"), 0), rows.get(("SEX", "no"), 0)


def plain_threshold(state: Any, rows: Rows, month: int) -> tuple[Any, Any]:
    """A side is told where it is at least k."""
    return None, tuple(side if side >= 2 else None for side in sides(rows))


def complements(state: Any, rows: Any, month: int) -> tuple[Any, Any]:
    """Both sides are told where each is 0 or at least k."""
    return None, sides(rows) if all(side == 0 or side >= 2 for side in sides(rows)) else None


def without_c(state: Any, rows: Any, month: int) -> tuple[Any, Any]:
    """The rule without (c) and without B: a window goes out as soon as both of its sides are at least k."""
    window = (state or Window()).add(sides(rows), "")
    if min(window.yes, window.no) >= 2:
        return None, (window.yes, window.no)
    return window, None


@pytest.mark.parametrize(
    ("step", "sizes"),
    [(plain_threshold, (4, 4)), (complements, (4, 4)), (without_c, (8, 4)), (without_c, (1, 1, 1, 1, 1))],
    ids=["plain threshold", "complements", "without (c)", "without B"],
)
def test_the_control_other_rules_are_broken(step: Step, sizes: tuple[int, ...]) -> None:
    results = attacks([sizes], 0, step)
    assert results[0][1].pinned > 0 and results[0][1].example


def test_the_control_k_minus_1_colluders_may_pin_another_as_the_readme_says() -> None:
    assert attacks([(8, 4)], 0, one_table(Limits(2, 4, 4)))[0][1].pinned == 0
    assert attacks([(8, 4)], 1, one_table(Limits(2, 4, 4)))[0][1].pinned > 0
