"""From when to when sites live, as far as the lake can tell: so that few months are read day by day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kiosk.province.indicators.engine import Engine
from kiosk.province.indicators.spans import Segment, calendar_month
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.steps import ONE

if TYPE_CHECKING:
    import pyarrow as pa

# Every engine knows these as dates; date.min is before the calendar of one of them.
LONG_AGO, FAR_AWAY = date(1900, 1, 1), date(2999, 12, 31)
FEW = 12  # months in which sites begin or end, that are read day by day without a question before
Lives = Mapping[str, tuple[date, date]]


def lives_of(sites: Mapping[str, SiteHistory]) -> Lives:
    """By site the first and last day of its life; far away where nobody knows."""
    return {
        code: (max(one.opened or LONG_AGO, LONG_AGO), min(one.last or FAR_AWAY, FAR_AWAY))
        for code, one in sites.items()
    }


def edges(lives: Lives) -> frozenset[date]:
    """The first days of the months in which a site begins or ends, and does not live all of it."""
    return frozenset(month for month, _first, _last in (one for life in lives.values() for one in _outside(life)))


def widened(engine: Engine, lives: Lives, segments: Sequence[Segment]) -> Lives:
    """Lives that begin or end within a month and of which nothing came from the rest of that month: with all of it.

    No figure changes by that, and the month need not be read day by day. Asked only where there are many such months.
    """
    months = {one.first for one in segments if one.month}
    rest = [(code, *one) for code, life in lives.items() for one in _outside(life) if one[0] in months]
    if len({month for _code, month, *_days in rest}) <= FEW:
        return lives
    telling = _telling(engine, rest)
    wide = dict(lives)
    for code, _month, first, last in rest:
        if (code, first) not in telling:
            wide[code] = min(wide[code][0], first), max(wide[code][1], last)
    return wide


def _outside(life: tuple[date, date]) -> list[tuple[date, date, date]]:
    """Of the months in which a life begins and ends: the month's first day, and the days that are not of the life."""
    opened, closed = calendar_month(life[0]), calendar_month(life[1])
    found = [(opened.first, opened.first, life[0] - ONE)] if life[0] > opened.first else []
    return found + ([(closed.first, life[1] + ONE, closed.last)] if life[1] < closed.last else [])


def _telling(engine: Engine, rest: Sequence[tuple[str, date, date, date]]) -> set[tuple[str, date]]:
    """Sites that told anything on days outside of their lives, with the first of those days."""
    months = [month for _code, month, *_days in rest]
    days = engine.table("site_days", f"{min(months):%Y-%m}", f"{max(months):%Y-%m}")
    both = days.inner_join(engine.given("outside", _table(rest)), "site")
    told = both.filter(both.day >= both.rest_first, both.day <= both.rest_last)
    return {(row["site"], row["rest_first"]) for row in engine.rows(told.select("site", "rest_first").distinct())}


def _table(rest: Sequence[tuple[str, date, date, date]]) -> "pa.Table":
    """site, rest_first, rest_last."""
    import pyarrow as pa

    codes, _months, first, last = zip(*rest, strict=True)
    kinds = {"site": pa.string(), "rest_first": pa.date32(), "rest_last": pa.date32()}
    columns = zip((codes, first, last), kinds.values(), strict=True)
    return pa.table([pa.array(list(values), kind) for values, kind in columns], list(kinds))
