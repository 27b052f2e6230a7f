"""The attacker of DOMAIN.md, Disclosure: everything that was published, the algorithm, and k-2 visitors' own answers.

A world is some months; a month some *blocks* of visits that nothing published tells apart (the attacker even knows who
answered which question, and who is here for the first time: more than is published). For every way in which the
colluders may stand in blocks and have answered, all histories of the others are played through the algorithm, as sets
of reachable states: a state is what the station keeps and what it has published, and with it goes a mask: which block
may have somebody who is, and somebody who is not, of each code. At the end a publication whose mask has a hole pins the
answer of a visit. Visits of one block are exchangeable, so that one may be means that each may be
(test_disclosure_attacker_labelled.py does without that).
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import Any

from kiosk.rules.answers import TARGET_GROUPS, Answers
from kiosk.rules.disclosure import EMPTY, Books, Limits, Window, month_end
from kiosk.rules.tallies import MONTHLY, tally_rows

CODES: dict[str, Callable[[Answers], bool]] = {
    "SEX_F": lambda a: a.sex == "SEX_F",
    **{age: lambda a, age=age: a.age == age for age in ("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P")},
    "ANY": lambda a: bool(a.groups & TARGET_GROUPS),
    **{g: lambda a, g=g: g in a.groups for g in ("GRP_POOR", "GRP_NEARPOOR", "GRP_ETHMIN", "GRP_DISAB")},
}  # type: ignore[misc]

Rows = Mapping[tuple[str, str], int]
Step = Callable[[Any, Rows, int], tuple[Hashable, Hashable]]  # state, new rows, month -> state, what is published


@dataclass(frozen=True)
class Block:
    """`size` visits of one month, each of one of these kinds."""

    size: int
    kinds: tuple[Answers, ...]


@dataclass(frozen=True)
class World:
    """What is enumerated. `colluders`: how many visitors pool what they know."""

    name: str
    months: tuple[tuple[Block, ...], ...]
    colluders: int


@dataclass
class Found:
    """What an attack has looked at, and the answers that it pinned (the first few)."""

    configurations: int = 0
    publications: int = 0
    states: int = 0
    pinned: int = 0
    example: str = ""

    def __str__(self) -> str:
        told = f"{self.configurations} ways to collude, {self.publications} publications, {self.states} states"
        return f"{told}, {self.pinned} pinned" + (f": {self.example}" if self.pinned else "")


def groups(*codes: str, first: str = "FST_Y") -> Answers:
    """A visit that answered question 3."""
    return Answers(first, groups=frozenset(codes))


def group_kinds(
    first: str = "FST_Y", poverty: bool = True, overlapping: Sequence[str] = ("ETHMIN", "DISAB")
) -> tuple[Answers, ...]:
    """NONE, and every combination of groups inside ANY; OTHER where there is no other."""
    kinds = [groups("GRP_NONE", first=first)]
    for pov in ("", "GRP_POOR", "GRP_NEARPOOR") if poverty else ("",):
        for chosen in product((False, True), repeat=len(overlapping)):
            codes = [f"GRP_{code}" for code, on in zip(overlapping, chosen, strict=True) if on]
            kinds.append(groups(*filter(None, [pov, *codes]), *([] if pov or codes else ["GRP_OTHER"]), first=first))
    return tuple(kinds)


def new_rows(kind: Answers) -> Counter[tuple[str, str]]:
    """What one visit adds to the tables, by the station's own code."""
    rows = ((table.removesuffix(":2026-01"), side) for table, side in tally_rows(kind, "2026-01"))
    return Counter(row for row in rows if row[0] not in MONTHLY)


def the_rule(limits: Limits) -> Step:
    """The station's own month end."""

    def step(state: Any, rows: Rows, month: int) -> tuple[Hashable, Hashable]:
        windows, pending = state or ((), ())
        books = Books(dict(windows), dict(pending)) if state else EMPTY
        books, issued = month_end(books, rows, f"{2026 + month // 12}-{month % 12 + 1:02}", limits)
        kept = (frozenset(books.windows.items()), frozenset(books.pending.items()))
        return kept, tuple((one.table, one.yes, one.no) for one in issued)

    return step


def one_table(limits: Limits) -> Step:
    """The month end of the root SEX alone: the same code of its window, without the other tables, for speed."""

    def step(state: Any, rows: Rows, month: int) -> tuple[Hashable, Hashable]:
        window: Window = (state or Window()).add((rows.get(("SEX", "yes"), 0), rows.get(("SEX", "no"), 0)), "")
        if window.since < limits.root:
            return window, None
        if window.passes(limits.k):
            return None, (window.yes, window.no)
        return Window("", window.yes, window.no, 0), None

    return step


def attack(world: World, step: Step) -> Found:
    """Every way to collude, every history of the others."""
    found = Found()
    seats = [
        (m, b, kind) for m, month in enumerate(world.months) for b, block in enumerate(month) for kind in block.kinds
    ]
    codes = _codes(world)
    for colluders in combinations_with_replacement(seats, world.colluders):
        taken = Counter((m, b) for m, b, _kind in colluders)
        if any(world.months[m][b].size < count for (m, b), count in taken.items()):
            continue
        found.configurations += 1
        _play(world, step, codes, Counter(colluders), found)
    return found


def _codes(world: World) -> list[str]:
    """The codes that some visit may have and some may not."""
    kinds = {kind for month in world.months for block in month for kind in block.kinds}
    return [code for code, has in CODES.items() if {has(kind) for kind in kinds} == {True, False}]


def _play(world: World, step: Step, codes: list[str], colluders: Mapping[Any, int], found: Found) -> None:
    reached: dict[tuple[Any, tuple[Hashable, ...]], int] = {(None, ()): 0}
    whole, place = 0, 0
    for number, month in enumerate(world.months):
        options: list[tuple[tuple[int, ...], int]] = [((), 0)]
        for b, block in enumerate(month):
            own = {kind: count for (m, at, kind), count in colluders.items() if (m, at) == (number, b)}
            some, full = _block(block, own, codes, place)
            place += 2 * len(codes)
            whole |= full
            options = [(one + (other,), mask | more) for one, mask in options for other, more in some]  # type: ignore[misc,operator]
        months = [(_sum(parts), mask) for parts, mask in options]  # type: ignore[arg-type]
        after: dict[tuple[Any, tuple[Hashable, ...]], int] = {}
        for (state, told), mask in reached.items():
            for rows, more in months:
                kept, published = step(state, rows, number)
                key = (kept, (*told, published))
                after[key] = after.get(key, 0) | mask | more
        reached = after
    found.states += len(reached)
    by_publication: dict[tuple[Hashable, ...], int] = {}
    for (_state, told), mask in reached.items():
        by_publication[told] = by_publication.get(told, 0) | mask
    found.publications += len(by_publication)
    for told, mask in by_publication.items():
        holes = whole & ~mask
        if holes:
            found.pinned += 1
            found.example = found.example or _words(world, codes, holes, told, colluders)


def _block(
    block: Block, own: Mapping[Answers, int], codes: list[str], place: int
) -> tuple[list[tuple[Rows, int]], int]:
    """(rows, mask) of everything that a block's visits may add, one visit after another; and the mask to fill."""
    start: Counter[tuple[str, str]] = Counter()
    for kind, count in own.items():
        for row, one in new_rows(kind).items():
            start[row] += one * count
    free = block.size - sum(own.values())
    marks = [
        (new_rows(kind), sum(1 << place + 2 * i + CODES[code](kind) for i, code in enumerate(codes)))
        for kind in block.kinds
    ]
    full = 0
    for _rows, mark in marks if free else ():
        full |= mark
    reached: dict[frozenset[tuple[tuple[str, str], int]], int] = {frozenset(start.items()): 0}
    for _visit in range(free):
        after: dict[frozenset[tuple[tuple[str, str], int]], int] = {}
        for rows, mask in reached.items():
            for more, mark in marks:
                key = frozenset((Counter(dict(rows)) + more).items())
                after[key] = after.get(key, 0) | mask | mark
        reached = after
    return [(dict(rows), mask) for rows, mask in reached.items()], full


def _sum(parts: Iterable[Rows]) -> Rows:
    total: Counter[tuple[str, str]] = Counter()
    for part in parts:
        total.update(part)
    return dict(total)


def _words(world: World, codes: list[str], holes: int, told: object, colluders: Mapping[Any, int]) -> str:
    blocks = [(m + 1, b + 1) for m, month in enumerate(world.months) for b in range(len(month))]
    place, value = divmod((holes & -holes).bit_length() - 1, 2)
    block, code = divmod(place, len(codes))
    answer = "yes" if not value else "no"
    others = ", ".join(f"{count}x {kind.codes()} in month {m + 1}" for (m, _b, kind), count in colluders.items())
    return f"{codes[code]} of month, block {blocks[block]} is {answer}, published {told}, colluders: {others or 'none'}"


def months(sizes: Sequence[int], kinds: tuple[Answers, ...]) -> tuple[tuple[Block, ...], ...]:
    """Months of one block each."""
    return tuple((Block(size, kinds),) for size in sizes)


def report(results: Iterator[tuple[World, Found]]) -> list[tuple[World, Found]]:
    """Prints each world as it is finished."""
    kept = []
    for world, found in results:
        print(f"\n  {world.name}, {world.colluders} colluders: {found}", end="", flush=True)
        kept.append((world, found))
    return kept
