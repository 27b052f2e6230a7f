"""Figures month by month, each with the same month of the year before: all months of many years in one question.

    for point in trend(world, Ask(period, today), ("VISITS", "PC_HOURS")):
        point.period, point.values["VISITS"], point.before["VISITS"]

A point says of its month what `figures` says of it; of a month that is not over, what has been, beside the same dates.
The sites are put into the units of the ask's last day, also in earlier months, so that a line is of the same sites.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kiosk.province.indicators.ask import WHOLE, Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.places import Places, places_of
from kiosk.province.indicators.spans import Segment
from kiosk.province.indicators.trend_months import FAST, told_by_month
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, days_period, month_of, months_period

Values = Mapping[str, Value]


@dataclass(frozen=True)
class Point:
    """One month. `values`: as far as it has been; `before`: of the same dates a year earlier."""

    period: Period
    values: Values
    before: Values


def trend(world: World, ask: Ask, codes: Collection[str]) -> tuple[Point, ...]:
    """A point for each reported month of the asked period that has begun, of all that was asked for together.

    The codes of FAST are reckoned for all months at once; any other costs its figures for every month.
    """
    asks = [replace(ask, period=one, by="province") for one in months_begun(ask)]
    both = [(one, one.before()) for one in asks]
    every = [one for pair in both for one in pair if one is not None]
    segments = {one: _segment(one) for one in every}
    fast = [code for code in codes if code in FAST]
    told = told_by_month(world, ask, _places(world, ask, segments.values()), set(segments.values()), fast)
    rest = frozenset(codes) - frozenset(fast)

    def values(one: Ask | None) -> Values:
        if one is None:
            return {}
        more = figures(world, one, rest).of(WHOLE) if rest else {}
        return {**told[segments[one]], **more}

    return tuple(Point(one.period, values(one), values(before)) for one, before in both)


def months_begun(ask: Ask) -> list[Period]:
    """The reported months in which the asked days lie, as far as they have begun: parts of a month are its whole."""
    elapsed, found = ask.elapsed, list[Period]()
    if elapsed is None:
        return found
    here = month_of(elapsed.first, ask.starts_on)
    while (one := months_period(here, here, ask.starts_on)).first <= elapsed.last:
        found.append(one)
        here = (here[0] + here[1] // 12, here[1] % 12 + 1)
    return found


def _segment(ask: Ask) -> Segment:
    elapsed = ask.elapsed
    assert elapsed is not None  # its month has begun
    return Segment(elapsed.first, elapsed.last)


def _places(world: World, ask: Ask, segments: Iterable[Segment]) -> Places:
    """The sites that lived in any of the months, the year before them too."""
    days = list(segments)
    span = days_period(min(one.first for one in days), max(one.last for one in days)) if days else None
    return places_of(world.register, replace(ask, by="province"), span)
