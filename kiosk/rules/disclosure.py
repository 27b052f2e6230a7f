"""Which answer counts may leave the PC: the month-end test of DOMAIN.md, Disclosure. Pure; tables stand in tallies.py.

Why nobody's answer is certain to an attacker who knows everything published, the size of every batch between two tests
(n >= B >= 2k of them), and the answers of k-2 visitors, s of them yes and t of them no. One table first, yes being the
smaller side (for the other the same holds). A test fails whenever its window has less than k on one side. So
* in an open window every history with s or s+1 yes in all is possible, whoever the one more is: s+1 < k;
* in a released window that had one batch only, any m of its visitors may be the m yes: k <= m <= n/2;
* in one with more, j <= k-1 of the m yes may have come before the last batch, all tests before failing; the other m-j
  must fit into the last, beside the colluders there who said no. Rule (c), m <= n, leaves room for a j from t to k-1,
  and for any one visitor outside, in whichever batch, on either side (s and t together are k-2, so one is always free).
Windows do not overlap, so each is a problem of its own. Several tables: a child sees only how many it was handed, and
that was published; which visitors they were, it cannot tell, so any history of the child goes with any of the parent.
Inside ANY each combination of groups can occur, because OTHER is a possible answer and is never counted.
What this does not say: a likelihood may still be high; a *visit* is protected, a person who makes k of them is not; k-1
who pool may pin another (a control of the attacker tests shows it). Enumerated, in small worlds: both steps; the joint
worlds that were too large, and rest on this argument alone, are listed in test_disclosure_attacker_joint.py.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from json import dumps

from kiosk.rules.policy_of_the_office import DisclosurePolicy
from kiosk.rules.tallies import CHILDREN, ROOTS, Row

# Parents first. Fixed here, never by the data.
ORDER = ("SEX", "AGE31", "AGE16", "AGEU16", "ANY_FIRST", "ANY_OTHER", "POV", "POOR", "ETHMIN", "DISAB")

# Versions of the codes; a change of any makes every open window HELD for good.
CODES = {"SEX": "SEX-1", "AGE31": "AGE-1", "AGE16": "AGE-1", "AGEU16": "AGE-1"}
# The poverty standard by its first month: Decree 07/2021 through 2026, Decree 351/2025 from 2027 on (DOMAIN.md).
POVERTY = (("0000-00", "ND07-2021"), ("2027-01", "ND351-2025"))

Pair = tuple[int, int]  # visits on the sides yes and no


@dataclass(frozen=True)
class Limits:
    """k of the rule, and B: how many new visits a root and a child need before they are tested again."""

    k: int = 5
    root: int = 20
    child: int = 10

    @classmethod
    def of(cls, policy: DisclosurePolicy) -> "Limits":
        """As the policy has them."""
        return cls(policy.k, policy.root_tests, policy.child_tests)

    def tests(self, table: str) -> int:
        """B of a table."""
        return self.root if table in ROOTS else self.child


@dataclass(frozen=True)
class Window:
    """What a table has counted since its last release; `since`: visits since its last test."""

    first_day: str = ""
    yes: int = 0
    no: int = 0
    since: int = 0

    @property
    def visits(self) -> int:
        """Both sides."""
        return self.yes + self.no

    def add(self, more: Pair, first_day: str) -> "Window":
        """With `more` visits, from `first_day` on at the earliest: a day that is public, never that of a visit."""
        first = min(self.first_day, first_day) if self.visits else first_day
        return Window(first, self.yes + more[0], self.no + more[1], self.since + sum(more))

    def passes(self, k: int) -> bool:
        """(a) yes >= k, (b) no >= k, (c) the smaller of the two <= the new visits since the last test."""
        return k <= min(self.yes, self.no) <= self.since


@dataclass(frozen=True)
class Books:
    """Open windows by table, and parts by (child, table they wait for): counted, and not yet the child's."""

    windows: Mapping[str, Window]
    pending: Mapping[tuple[str, str], Pair]


@dataclass(frozen=True)
class Release:
    """A count that may leave the PC, issued once. It belongs to the year of its last day."""

    id: str
    table: str
    first_day: str
    last_day: str
    yes: int
    no: int
    versions: str


EMPTY = Books({}, {})


def month_end(books: Books, new: Mapping[Row, int], month: str, limits: Limits) -> tuple[Books, tuple[Release, ...]]:
    """The books after the month's end, and what they release (without ids: the store gives them).

    `new` are visits by (table, side) as tally_rows names them, without the month.
    """
    windows, pending = dict(books.windows), dict(books.pending)
    first_day, last_day = month_days(month)
    for (name, side), visits in new.items():
        table, _at, root = name.partition("@")
        pair = (visits, 0) if side == "yes" else (0, visits)
        if root:
            pending[table, root] = _plus(pending.get((table, root)), pair)
        else:
            windows[table] = windows.get(table, Window()).add(pair, first_day)
    issued = []
    for table in ORDER:
        window = windows.get(table, Window())
        if window.since < limits.tests(table):
            continue
        if window.passes(limits.k):
            issued.append(Release("", table, window.first_day, last_day, window.yes, window.no, versions(table, month)))
            del windows[table]
            _hand_down(table, window.first_day, windows, pending)
        else:
            windows[table] = replace(window, since=0)
    return Books(windows, pending), tuple(issued)


def _hand_down(table: str, first_day: str, windows: dict[str, Window], pending: dict[tuple[str, str], Pair]) -> None:
    """Gives a released window's sides to its children; what is meant for theirs waits for them."""
    for child, waits_for in [key for key in pending if key[1] == table]:
        pair = pending.pop((child, waits_for))
        parents, _side = CHILDREN[child]
        if table in parents:
            windows[child] = windows.get(child, Window()).add(pair, first_day)
        else:
            pending[child, parents[0]] = _plus(pending.get((child, parents[0])), pair)


def _plus(known: Pair | None, more: Pair) -> Pair:
    return more if known is None else (known[0] + more[0], known[1] + more[1])


def handed_down(table: str, releases: Mapping[str, Pair]) -> int:
    """Visits that a child was given by its parents' releases so far (`releases`: sums by table). Public by that."""
    parents, side = CHILDREN[table]
    return sum(releases.get(parent, (0, 0))[side == "no"] for parent in parents)


def month_days(month: str) -> tuple[str, str]:
    """First and last day of YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    return first.isoformat(), (date.fromisoformat(f"{next_month(month)}-01") - timedelta(days=1)).isoformat()


def next_month(month: str) -> str:
    """YYYY-MM of the month after."""
    return (date.fromisoformat(f"{month}-01") + timedelta(days=31)).isoformat()[:7]


def last_month(day: str) -> str:
    """YYYY-MM of the month before that of a day."""
    return (date.fromisoformat(day).replace(day=1) - timedelta(days=1)).isoformat()[:7]


def versions(table: str, month: str) -> str:
    """The versions of a table's codes in a month."""
    poverty = max(standard for standard in POVERTY if standard[0] <= month)[1]
    return CODES.get(table) or ("GRP-1" if table in ("ETHMIN", "DISAB") else f"GRP-1 {poverty}")


def codes_change(month: str) -> bool:
    """Whether other codes are in force from the month after on."""
    return any(versions(table, month) != versions(table, next_month(month)) for table in ORDER)


def fingerprint(limits: Limits, site: str) -> str:
    """Names tables, order, k, B and site: when it changes, every open window becomes HELD for good."""
    meant = [ORDER, ROOTS, CHILDREN, CODES, asdict(limits), site]
    return sha256(dumps(meant, sort_keys=True).encode()).hexdigest()
