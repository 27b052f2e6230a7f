"""Figures by site: of every day, of every month, and of what is counted by code; made of a month's tables.

A PC of several lineages in a day is one PC: what it told adds up. By site only, so that communes, lines of work and
provinces can be added up with the register's dates of effect. When something came is in `site_arrivals` alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from kiosk.export.formats import KINDS
from kiosk.province.lake.months import by_day
from kiosk.province.lake.rollup_codes import MONTH, SITE, SITE_CODES, Codes, rows_of, sums_by_site
from kiosk.province.lake.tables import Column, arrow_schema, wholes
from kiosk.rules.figures import SUMMED
from kiosk.rules.session import EndReason

if TYPE_CHECKING:
    import pyarrow as pa

# The rows of a table of the month, by its name; of them these columns.
Read = Callable[[str, tuple[str, ...]], "Iterable[pa.Table]"]

DAY = KINDS["day"][1]
# Any of these says that a PC was on (rules/figures.py, day_state).
SIGNS = SUMMED
ENDS: tuple[str, ...] = get_args(EndReason)
HEALTH = KINDS["health"][1]

# pcs: that told of the day. Of them: planned to be open; switched on; open to citizens for a minute or more.
PCS = ("pcs", "pcs_planned", "pcs_on", "pcs_working")
# Of them: whose first word of the day came at most 3 days later; or by the third of the next month.
IN_TIME = ("pcs_in_3_days", "pcs_by_third")
# Minutes are sums over PCs and lineages, but these: of the PC with the most, so of the site.
MOST = ("site_planned_minutes", "site_open_minutes")
REST = ("end_other", "pages", "content_opens", "missed_searches", "pcs_looked")
COUNTS = (*PCS, *DAY, *MOST, *(f"end_{code}" for code in ENDS), *REST, *HEALTH)
# days: of which a PC told. Of them: to be open; of those: with a PC on; with a PC open to citizens.
DAYS = ("days", "days_planned", "days_on", "days_working", "most_pcs")

ROLLUPS: Mapping[str, tuple[Column, ...]] = {
    "site_days": (SITE, Column("day", "day"), *wholes(*COUNTS)),
    "site_months": (SITE, MONTH, *wholes(*DAYS, *COUNTS)),
    "site_month_codes": SITE_CODES,
    "site_arrivals": (SITE, Column("day", "day"), *wholes("pcs", *IN_TIME)),
}
# What is read, and which columns of it beside site and day.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "days": ("station", *DAY), "ends": ("code", "sessions"), "prints": ("pages",), "opens": ("item", "times"),
    "missed": ("searches",), "health": ("station", *HEALTH), "journal": ("station", "code", "amount"),
    "arrivals": ("station", "first_received_on"),
}  # fmt: skip

Sums = Mapping[str, int]


def rolled_up(month: str, read: Read) -> "dict[str, pa.Table]":
    """The rollups of a month (YYYY-MM)."""
    first = date.fromisoformat(f"{month}-01")
    codes = Codes()
    days, arrivals = list["pa.Table"](), list["pa.Table"]()
    for day, tables in _days(read):
        days.append(_site_day(day, tables))
        arrivals.append(_site_arrivals(day, tables["arrivals"]))
        codes.add(tables)
    site_days = _concat(days, "site_days")
    return {
        "site_days": site_days,
        "site_months": _site_months(first, site_days),
        "site_month_codes": codes.table(first),
        "site_arrivals": _concat(arrivals, "site_arrivals"),
    }


def _days(read: Read) -> "Iterator[tuple[date, dict[str, pa.Table]]]":
    """Day by day all tables; every day of which anything is told has a row in `days`."""
    cursors = {name: by_day(read(name, ("site", "day", *columns))) for name, columns in SOURCES.items()}
    waiting = {name: next(cursor, None) for name, cursor in cursors.items()}
    while (here := waiting["days"]) is not None:
        found = {}
        for name, one in waiting.items():
            if one is not None and one[0] == here[0]:
                found[name] = one[1]
                waiting[name] = next(cursors[name], None)
        yield here[0], found


def _site_day(day: date, tables: "Mapping[str, pa.Table]") -> "pa.Table":
    days, health = tables["days"], tables.get("health")
    sums: dict[str, Sums] = {
        **_pcs(days),
        **sums_by_site(days, DAY),
        **_ends(tables.get("ends")),
        **sums_by_site(health, HEALTH),
        "pcs_looked": Counter(site for site, _station in set(rows_of(health, "site", "station"))),
        "pages": sums_by_site(tables.get("prints"), ("pages",))["pages"],
        "content_opens": sums_by_site(tables.get("opens"), ("times",))["times"],
        "missed_searches": sums_by_site(tables.get("missed"), ("searches",))["searches"],
    }
    return _by_site("site_days", sums["pcs"], sums, day=day)


def _pcs(days: "pa.Table") -> dict[str, Counter[str]]:
    """What is counted in PCs, and what is the most of one; the lineages of a PC together."""
    pcs: dict[tuple[str, str], tuple[int, int, bool]] = {}
    for site, station, planned, *counts in rows_of(days, "site", "station", "planned_minutes", "open_minutes", *SIGNS):
        before = pcs.get((site, station), (0, 0, False))
        pcs[site, station] = max(before[0], planned), before[1] + counts[0], before[2] or any(counts)
    found: dict[str, Counter[str]] = {name: Counter() for name in (*PCS, *MOST)}
    for (site, _station), (planned, opened, on) in pcs.items():
        for name, count in zip(PCS, (1, planned > 0, on, opened > 0), strict=True):
            found[name][site] += count
        for name, minutes in zip(MOST, (planned, opened), strict=True):
            found[name][site] = max(found[name][site], minutes)
    return found


def _site_arrivals(day: date, arrivals: "pa.Table") -> "pa.Table":
    """By site how many PCs told of the day, and of them in time."""
    first: dict[tuple[str, str], date] = {}
    for site, station, on in rows_of(arrivals, "site", "station", "first_received_on"):
        first[site, station] = min(first.get((site, station), on), on)
    third = (day.replace(day=1) + timedelta(days=31)).replace(day=3)
    sums: dict[str, Counter[str]] = {name: Counter() for name in ("pcs", *IN_TIME)}
    for (site, _station), on in first.items():
        for name, last in zip(sums, (date.max, day + timedelta(days=3), third), strict=True):
            sums[name][site] += on <= last
    return _by_site("site_arrivals", sums["pcs"], sums, day=day)


def _ends(ends: "pa.Table | None") -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {f"end_{code}": Counter() for code in (*ENDS, "other")}
    for site, code, count in rows_of(ends, "site", "code", "sessions"):
        found[f"end_{code if code in ENDS else 'other'}"][site] += count
    return found


def _site_months(first: date, days: "pa.Table") -> "pa.Table":
    import pyarrow.compute as pc

    days = days.take(pc.sort_indices(days["site"]))
    counted: dict[str, Counter[str]] = {name: Counter() for name in DAYS}
    for site, pcs, planned, on, working in rows_of(
        days, "site", "pcs", "site_planned_minutes", "pcs_on", "pcs_working"
    ):
        states = (True, planned > 0, planned > 0 < on, planned > 0 < working)
        for name, state in zip(DAYS[:4], states, strict=True):
            counted[name][site] += state
        counted["most_pcs"][site] = max(counted["most_pcs"][site], pcs)
    return _by_site("site_months", counted["days"], {**sums_by_site(days, COUNTS), **counted}, month_first=first)


def _by_site(name: str, sites: Iterable[str], sums: Mapping[str, Sums], **when: date) -> "pa.Table":
    """A rollup's rows of these sites, which are in order."""
    import pyarrow as pa

    schema, names = arrow_schema(ROLLUPS[name]), list(sites)
    said = {column: [value] * len(names) for column, value in when.items()}
    columns: list[list[Any]] = [
        names if column == "site" else said[column] if column in said else [sums[column].get(site, 0) for site in names]
        for column in schema.names
    ]
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _concat(tables: "list[pa.Table]", name: str) -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks() if tables else arrow_schema(ROLLUPS[name]).empty_table()
