"""A report as plain data: numbers that may be said, and for every other one the reason why it is not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from kiosk.rules.figures import Change, DayState, Effect
from kiosk.rules.month_lock import Revision
from kiosk.rules.periods import Period

# Why there is no number: no day of the period was counted; it has not come; exact only by whole calendar months; only
# once the month is over; only within one calendar year; withheld (DOMAIN.md, Disclosure); nothing to divide by.
Why = Literal["missing", "ahead", "whole_months", "month_open", "two_years", "held", "no_base"]
Number = int | Decimal


@dataclass(frozen=True)
class Said:
    """A number, or None and why. `low` to `high` is its range; `through` the last day that it counts."""

    value: Number | None
    why: Why | None = None
    low: int | None = None
    high: int | None = None
    through: date | None = None


@dataclass(frozen=True)
class Line:
    """One figure of the table, beside the period before and the year before. `out_of`: of how many."""

    code: str
    now: Said
    previous: Said | None
    last_year: Said | None
    change: Change | None = None
    out_of: int | None = None


@dataclass(frozen=True)
class Bar:
    """Visits of a day, or of a month where days are too many. `visits` None: no number, by its `state` or `ahead`.

    `last_year`: those of the same day or month a year before, where they are known.
    """

    first: date
    last: date
    visits: int | None
    state: DayState | Literal["ahead"]
    last_year: int | None = None


@dataclass(frozen=True)
class Part:
    """One line of a list: a code of indicators.py, its count or None with why. `since`: a release began before."""

    code: str
    label: str
    value: int | None
    why: Why | None = None
    since: date | None = None


@dataclass(frozen=True)
class Locked:
    """A month of the period that is locked: `told` are its figures by code as they were `at` that moment (UTC)."""

    month: str
    at: datetime
    told: Mapping[str, str | None]


@dataclass(frozen=True)
class Report:
    """Everything that page, file and command show of one period. `compared`: the days that changes are about.

    `withheld`: visits with a picture, and with an answer on groups, not released up to the last month's end. `redated`:
    sessions that came to the period when the date of their boot was found out. `revisions`: what has changed in the
    `locks` since, the oldest first.
    """

    site: str
    site_code: str
    station: str
    made: datetime
    trusted: bool
    period: Period
    previous: Period
    last_year: Period | None
    compared: Period | None
    over: bool
    missing_days: int
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    months: tuple[tuple[Period, Effect], ...]
    effective: Effect | None
    ends: tuple[Part, ...]
    themes: tuple[Part, ...]
    answers: Mapping[str, tuple[Part, ...]]
    withheld: Mapping[str, int]
    k: int
    redated: int
    journal: tuple[Part, ...]
    locks: tuple[Locked, ...] = ()
    revisions: tuple[Revision, ...] = ()

    def line(self, code: str) -> Line:
        """The line of an indicator."""
        return next(one for one in self.lines if one.code == code)

    def used(self) -> list[str]:
        """The codes of all definitions that this report rests on, in the order of the report."""
        changes = ["VISITS_GROWTH", "USERS_GROWTH"]
        effect = ["EFFECTIVE"] if self.effective else []
        asked = [*self.answers, "NO_ANSWER"]
        written = [part.code for part in self.journal]
        return [*(line.code for line in self.lines), *effect, *changes, "ENDS", "OPENS", *asked, *written]
