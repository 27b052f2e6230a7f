"""What a site counts by code in a month: opens of items, and the journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.province.lake.tables import Column, arrow_schema, wholes
from kiosk.rules.journal import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

SITE, MONTH = Column("site", "text"), Column("month_first", "day")
# kind: open (code: the item) or journal (code; a level as it stood at last, all else a sum over the days).
SITE_CODES = (SITE, MONTH, Column("kind", "text"), Column("code", "text"), *wholes("amount"))


class Codes:
    """What is counted by code in a month. A level that is not told is nought: so of a PC's last day."""

    def __init__(self) -> None:
        self._sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._levels: dict[tuple[str, str], Counter[str]] = {}

    def add(self, tables: "Mapping[str, pa.Table]") -> None:
        """The next day."""
        for pc in rows_of(tables["days"], "site", "station"):
            self._levels.pop(pc, None)
        for site, item, count in rows_of(tables.get("opens"), "site", "item", "times"):
            self._sums[site, "open"][item] += count
        for site, station, code, count in rows_of(tables.get("journal"), "site", "station", "code", "amount"):
            if code in LEVELS:
                self._levels.setdefault((site, station), Counter())[code] += count
            else:
                self._sums[site, "journal"][code] += count

    def table(self, first: date) -> "pa.Table":
        """All of them, by site, kind and code."""
        import pyarrow as pa

        for (site, _station), levels in self._levels.items():
            self._sums[site, "journal"].update(levels)
        rows = sorted((site, first, kind, code, count) for (site, kind), sums in self._sums.items()
                      for code, count in sums.items())  # fmt: skip
        schema = arrow_schema(SITE_CODES)
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        return pa.table([pa.array(list(c), t) for c, t in zip(columns, schema.types, strict=True)], schema=schema)


def rows_of(table: "pa.Table | None", *columns: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of a table as rows; numbers that are not told are 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table is None:
        return iter(())
    found = [table[name] for name in columns]
    return zip(*((pc.fill_null(one, 0) if one.type == pa.int64() else one).to_pylist() for one in found), strict=True)


def sums_by_site(table: "pa.Table | None", columns: Iterable[str]) -> dict[str, dict[str, int]]:
    """Column -> site -> sum, of rows that are ordered by site."""
    import pyarrow.compute as pc

    if table is None:
        return {name: {} for name in columns}
    runs = pc.run_end_encode(table["site"].combine_chunks())
    sites, last = runs.values.to_pylist(), pc.subtract(runs.run_ends, 1)
    found: dict[str, dict[str, int]] = {}
    for name in columns:
        so_far = pc.cumulative_sum(pc.fill_null(table[name], 0).combine_chunks()).take(last).to_pylist()
        found[name] = {site: now - then for site, now, then in zip(sites, so_far, [0, *so_far], strict=False)}
    return found
