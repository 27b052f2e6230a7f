"""When the sites of the small province are to be open, by the register; and what a pupil reckons with."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

ONE = timedelta(days=1)
SUNDAY = 6


@dataclass(frozen=True)
class Site:
    """A site as the register has it. `rests`: on which days of the week; `closed`: other days on which it does."""

    code: str
    name: str
    line: str
    opened: date
    rests: frozenset[int] = frozenset({SUNDAY})
    closed: frozenset[date] = frozenset()

    def planned(self, first: date, last: date) -> list[date]:
        """The days on which it is to be open."""
        found = days_from(max(first, self.opened), last)
        return [day for day in found if day.weekday() not in self.rests and day not in self.closed]


def days_from(first: date, last: date) -> list[date]:
    """Each of them."""
    return [first + number * ONE for number in range((last - first).days + 1)]


def after(first: date) -> date:
    """The first day of the next month."""
    return (first + 31 * ONE).replace(day=1)


def first_of(month: str) -> date:
    """The first day of YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def tenth(value: Fraction) -> Fraction:
    """To one digit, halves up."""
    return Fraction(int(value * 10 + Fraction(1, 2)), 10)
