"""DOMAIN.md's month end once more, by another road: every visit is kept, windows are lists of visits.

The rule's own code adds sums and hands parts down; here each child simply looks at the visits that it was given. Tests
compare the two. `naive` rules are those that DOMAIN.md says were broken: the attacker's control.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import Limits

POOR = {"GRP_POOR", "GRP_NEARPOOR"}
# table -> (in its population, yes), both of one visit. Written from DOMAIN.md, not from the code.
TABLES: dict[str, tuple[Callable[[Answers], bool], Callable[[Answers], bool]]] = {
    "SEX": (lambda a: a.sex != "SEX_U", lambda a: a.sex == "SEX_F"),
    "AGE31": (lambda a: a.sex != "SEX_U", lambda a: a.age == "AGE_31_59"),
    "AGE16": (lambda a: True, lambda a: a.age == "AGE_16_30"),
    "AGEU16": (lambda a: True, lambda a: a.age == "AGE_U16"),
    "ANY_FIRST": (lambda a: a.first == "FST_Y" and "GRP_U" not in a.groups, lambda a: "GRP_NONE" not in a.groups),
    "ANY_OTHER": (lambda a: a.first != "FST_Y" and "GRP_U" not in a.groups, lambda a: "GRP_NONE" not in a.groups),
    "POV": (lambda a: True, lambda a: bool(a.groups & POOR)),
    "POOR": (lambda a: True, lambda a: "GRP_POOR" in a.groups),
    "ETHMIN": (lambda a: True, lambda a: "GRP_ETHMIN" in a.groups),
    "DISAB": (lambda a: True, lambda a: "GRP_DISAB" in a.groups),
}
FEEDS = {
    ("AGE31", False): ("AGE16",), ("AGE16", False): ("AGEU16",), ("POV", True): ("POOR",),
    ("ANY_FIRST", True): ("POV", "ETHMIN", "DISAB"), ("ANY_OTHER", True): ("POV", "ETHMIN", "DISAB"),
}  # fmt: skip
ROOTS = ("SEX", "AGE31", "ANY_FIRST", "ANY_OTHER")


@dataclass
class Table:
    """`given`: all visits ever of its population; `window`: those since its last release; `since`: since the test."""

    given: int = 0
    since: int = 0
    window: list[Answers] = field(default_factory=list)
    released: list[tuple[int, int]] = field(default_factory=list)


class Model:
    """The station's tables, month by month."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tables = {name: Table() for name in TABLES}

    def month(self, visits: Iterable[Answers]) -> list[tuple[str, int, int]]:
        """(table, yes, no) of what a month with these visits releases."""
        issued = []
        for name in ROOTS:
            self._give(name, [visit for visit in visits if TABLES[name][0](visit)])
        for name, table in self.tables.items():
            if table.since < (self.limits.root if name in ROOTS else self.limits.child):
                continue
            sides = {side: [v for v in table.window if TABLES[name][1](v) is side] for side in (True, False)}
            yes, no = len(sides[True]), len(sides[False])
            if yes >= self.limits.k and no >= self.limits.k and min(yes, no) <= table.since:
                issued.append((name, yes, no))
                table.released.append((yes, no))
                table.window = []
                for side, given in sides.items():
                    for child in FEEDS.get((name, side), ()):
                        self._give(child, given)
            table.since = 0
        return issued

    def _give(self, name: str, visits: list[Answers]) -> None:
        table = self.tables[name]
        table.given += len(visits)
        table.since += len(visits)
        table.window += visits
