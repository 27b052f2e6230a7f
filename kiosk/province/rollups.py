"""Figures by site: of every day, of every month, and of what is counted by code; made of a month's tables.

A PC of several lineages in a day is one PC: what it told adds up. By site only, so that communes, lines of work and
provinces can be added up with the register's dates of effect. When something came is in `site_arrivals` alone.
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
SOURCES = ("days", "ends", "prints", "opens", "missed", "health", "journal", "arrivals")

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

    sites = sums_of(_stations(tables["days"]), ["site"], (*PCS, *DAY), MOST)
    names = sites["site"].to_pylist()
    columns: dict[str, Any] = {name: sites[name] for name in sites.column_names}
    rest = {**_ends(tables.get("ends")), **_others(tables)}
    columns |= {name: [sums.get(site, 0) for site in names] for name, sums in rest.items()}
    columns["day"] = pa.array([day] * len(names), pa.date32())
    schema = arrow_schema(ROLLUPS["site_days"])
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _stations(days: "pa.Table") -> "pa.Table":
    """A row for each PC: its lineages together."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pcs = sums_of(
        days.append_column("planned_once", days["planned_minutes"]), ["site", "station"], DAY, ("planned_once",)
    )
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
    for name, pc_minutes in zip(MOST, ("planned_once", "open_minutes"), strict=True):
        pcs = pcs.append_column(name, pcs[pc_minutes])
    return pcs


def _by_site(table: "pa.Table | None", column: str) -> dict[str, int]:
    if table is None:
        return {}
    found = sums_of(table, ["site"], (column,))
    return dict(zip(found["site"].to_pylist(), found[column].to_pylist(), strict=True))


def _site_arrivals(day: date, arrivals: "pa.Table") -> "pa.Table":
    """By site how many PCs told of the day, and of them in time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = arrivals.group_by(["site", "station"], use_threads=False).aggregate([("first_received_on", "min")])
    third = (day.replace(day=1) + timedelta(days=31)).replace(day=3)
    for name, last in (("pcs", date.max), ("pcs_in_3_days", day + timedelta(days=3)), ("pcs_by_third", third)):
        in_time = pc.less_equal(found["first_received_on_min"], pa.scalar(last, pa.date32()))
        found = found.append_column(name, pc.cast(in_time, pa.int64()))
    sites = sums_of(found, ["site"], ("pcs", *IN_TIME))
    sites = sites.append_column("day", pa.array([day] * sites.num_rows, pa.date32()))
    schema = arrow_schema(ROLLUPS["site_arrivals"])
    return sites.select(schema.names).cast(schema)


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


def _concat(tables: "list[pa.Table]", name: str) -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks() if tables else arrow_schema(ROLLUPS[name]).empty_table()
