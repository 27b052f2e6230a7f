"""Several tables at once: ages, overlapping groups, two roots feeding one child, all questions of one visit together.

WORLDS is the list of what was enumerated to its end; each prints its counts. Not finished, for size: POV, POOR, ETHMIN
and DISAB together over two months of more than 6 + 4 visits; three overlapping groups at k = 5 (20 visits of 9 kinds
with 3 colluders); all groups at k = 3 over two months with POOR; all 13 combinations of groups crossed with all
pictures. For these stands the proof in rules/disclosure.py, whose two steps are enumerated: single tables
(test_disclosure_attacker_single.py), and tables together telling no more than each alone (here).
"""

from typing import Any

import pytest
from disclosure_attacker import Block, Step, World, attack, group_kinds, months, report, the_rule

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import Limits

AGES = tuple(Answers(sex="SEX_F", age=age) for age in ("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P"))
# POV as a group among groups: three overlapping at once, 8 combinations inside ANY.
THREE = tuple(kind for kind in group_kinds() if "GRP_NEARPOOR" not in kind.groups)
ALL_QUESTIONS = tuple(
    Answers(first="FST_Y", sex=sex, age=age, groups=frozenset({group}))
    for sex in ("SEX_F", "SEX_M")
    for age in ("AGE_31_59", "AGE_60P", "AGE_U16")
    for group in ("GRP_NONE", "GRP_ETHMIN", "GRP_OTHER")
)


def two_roots(first: int, other: int, poverty: bool) -> tuple[tuple[Block, ...], ...]:
    """One month: first-timers and others, whom the published counts tell apart."""
    return ((Block(first, group_kinds("FST_Y", poverty)), Block(other, group_kinds("FST_N", poverty))),)


WORLDS = [
    # B as in the policy's proportion (4k, 2k)
    (World("ages, 8 and 8", months((8, 8), AGES), 0), Limits(2, 8, 4)),
    (World("ages, 12", months((12,), AGES), 1), Limits(3, 12, 6)),
    (World("ages, 20", months((20,), AGES), 3), Limits(5, 20, 10)),
    (World("POV, POOR, ETHMIN, DISAB, 8", months((8,), group_kinds()), 0), Limits(2, 8, 4)),
    (World("three overlapping groups, 12", months((12,), THREE), 1), Limits(3, 12, 6)),
    (World("ETHMIN and DISAB, 20", months((20,), group_kinds(poverty=False)), 3), Limits(5, 20, 10)),
    # B of roots lowered to 2k, so that more is told in worlds of the same size
    (World("ages, 6, 6 and 4", months((6, 6, 4), AGES), 0), Limits(2, 4, 4)),
    (World("ages, 8 and 8", months((8, 8), AGES), 1), Limits(3, 6, 6)),
    (World("POV, POOR, ETHMIN, DISAB, 6 and 4", months((6, 4), group_kinds()), 0), Limits(2, 4, 4)),
    (World("POV, POOR, ETHMIN, DISAB, 9", months((9,), group_kinds()), 1), Limits(3, 6, 6)),
    (World("three overlapping groups, 6 and 5", months((6, 5), THREE), 0), Limits(2, 4, 4)),
    (World("POV and POOR, 6, 4 and 5", months((6, 4, 5), group_kinds(overlapping=())), 0), Limits(2, 4, 4)),
    (World("ETHMIN and DISAB, 8 and 6", months((8, 6), group_kinds(poverty=False)), 1), Limits(3, 6, 6)),
    (World("ETHMIN and DISAB, 6, 4 and 4", months((6, 4, 4), group_kinds(poverty=False)), 0), Limits(2, 4, 4)),
    (World("two roots with POV, POOR, ETHMIN, DISAB, 4 + 4", two_roots(4, 4, True), 0), Limits(2, 4, 4)),
    (World("two roots with ETHMIN, DISAB, 8 + 8", two_roots(8, 8, False), 1), Limits(3, 6, 6)),
    (World("two roots with ETHMIN, twice 5 + 4", tuple(
        tuple(Block(size, group_kinds(first, False, ("ETHMIN",))) for size, first in ((5, "FST_Y"), (4, "FST_U")))
        for _month in range(2)), 0), Limits(2, 4, 4)),
    (World("sex, age and groups jointly, 6", months((6,), ALL_QUESTIONS), 0), Limits(2, 4, 4)),
    (World("sex, age and groups jointly, 7", months((7,), ALL_QUESTIONS[:12]), 1), Limits(3, 6, 6)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize(("world", "limits"), WORLDS, ids=[f"{one.name}, k={limits.k}" for one, limits in WORLDS])
def test_no_answer_of_a_single_visit_is_the_same_in_all_histories(world: World, limits: Limits) -> None:
    assert world.colluders == limits.k - 2
    ((_world, found),) = report(iter([(world, attack(world, the_rule(limits)))]))
    assert found.publications > 1 and found.pinned == 0, found.example


def impatient(limits: Limits) -> Step:
    """The rule, with children that count at once and do not wait for the release of their parent's window."""
    rule = the_rule(limits)

    def step(state: Any, rows: Any, month: int) -> tuple[Any, Any]:
        return rule(state, {(name.partition("@")[0], side): count for (name, side), count in rows.items()}, month)

    return step


def test_the_control_children_that_do_not_wait_for_their_parent_tell_who_is_in_any() -> None:
    """A child's release tells how many are in ANY; where that is everybody, everybody is pinned."""
    world = World("ETHMIN and DISAB, 8", months((8,), group_kinds(poverty=False)), 0)
    assert attack(world, the_rule(Limits(2, 8, 4))).pinned == 0
    found = attack(world, impatient(Limits(2, 8, 4)))
    print(f"\n  {world.name}, not waiting: {found}")
    assert found.pinned > 0 and "ANY" in found.example
