"""The frozen lists of the project's sites, of which the share that works effectively is counted (112). Pure.

A list never changes. A change is a new version, with a reason and the day from which it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FrozenList:
    """One version. `number` says in which order they were frozen."""

    number: int
    version: str
    first: date
    frozen: datetime
    who: str
    reason: str
    codes: frozenset[str]


def list_on(lists: Iterable[FrozenList], day: date) -> FrozenList | None:
    """The one that holds on a day: the latest that has begun; of two that begin on one day, the one frozen later."""
    begun = [one for one in lists if one.first <= day]
    return max(begun, key=lambda one: (one.first, one.number), default=None)


def list_for_year(lists: Iterable[FrozenList], year: int) -> FrozenList | None:
    """The one that counts for a whole year: what holds on 1 January, so that no year is counted by two lists.

    Where none holds then, the first that begins within the year. None: nothing was frozen for that year.
    """
    known = list(lists)
    if found := list_on(known, date(year, 1, 1)):
        return found
    begins = [one.first for one in known if one.first.year == year]
    return list_on(known, min(begins)) if begins else None
