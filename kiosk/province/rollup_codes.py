"""What a site counts by code in a month: opens of items, and the journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.province.lake_tables import Column, arrow_schema, wholes
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
        for pc in zip(*(tables["days"][name].to_pylist() for name in ("site", "station")), strict=True):
            self._levels.pop(pc, None)
        for site, item, count in _rows(tables.get("opens"), ["site", "item"], "times"):
            self._sums[site, "open"][item] += count
        for site, station, code, count in _rows(tables.get("journal"), ["site", "station", "code"], "amount"):
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


def _rows(table: "pa.Table | None", by: list[str], count: str) -> Iterator[tuple[Any, ...]]:
    if table is None:
        return iter(())
    sums = sums_of(table, by, (count,))
    return zip(*(sums[name].to_pylist() for name in (*by, count)), strict=True)


def sums_of(table: "pa.Table", by: list[str], added: Iterable[str], most: Iterable[str] = ()) -> "pa.Table":
    """Sums, and the most, of columns by others; in the order in which they first stand there."""
    wanted = [*((name, "sum") for name in added), *((name, "max") for name in most)]
    found = table.group_by(by, use_threads=False).aggregate(wanted)
    names = {f"{name}_{how}": name for name, how in wanted}
    return found.rename_columns([names.get(name, name) for name in found.column_names])
