"""Figures by site: of every day, of every month, and of what is counted by code; made of a month's tables.

A PC of several lineages in a day is one PC: what it counted adds up, what was planned for it was planned once. By site
only, so that communes, lines of work and provinces can be added up with the register's dates of effect.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from kiosk.export.formats import KINDS
from kiosk.province.lake_months import by_day
from kiosk.province.lake_tables import Column, arrow_schema, wholes
from kiosk.province.rollup_codes import MONTH, SITE, SITE_CODES, Codes, sums_of
from kiosk.rules.session import EndReason

if TYPE_CHECKING:
    import pyarrow as pa

# The rows of a table of the month, by its name.
Read = Callable[[str], "Iterable[pa.Table]"]

DAY = KINDS["day"][1]
ENDS: tuple[str, ...] = get_args(EndReason)
HEALTH = KINDS["health"][1]

# pcs: that told of the day. Of them: planned to be open; switched on; open to citizens for a minute or more;
# whose first word of the day came at most 3 days later; or by the third of the next month.
PCS = ("pcs", "pcs_planned", "pcs_on", "pcs_working", "pcs_in_3_days", "pcs_by_third")
# Minutes are sums over PCs, but these: of the PC with the most, so of the site.
MOST = ("site_planned_minutes", "site_open_minutes")
REST = ("end_other", "pages", "content_opens", "missed_searches", "pcs_looked")
COUNTS = (*PCS, *DAY, *MOST, *(f"end_{code}" for code in ENDS), *REST, *HEALTH)
# days: of which a PC told. Of them: to be open; of those: with a PC on; with a PC open to citizens.
DAYS = ("days", "days_planned", "days_on", "days_working", "most_pcs")

ROLLUPS: Mapping[str, tuple[Column, ...]] = {
    "site_days": (SITE, Column("day", "day"), *wholes(*COUNTS)),
    "site_months": (SITE, MONTH, *wholes(*DAYS, *COUNTS)),
    "site_month_codes": SITE_CODES,
}
SOURCES = ("days", "ends", "prints", "opens", "missed", "health", "journal", "arrivals")

Sums = Mapping[str, int]


def rolled_up(month: str, read: Read) -> "dict[str, pa.Table]":
    """The rollups of a month (YYYY-MM)."""
    first = date.fromisoformat(f"{month}-01")
    codes = Codes()
    days = []
    for day, tables in _days(read):
        days.append(_site_day(day, tables))
        codes.add(tables)
    schema = arrow_schema(ROLLUPS["site_days"])
    site_days = _concat(days, schema)
    return {
        "site_days": site_days,
        "site_months": _site_months(first, site_days),
        "site_month_codes": codes.table(first),
    }


def _days(read: Read) -> "Iterator[tuple[date, dict[str, pa.Table]]]":
    """Day by day all tables; every day of which anything is told has a row in `days`."""
    cursors = {name: by_day(read(name)) for name in SOURCES}
    waiting = {name: next(cursor, None) for name, cursor in cursors.items()}
    while (here := waiting["days"]) is not None:
        found = {}
        for name, one in waiting.items():
            if one is not None and one[0] == here[0]:
                found[name] = one[1]
                waiting[name] = next(cursors[name], None)
        yield here[0], found


def _site_day(day: date, tables: "Mapping[str, pa.Table]") -> "pa.Table":
    import pyarrow as pa

    sites = sums_of(_stations(tables["days"]), ["site"], (*PCS[:4], *DAY), MOST)
    names = sites["site"].to_pylist()
    columns: dict[str, Any] = {name: sites[name] for name in sites.column_names}
    rest = {**_arrived(day, tables["arrivals"]), **_ends(tables.get("ends")), **_others(tables)}
    columns |= {name: [sums.get(site, 0) for site in names] for name, sums in rest.items()}
    columns["day"] = pa.array([day] * len(names), pa.date32())
    schema = arrow_schema(ROLLUPS["site_days"])
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _stations(days: "pa.Table") -> "pa.Table":
    """A row for each PC: its lineages together."""
    import pyarrow as pa
    import pyarrow.compute as pc

    added = tuple(name for name in DAY if name != "planned_minutes")
    pcs = sums_of(days, ["site", "station"], added, ("planned_minutes",))
    on = pc.greater(pcs["open_minutes"], 0)
    for name in ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "boots", "unclean"):
        on = pc.or_(on, pc.greater(pcs[name], 0))
    facts = {
        "pcs": pc.is_valid(pcs["station"]),
        "pcs_planned": pc.greater(pcs["planned_minutes"], 0),
        "pcs_on": on,
        "pcs_working": pc.greater(pcs["open_minutes"], 0),
    }
    for name, fact in facts.items():
        pcs = pcs.append_column(name, pc.cast(fact, pa.int64()))
    for name in MOST:
        pcs = pcs.append_column(name, pcs[name.removeprefix("site_")])
    return pcs


def _by_site(table: "pa.Table | None", column: str) -> dict[str, int]:
    if table is None:
        return {}
    found = sums_of(table, ["site"], (column,))
    return dict(zip(found["site"].to_pylist(), found[column].to_pylist(), strict=True))


def _arrived(day: date, arrivals: "pa.Table") -> dict[str, Counter[str]]:
    """By site how many PCs told of the day in time."""
    found = arrivals.group_by(["site", "station"], use_threads=False).aggregate([("first_received_on", "min")])
    third = (day.replace(day=1) + timedelta(days=31)).replace(day=3)
    soon, by_third = Counter[str](), Counter[str]()
    for site, on in zip(found["site"].to_pylist(), found["first_received_on_min"].to_pylist(), strict=True):
        soon[site] += (on - day).days <= 3
        by_third[site] += on <= third
    return {"pcs_in_3_days": soon, "pcs_by_third": by_third}


def _ends(ends: "pa.Table | None") -> dict[str, Sums]:
    found: dict[str, Counter[str]] = {f"end_{code}": Counter() for code in (*ENDS, "other")}
    if ends is not None:
        sums = sums_of(ends, ["site", "code"], ("sessions",))
        for site, code, count in zip(*(sums[name].to_pylist() for name in ("site", "code", "sessions")), strict=True):
            found[f"end_{code if code in ENDS else 'other'}"][site] += count
    return dict(found)


def _others(tables: "Mapping[str, pa.Table]") -> dict[str, Sums]:
    health = tables.get("health")
    looked = Counter[str]()
    if health is not None:
        looked.update(sums_of(health, ["site", "station"], ("looks",))["site"].to_pylist())
    return {
        "pages": _by_site(tables.get("prints"), "pages"),
        "content_opens": _by_site(tables.get("opens"), "times"),
        "missed_searches": _by_site(tables.get("missed"), "searches"),
        "pcs_looked": looked,
        **{code: _by_site(health, code) for code in HEALTH},
    }


def _site_months(first: date, days: "pa.Table") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    planned = pc.greater(days["site_planned_minutes"], 0)
    facts = {
        "days": pc.is_valid(days["site"]),
        "days_planned": planned,
        "days_on": pc.and_(planned, pc.greater(days["pcs_on"], 0)),
        "days_working": pc.and_(planned, pc.greater(days["pcs_working"], 0)),
    }
    for name, fact in facts.items():
        days = days.append_column(name, pc.cast(fact, pa.int64()))
    days = days.append_column("most_pcs", days["pcs"])
    months = sums_of(days, ["site"], (*DAYS[:4], *COUNTS), ("most_pcs",)).sort_by("site")
    months = months.append_column("month_first", pa.array([first] * months.num_rows, pa.date32()))
    schema = arrow_schema(ROLLUPS["site_months"])
    return months.select(schema.names).cast(schema)


def _concat(tables: "list[pa.Table]", schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks() if tables else schema.empty_table()
