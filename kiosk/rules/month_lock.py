"""When a reported month is locked, and what a change after that is.

Until its lock a month's figures may grow and be mended freely. From day `lock_day` of the next month on (policy,
`[export]`) it has been told: what stood there then is kept as it was (store/month_locks.py), and whatever changes it
later is a *revision*, listed with its reason. By a date that is not trusted nothing is ever locked.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from kiosk.rules.periods import Period, month_of, month_start, months_period

# Why a told figure is another one now. `journal`: staff mended a line and typed the reason. The others come by
# themselves: visits whose day was found out later; figures of a time before a restored copy; other opening hours;
# guides that moved in the menu; a figure defined anew; `late`: counted after the lock (a visit over midnight).
Cause = Literal["journal", "redated", "restored", "hours", "menu", "definition", "late"]

# Figures by code of rules/indicators.py (and `SECTION:part` for the lines of a list), as text: "276", "301.5".
# None: there was no number.
Figures = Mapping[str, str | None]


@dataclass(frozen=True)
class Revision:
    """One figure of a locked month that is another one since `at` (UTC, ISO 8601). `reason` is typed, or empty."""

    month: str
    code: str
    before: str | None
    after: str | None
    cause: Cause
    reason: str
    at: str


def lock_date(month_first: date, lock_day: int) -> date:
    """The day from which on the month that begins on `month_first` is locked: day `lock_day` of the next month."""
    following = (month_first.replace(day=1) + timedelta(days=31)).replace(day=month_first.day)
    return following + timedelta(days=lock_day - 1)


def locked(month_first: date, today: date, lock_day: int) -> bool:
    """Whether that month is locked. `today`: a trusted date, else the last one that was."""
    return today >= lock_date(month_first, lock_day)


def day_locked(day: date, today: date, lock_day: int, starts_on: int = 1) -> bool:
    """Whether the reported month that `day` lies in is locked: what staff write of that day then needs a reason."""
    return locked(month_start(*month_of(day, starts_on), starts_on), today, lock_day)


def due(first_use: date, today: date, lock_day: int, starts_on: int, have: Container[str]) -> list[Period]:
    """The months to lock now, the oldest first: every one since the station's first day that is not in `have`.

    So a PC that was off on the day locks when it is on again, and one that was off for months locks them all.
    """
    found, here = list[Period](), month_of(first_use, starts_on)
    while locked((month := months_period(here, here, starts_on)).first, today, lock_day):
        if month.text not in have:
            found.append(month)
        here = month_of(month.last + timedelta(days=1), starts_on)
    return found


def utc(moment: datetime) -> str:
    """How moments of locks and revisions are written: in UTC, comparable as text."""
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")


def changed(before: Figures, after: Figures) -> dict[str, tuple[str | None, str | None]]:
    """{code: (before, after)} of the figures that are not the same any more.

    A number that is gone altogether is no change: it was let go of after its years (store/folding.py).
    """
    return {code: (before.get(code), now) for code, now in after.items() if now is not None and now != before.get(code)}


def as_it_stands(told: Figures, revisions: list[Revision]) -> dict[str, str | None]:
    """What was told, with every revision on top, in their order."""
    return dict(told) | {one.code: one.after for one in revisions}
