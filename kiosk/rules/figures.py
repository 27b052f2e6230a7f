"""How the figures of DOMAIN.md, "Figures", are computed: from plain day totals, by whole numbers and exact decimals.

A day is the line that a bundle carries (`day_line`), so that station and province reckon alike. What a definition is
called and how it reads in words stands in `indicators.py`. Nothing here knows a store, a clock or a language.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

DAY_MINUTES = 1_440
SUMMED = ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "boots", "unclean")

MIN_ANSWERS = 20  # F + R under which users are not estimated
MIN_USERS, MIN_VISITS = 30, 100  # bases under which no percentage is said
MIN_REPORTED = 80  # % of planned days that both years must have reported, or they are not compared
MIN_MONTH_VISITS = 10

DayState = Literal["counted", "off", "closed", "missing"]
Trend = Literal["up", "down", "same", "unknown"]
Effect = Literal["yes", "no", "no_report"]


def day_line(totals: Mapping[str, int]) -> dict[str, int]:
    """A day's totals as kept by the store (seconds), as a bundle says them (whole minutes; every field)."""
    return {
        **{name: totals.get(name, 0) for name in SUMMED[:6]},
        "planned_minutes": totals.get("planned_minutes", 0),
        "open_minutes": min(DAY_MINUTES, totals.get("open_seconds", 0) // 60),
        "internet_minutes": min(DAY_MINUTES, totals.get("internet_seconds", 0) // 60),
        **{name: totals.get(name, 0) for name in SUMMED[6:]},
    }


def day_state(line: Mapping[str, int] | None) -> DayState:
    """`counted`: the PC was on. `off`: it was not, on a planned day. `closed`: none was planned. `missing`: no line."""
    if line is None:
        return "missing"
    if any(line[name] for name in (*SUMMED, "open_minutes")):
        return "counted"
    return "off" if line["planned_minutes"] else "closed"


@dataclass(frozen=True)
class Usage:
    """Sums over days. `planned`: days that were to be open; of them `opened` with the PC on, `working` in service.

    `reported`: planned days with a line; `missing`: all days without one. They are no zeros: sums lack them.
    """

    sums: Mapping[str, int] = field(default_factory=Counter)
    ends: Mapping[str, int] = field(default_factory=Counter)
    days: int = 0
    planned: int = 0
    opened: int = 0
    working: int = 0
    reported: int = 0
    missing: int = 0

    @property
    def known(self) -> bool:
        """Whether any day has a line: only then is a sum a number."""
        return self.missing < self.days

    def __getitem__(self, name: str) -> int:
        return self.sums.get(name, 0)


@dataclass(frozen=True)
class Day:
    """One day: its line or None, its ends by reason, and whether it was to be open where no line says so."""

    line: Mapping[str, int] | None
    ends: Mapping[str, int] = field(default_factory=dict)
    planned: bool = True

    @property
    def was_planned(self) -> bool:
        """By the line where there is one, else by the policy in force."""
        return self.planned if self.line is None else self.line["planned_minutes"] > 0


def add_up(days: Iterable[Day]) -> Usage:
    """The sums of some days."""
    sums, ends, count = Counter[str](), Counter[str](), Counter[str]()
    for day in days:
        planned = day.was_planned
        count["days"] += 1
        count["planned"] += planned
        if day.line is None:
            count["missing"] += 1
            continue
        sums.update(day.line)
        ends.update(day.ends)
        if planned:
            count["reported"] += 1
            count["opened"] += day_state(day.line) == "counted"
            count["working"] += day.line["open_minutes"] > 0
    return Usage(sums, ends, **count)


def hours(amount: int, in_an_hour: int) -> Decimal:
    """Hours to one decimal, halves up; `amount` in minutes (60 in an hour) or seconds (3600)."""
    return _tenth(Decimal(amount) / in_an_hour)


def use_rate(usage: Usage) -> Decimal | None:
    """% of the time in service that somebody used the PC; None where it was never in service."""
    minutes = usage["open_minutes"]
    return _tenth(Decimal(100 * usage["seconds"]) / (60 * minutes)) if minutes else None


@dataclass(frozen=True)
class Users:
    """People of one calendar year at one site: `value` lies in [`low`, `high`]; `estimated`: by the answers given."""

    value: int
    low: int
    high: int
    estimated: bool


def users(first: int, been: int, unknown: int) -> Users:
    """F + U·F/(F+R) where F+R >= 20, else F; always in the range [F, F+U]. Halves up."""
    answered = first + been
    if answered < MIN_ANSWERS:
        return Users(first, first, first + unknown, False)
    share = (2 * unknown * first + answered) // (2 * answered)
    return Users(first + share, first, first + unknown, True)


def comparable(now: Usage, before: Usage) -> bool:
    """Whether two years may be compared: at least 80 % of the planned days reported in both."""
    return all(one.planned and 100 * one.reported >= MIN_REPORTED * one.planned for one in (now, before))


@dataclass(frozen=True)
class Change:
    """What may be said about a change at one site: its direction, and its percentage only where both rules allow it."""

    trend: Trend
    percent: Decimal | None = None


def change(now: int | None, before: int | None, base: int) -> Change:
    """An arrow only when |ΔL| > 2·√(L₁+L₀), else `same`; a percentage only with an arrow and on a base of `base`."""
    if now is None or before is None:
        return Change("unknown")
    if (now - before) ** 2 <= 4 * (now + before):
        return Change("same")
    return Change("up" if now > before else "down", growth(now, before, base))


def growth(now: int, before: int, base: int) -> Decimal | None:
    """100·(now − before)/before to one decimal; None on a base under `base`, whoever asks."""
    return _tenth(Decimal(100 * (now - before)) / before) if before >= max(1, base) else None


def month_active(usage: Usage) -> Effect:
    """Open on half the planned days, a working PC on half the open days, ten visits. No day reported: `no_report`."""
    if not usage.reported:
        return "no_report"
    good = (
        2 * usage.opened >= usage.planned
        and 2 * usage.working >= usage.opened > 0
        and usage["visits"] >= MIN_MONTH_VISITS
    )
    return "yes" if good else "no"


def year_effective(months: Iterable[Effect]) -> Effect | None:
    """Of the elapsed months three quarters active; months without report count as not active. None: none elapsed."""
    counted = Counter(months)
    if not counted.total():
        return None
    if counted["no_report"] == counted.total():
        return "no_report"
    return "yes" if 4 * counted["yes"] >= 3 * counted.total() else "no"


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
