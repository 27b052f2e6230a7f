"""On which days a site plans to be open: its week, and the days that are other than its week. Pure.

A week is seven texts such as `07:30-11:30, 13:30-17:00`, "-" for closed, "" where nobody told. Of a site of which no
day of the week is told Monday to Saturday are planned (DOMAIN.md, Default policy, a guess); where some are told, the
others are closed.

Exceptions are one text: `2026-09-02: -; 2027-02-15..2027-02-21: -; 2026-05-02: 08:00-11:00`.
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from kiosk.province.register.site_history import WEEK, SiteHistory
from kiosk.province.register.steps import ALWAYS, ONE, Steps, value_on
from kiosk.rules.intervals import Interval, parse_interval

CLOSED = "-"
DEFAULT = (True,) * 6 + (False,)
DEFAULT_HOURS = "07:30-11:30, 13:30-17:00"
MOST_EXCEPTION_DAYS = 1_000


@lru_cache(4_096)
def intervals(text: str) -> tuple[Interval, ...]:
    """The open intervals of a text of one day."""
    return () if text in ("", CLOSED) else tuple(parse_interval(one) for one in text.split(", "))


@lru_cache(4_096)
def exceptions(text: str) -> Mapping[date, str]:
    """The days that are other than the week, with their hours."""
    found: dict[date, str] = {}
    for part in text.split("; ") if text else ():
        days, _colon, hours = part.partition(": ")
        first, _dots, last = days.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found[day] = hours
            day += ONE
    return found


def hours_on(site: SiteHistory, day: date) -> tuple[Interval, ...]:
    """When the site plans to be open on a day of its life; () on every other."""
    if not site.lives(day):
        return ()
    if (hours := exceptions(site.value("exceptions", day)).get(day)) is not None:
        return intervals(hours)
    week = [site.value(name, day) for name in WEEK]
    if not any(week):
        return intervals(DEFAULT_HOURS) if DEFAULT[day.weekday()] else ()
    return intervals(week[day.weekday()])


def planned_days(site: SiteHistory, first: date, last: date) -> int:
    """How many days of a period, both ends in it, the site plans to open. Counted by stretches, not by days."""
    first, last = max(first, site.opened or ALWAYS), min(last, site.last or last)
    if first > last:
        return 0
    names = (*WEEK, "exceptions")
    begins = sorted({first, *(day for name in names for day, _v in site.steps.get(name, ()) if first < day <= last)})
    ends = [*(day - ONE for day in begins[1:]), last]
    return sum(_stretch(site, begin, end) for begin, end in zip(begins, ends, strict=True))


def planned_so_far(site: SiteHistory, first: date, last: date) -> Sequence[int]:
    """At n how many of the first n days from `first` on the site plans to open: for many questions about one stretch.

    Its life is the caller's: a site that keeps its hours has the same answer before it opens and after its end. Sites
    that keep the same hours share one answer, so a nation's is made quickly.
    """
    return _so_far(tuple(site.steps.get(name, ()) for name in (*WEEK, "exceptions")), first, last)


@lru_cache(256)
def _so_far(steps: tuple[Steps, ...], first: date, last: date) -> "array[int]":
    begins = sorted({first, *(day for some in steps for day, _value in some if first < day <= last)})
    plans = list[bool]()
    for begin, end in zip(begins, [*begins[1:], last + ONE], strict=True):
        week = _opens(tuple(value_on(some, begin) for some in steps[:7]))
        turned, days = week[begin.weekday() :] + week[: begin.weekday()], (end - begin).days
        stretch = list((turned * (days // 7 + 1))[:days])
        for day, hours in exceptions(value_on(steps[7], begin)).items():
            if begin <= day < end:
                stretch[(day - begin).days] = hours != CLOSED
        plans += stretch
    return array("i", accumulate(plans, initial=0))


def _opens(week: tuple[str, ...]) -> tuple[bool, ...]:
    """Of seven texts of a week which days it is open on."""
    return tuple(text not in ("", CLOSED) for text in week) if any(week) else DEFAULT


def _stretch(site: SiteHistory, first: date, last: date) -> int:
    """The same within days of which week and exceptions stay what they are."""
    opens = _opens(tuple(site.value(name, first) for name in WEEK))
    whole, rest = divmod((last - first).days + 1, 7)
    count = whole * sum(opens) + sum(opens[(first + timedelta(days=n)).weekday()] for n in range(rest))
    for day, hours in exceptions(site.value("exceptions", first)).items():
        if first <= day <= last:
            count += (hours != CLOSED) - opens[day.weekday()]
    return count
