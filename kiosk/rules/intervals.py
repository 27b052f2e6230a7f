"""A stretch of a day in which a site is open, in minutes since local midnight. Vietnam has no daylight saving."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

DAY_MINUTES = 1440
_TEXT = re.compile(r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, order=True)
class Interval:
    """Open from `start` (included) to `end` (excluded), 0 ≤ start < end ≤ 1440."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock_text(self.start)}–{clock_text(self.end)}"


def clock_text(minutes: int) -> str:
    """Minutes since midnight as HH:MM; the end of the day is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_interval(text: object) -> Interval:
    """ "07:30-11:30" as an Interval; ValueError when it is anything else. An evening past midnight is two intervals."""
    if isinstance(text, Interval):
        return text
    match = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError("not an interval")
    h1, m1, h2, m2 = map(int, match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if not start < end <= DAY_MINUTES:
        raise ValueError("not an interval")
    return Interval(start, end)


def overlap(intervals: Iterable[Interval]) -> bool:
    """Whether two of them share a minute. Touching ends (11:30 and 11:30) share none."""
    ordered = sorted(intervals)
    return any(a.end > b.start for a, b in zip(ordered, ordered[1:], strict=False))


def joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same minutes in order, touching intervals made one."""
    done: list[Interval] = []
    for one in sorted(intervals):
        if done and done[-1].end >= one.start:
            done[-1] = Interval(done[-1].start, max(done[-1].end, one.end))
        else:
            done.append(one)
    return tuple(done)
