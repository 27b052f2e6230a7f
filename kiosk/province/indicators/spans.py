"""The days that an ask needs, cut into segments: what is asked for, the same a year earlier, and the years of users.

A segment is a reported month or what of one lies in a span. Of a segment that is a whole calendar month the lake has
sums by month; of any other its days are added up. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kiosk.province.indicators.ask import Ask
from kiosk.province.register.steps import ONE
from kiosk.rules.periods import Period, a_year_before, days_period, month_of, months_in, months_period

# now: what is asked for, as far as it has been; before: its dates a year earlier; year: from 1 January to the end of
# the last calendar month that is over by then; year_before: the same months of the year before.
Span = Literal["now", "before", "year", "year_before"]
SPANS: tuple[Span, ...] = ("now", "before", "year", "year_before")


@dataclass(frozen=True)
class Segment:
    """Days `first` to `last`; `month`: whether they are a whole calendar month."""

    first: date
    last: date

    @property
    def month(self) -> bool:
        """Whether it is a whole calendar month."""
        return self.first.day == 1 and self.last + ONE == next_month(self.first)


def spans_of(ask: Ask) -> Mapping[Span, Period | None]:
    """The days of each span; None where there are none."""
    earlier, year = ask.before(), year_so_far(ask)
    return {
        "now": ask.elapsed,
        "before": None if earlier is None else earlier.elapsed,
        "year": year,
        "year_before": None if year is None else a_year_before(year),
    }


def year_so_far(ask: Ask) -> Period | None:
    """The whole calendar months since 1 January that are over by the ask's last day; None before the first is."""
    if ask.elapsed is None:
        return None
    last = ask.last if (ask.last + ONE).day == 1 else ask.last.replace(day=1) - ONE
    return months_period((last.year, 1), (last.year, last.month)) if last.year == ask.last.year else None


def asked_of(ask: Ask) -> Period | None:
    """The asked days together with those of the year before them: who lived then counts, in one figure or another."""
    return None if ask.elapsed is None else days_period(min(ask.period.first, date(ask.last.year, 1, 1)), ask.last)


def segments_of(span: Period, starts_on: int = 1) -> list[Segment]:
    """A span cut where reported months begin."""
    found, first = [], span.first
    while first <= span.last:
        here = month_of(first, starts_on)
        last = min(months_period(here, here, starts_on).last, span.last)
        found.append(Segment(first, last))
        first = last + ONE
    return found


def whole_months(span: Period, starts_on: int = 1) -> list[Segment]:
    """The whole reported months in a span."""
    return [Segment(one.first, one.last) for one in months_in(span, starts_on)]


def cut(spans: Mapping[Span, Period | None], starts_on: int = 1) -> Mapping[Span, tuple[Segment, ...]]:
    """The segments of every span. Users are counted by calendar months, wherever reported months begin."""
    cuts = {"now": starts_on, "before": starts_on, "year": 1, "year_before": 1}
    return {name: tuple(segments_of(span, cuts[name])) if span else () for name, span in spans.items()}


def all_of(cuts: Iterable[tuple[Segment, ...]]) -> tuple[Segment, ...]:
    """All segments, each once, in order; its place in it is its number."""
    return tuple(sorted({one for some in cuts for one in some}, key=lambda one: (one.first, one.last)))


def next_month(day: date) -> date:
    """The first day of the calendar month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def calendar_month(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return days_period(first, next_month(first) - ONE)
