"""The attacker by brute force: visits have names, nobody is taken for exchangeable, every set of colluders is tried.

Small, and slow for its size; it vouches for the shortcut of disclosure_attacker.py by finding the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

import pytest
from disclosure_attacker import CODES, Step, World, attack, group_kinds, months, new_rows, the_rule

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import Limits

SEXES = (Answers(sex="SEX_F", age="AGE_31_59"), Answers(sex="SEX_M", age="AGE_31_59"))
AGES = tuple(Answers(sex="SEX_F", age=age) for age in ("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P"))


def complements(state: Any, rows: Any, month: int) -> tuple[Any, Any]:
    """DOMAIN.md's broken rule: a month's two sides are told where each is 0 or at least k (here 2)."""
    yes, no = rows.get(("SEX", "yes"), 0), rows.get(("SEX", "no"), 0)
    return None, (yes, no) if all(side == 0 or side >= 2 for side in (yes, no)) else None


def publications(sizes: Sequence[int], kinds: Sequence[Answers], step: Step) -> dict[Any, list[tuple[int, ...]]]:
    """All histories (the kind of every visit by its number) by what they publish."""
    added = [new_rows(kind) for kind in kinds]
    told: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for history in product(range(len(kinds)), repeat=sum(sizes)):
        state, published, begin = None, [], 0
        for number, size in enumerate(sizes):
            rows: Counter[tuple[str, str]] = Counter()
            for kind in history[begin : begin + size]:
                rows.update(added[kind])
            state, out = step(state, rows, number)
            published.append(out)
            begin += size
        told[tuple(published)].append(history)
    return told


def pinned(histories: list[tuple[int, ...]], kinds: Sequence[Answers], colluders: int) -> Iterator[str]:
    """Answers of single visits that are the same in all of these histories, to so many colluders."""
    codes = [code for code, has in CODES.items() if {has(kind) for kind in kinds} == {True, False}]
    bits = [sum(1 << 2 * i + CODES[code](kind) for i, code in enumerate(codes)) for kind in kinds]
    whole = (1 << 2 * len(codes)) - 1
    visits = range(len(histories[0]))
    for group in combinations(visits, colluders):
        masks: dict[tuple[int, ...], list[int]] = {}
        for history in histories:
            mask = masks.setdefault(tuple(history[visit] for visit in group), [0] * len(visits))
            for visit in visits:
                mask[visit] |= bits[history[visit]]
        for known, mask in masks.items():
            yield from (
                f"visit {v}, colluders {group} are {known}" for v in visits if v not in group and mask[v] != whole
            )


WORLDS = [
    ("one table, k=2, tests of 4, 4 and 4", (4, 4, 4), SEXES, Limits(2, 4, 4), 0),
    ("one table, k=2, months of 1 to 6", (1, 6, 3, 2), SEXES, Limits(2, 4, 4), 0),
    ("one table, k=3, tests of 6 and 6", (6, 6), SEXES, Limits(3, 6, 6), 1),
    ("one table, k=3, tests of 7 and 6", (7, 6), SEXES, Limits(3, 6, 6), 1),
    ("ages, k=2, tests of 4 and 4", (4, 4), AGES, Limits(2, 4, 4), 0),
    ("ages, k=2, a test of 8", (8,), AGES, Limits(2, 8, 4), 0),
    ("two groups in ANY, k=2, a test of 7", (7,), group_kinds(poverty=False), Limits(2, 4, 4), 0),
    ("POV and POOR in ANY, k=2, a test of 8", (8,), group_kinds(overlapping=()), Limits(2, 4, 4), 0),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sizes", "kinds", "limits", "colluders"), WORLDS, ids=[world[0] for world in WORLDS])
def test_no_visit_by_name_is_pinned(
    name: str, sizes: tuple[int, ...], kinds: tuple[Answers, ...], limits: Limits, colluders: int
) -> None:
    told = publications(sizes, kinds, the_rule(limits))
    print(f"\n  {name}: {len(kinds) ** sum(sizes)} histories, {len(told)} publications, {colluders} colluders", end="")
    assert len(told) > 1, "a world in which nothing is ever told proves nothing"
    assert [found for histories in told.values() for found in pinned(histories, kinds, colluders)] == []


def test_the_control_a_rule_of_complements_is_broken_by_the_same_attacker() -> None:
    told = publications((4, 4), SEXES, complements)
    broken = [one for one, histories in told.items() if any(pinned(histories, SEXES, 0))]
    assert len(broken) > len(told) / 2, "everybody or nobody is told as such"


@pytest.mark.parametrize("step", [the_rule(Limits(2, 4, 4)), complements], ids=["the rule", "the control"])
@pytest.mark.parametrize("colluders", [0, 1])
def test_the_attacker_with_the_shortcut_pins_in_as_many_publications(step: Step, colluders: int) -> None:
    told = publications((5, 4), SEXES, step)
    by_name = {one for one, histories in told.items() if any(pinned(histories, SEXES, colluders))}
    found = attack(World("the same", months((5, 4), SEXES), colluders), step)
    assert bool(by_name) == bool(found.pinned)
    if not colluders:
        assert (len(by_name), len(told)) == (found.pinned, found.publications)
