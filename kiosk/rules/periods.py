"""The periods that figures are reported by, and how they are written: `2026-11`, `2026-Q4`, `2026-W47`, `2026`.

A month may begin on another day than the first (policy, `month_starts_on`): with 15, "November" runs from 15 October
to 14 November, and quarters, nine months and years are unions of such months (Decree 09/2019/ND-CP, article 12).
Weeks are ISO 8601. How a person writes a period is read in `period_texts.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["day", "week", "month", "quarter", "nine_months", "year", "range"]
KINDS: tuple[Kind, ...] = ("day", "week", "month", "quarter", "nine_months", "year")


@dataclass(frozen=True)
class Period:
    """Days `first` to `last`, both counted. `months`: its first and last (year, month), where it is made of months."""

    kind: Kind
    text: str
    first: date
    last: date
    months: tuple[tuple[int, int], tuple[int, int]] | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.first + timedelta(days=number) for number in range(len(self)))


def day_period(day: date) -> Period:
    """One day."""
    return Period("day", day.isoformat(), day, day)


def days_period(first: date, last: date) -> Period:
    """Any days from `first` to `last`."""
    return Period("range", f"{first.isoformat()}..{last.isoformat()}", first, last)


def months_period(first: tuple[int, int], last: tuple[int, int], starts_on: int = 1) -> Period:
    """Whole months: a month, a quarter, nine months, a year, or any others in a row."""
    begin, end = month_start(*first, starts_on), month_start(*_step(last, 1), starts_on) - timedelta(days=1)
    same, (year, month) = first[0] == last[0], first
    name = f"{year:04}-{month:02}"
    kinds: dict[tuple[int, int], tuple[Kind, str]] = {
        (month, month): ("month", name),
        **{(3 * q + 1, 3 * q + 3): ("quarter", f"{year:04}-Q{q + 1}") for q in range(4)},
        (1, 9): ("nine_months", f"{year:04}-01..{year:04}-09"),
        (1, 12): ("year", f"{year:04}"),
    }
    kind, text = kinds.get((month, last[1]) if same else (0, 0), ("range", f"{name}..{last[0]:04}-{last[1]:02}"))
    return Period(kind, text, begin, end, (first, last))


def period_around(kind: Kind, day: date, starts_on: int = 1) -> Period:
    """The period of that kind that `day` lies in. Nine months: those of its year, also when `day` comes after them."""
    year, month = month_of(day, starts_on)
    match kind:
        case "week":
            iso = day.isocalendar()
            return week_period(iso.year, iso.week)
        case "month":
            return months_period((year, month), (year, month), starts_on)
        case "quarter":
            last = (month + 2) // 3 * 3
            return months_period((year, last - 2), (year, last), starts_on)
        case "nine_months":
            return months_period((year, 1), (year, 9), starts_on)
        case "year":
            return months_period((year, 1), (year, 12), starts_on)
        case _:
            return day_period(day)


def month_of(day: date, starts_on: int = 1) -> tuple[int, int]:
    """(year, month) of the reported month that `day` lies in."""
    here = (day.year, day.month)
    return _step(here, 1) if starts_on > 1 and day.day >= starts_on else here


def month_start(year: int, month: int, starts_on: int = 1) -> date:
    """The first day of a reported month: with a cut-off, it lies in the month before."""
    if starts_on > 1:
        year, month = _step((year, month), -1)
    return date(year, month, starts_on)


def months_in(period: Period, starts_on: int = 1) -> list[Period]:
    """The whole reported months inside a period, in order."""
    months, here = list[Period](), month_of(period.first, starts_on)
    while (one := months_period(here, here, starts_on)).first <= period.last:
        if one.first >= period.first and one.last <= period.last:
            months.append(one)
        here = _step(here, 1)
    return months


def shifted(period: Period, by: int, starts_on: int = 1) -> Period:
    """The period as many of its own length earlier (-1) or later (1)."""
    if period.months is not None:
        first, last = period.months
        count = 12 if period.kind == "nine_months" else _number(last) - _number(first) + 1
        return months_period(_step(first, by * count), _step(last, by * count), starts_on)
    step = timedelta(days=by * len(period))
    first_day, last_day = period.first + step, period.last + step
    if period.kind == "day":
        return day_period(first_day)
    if period.kind == "week":
        return period_around("week", first_day)
    return days_period(first_day, last_day)


def a_year_before(period: Period, starts_on: int = 1) -> Period | None:
    """The same period of the year before, by dates and weeks of the same name; None where there was none (week 53)."""
    if period.months is not None:
        first, last = period.months
        return months_period(_step(first, -12), _step(last, -12), starts_on)
    if period.kind == "week":
        iso = period.first.isocalendar()
        try:
            return week_period(iso.year - 1, iso.week)
        except ValueError:
            return None
    first_day, last_day = same_date_before(period.first), same_date_before(period.last)
    return day_period(first_day) if period.kind == "day" else days_period(first_day, last_day)


def same_date_before(day: date) -> date:
    """The same date a year before; of 29 February, the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def until(period: Period, day: date) -> Period | None:
    """The part of a period up to `day`, None where it has not begun by then."""
    if day >= period.last:
        return period
    return days_period(period.first, day) if day >= period.first else None


def _number(month: tuple[int, int]) -> int:
    return month[0] * 12 + month[1] - 1


def _step(month: tuple[int, int], by: int) -> tuple[int, int]:
    year, zero_based = divmod(_number(month) + by, 12)
    return year, zero_based + 1


def week_period(year: int, week: int) -> Period:
    """An ISO week; ValueError where the year has no such week."""
    monday = date.fromisocalendar(year, week, 1)
    return Period("week", f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))
