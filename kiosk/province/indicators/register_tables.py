"""What the register says, as small tables that an engine joins to those of the lake: sites and lives, planned days.

Days that nobody knows are far away, so that no comparison meets a null.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kiosk.province.indicators.lives import Lives
from kiosk.province.indicators.spans import Segment, Span, calendar_month, next_month
from kiosk.province.register.planned_days import planned_so_far
from kiosk.province.register.site_history import SiteHistory

if TYPE_CHECKING:
    import pyarrow as pa

Sites = Mapping[str, SiteHistory]


def lives(lives: Lives) -> "pa.Table":
    """site, life_first, life_last."""
    import pyarrow as pa

    rows = [(code, *life) for code, life in lives.items()]
    return _rows(rows, site=pa.string(), life_first=pa.date32(), life_last=pa.date32())


def planned(sites: Sites, segments: Sequence[Segment]) -> "pa.Table":
    """site, segment (its number), planned: of every site and segment in which it lives, the days it plans to open."""
    import pyarrow as pa

    codes, numbered, days = list[str](), list[int](), list[int]()
    if segments:
        begin, end = min(one.first for one in segments), max(one.last for one in segments)
        ends = [((one.first - begin).days, (one.last - begin).days + 1) for one in segments]
        for site in sites.values():
            some, counts = _planned(site, begin, end, ends)
            codes += [site.code] * len(some)
            numbered += some
            days += counts
    return _table({"site": codes, "segment": numbered, "planned": days}, pa.string(), pa.int64(), pa.int64())


def _planned(site: SiteHistory, begin: date, end: date, ends: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The segments of one site's life, and its planned days in each. Days are numbered from `begin` on; each pair of
    `ends` is a first day and the day after the last.
    """
    opened = 0 if site.opened is None else max(0, (site.opened - begin).days)
    after = (end - begin).days + 1 if site.last is None else (site.last - begin).days + 1
    so_far = planned_so_far(site, begin, end)
    some = [number for number, (first, last) in enumerate(ends) if first < after and last > opened]
    days = [so_far[min(ends[number][1], after)] - so_far[max(ends[number][0], opened)] for number in some]
    return some, days


def cuts(
    segments: Sequence[Segment], spans: Mapping[Span, tuple[Segment, ...]], months: Collection[Segment]
) -> "pa.Table":
    """segment, in_now, in_before, in_year, in_year_before, is_month (1 or 0): in which spans it lies; one of `months`.

    `months`: those whose activity is judged.
    """
    import pyarrow as pa

    flags = {f"in_{name}": [int(one in some) for one in segments] for name, some in spans.items()}
    flags["is_month"] = [int(one in months) for one in segments]
    columns = {"segment": list(range(len(segments))), **flags}
    return _table(columns, *[pa.int64()] * len(columns))


def months(segments: Sequence[Segment]) -> "pa.Table":
    """segment, month_first, month_last: of the segments that are whole calendar months."""
    import pyarrow as pa

    rows = [(number, one.first, one.last) for number, one in enumerate(segments) if one.month]
    return _rows(rows, segment=pa.int64(), month_first=pa.date32(), month_last=pa.date32())


def days(segments: Sequence[Segment], edges: Collection[date]) -> "pa.Table":
    """segment, day, whole, month_first, month_last: of segments whose days are added up, for all sites or for some.

    `whole` 1: the segment is a whole month, of which only the sites need days that do not live in all of it; such
    months stand in `edges` by their first days.
    """
    import pyarrow as pa

    rows = []
    for number, one in enumerate(segments):
        if not one.month or one.first in edges:
            month = calendar_month(one.first)
            span = (one.last - one.first).days + 1
            rows += [
                (number, one.first + timedelta(days=n), int(one.month), month.first, month.last) for n in range(span)
            ]
    return _rows(
        rows, segment=pa.int64(), day=pa.date32(), whole=pa.int64(), month_first=pa.date32(), month_last=pa.date32()
    )


def runs(segments: Sequence[Segment], edges: Collection[date]) -> list[tuple[str, str]]:
    """Which months of site_days are read, as few stretches (YYYY-MM to YYYY-MM) as they make up."""
    wanted = set()
    for one in segments:
        if not one.month or one.first in edges:
            wanted |= {one.first.replace(day=1), one.last.replace(day=1)}
    found = list[list[date]]()
    for month in sorted(wanted):
        if found and next_month(found[-1][-1]) == month:
            found[-1].append(month)
        else:
            found.append([month])
    return [(f"{some[0]:%Y-%m}", f"{some[-1]:%Y-%m}") for some in found]


def _rows(rows: Sequence[tuple[object, ...]], **kinds: "pa.DataType") -> "pa.Table":
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return _table(dict(zip(kinds, columns, strict=True)), *kinds.values())


def _table(columns: Mapping[str, Sequence[object]], *kinds: "pa.DataType") -> "pa.Table":
    import pyarrow as pa

    made = [pa.array(list(values), kind) for values, kind in zip(columns.values(), kinds, strict=True)]
    return pa.table(made, list(columns))
