"""What engines share: which files they read, rows as plain Python, and the small tables that were given to them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.province.lake.edition import EMPTY
from kiosk.province.lake.months import damaged

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from kiosk.province.lake.lake import Lake

KEPT = 100  # tables that were given; one question gives some ten


def files(lake: "Lake", table: str, first: str, last: str) -> list[Path]:
    """The files of a table's months. DamagedError where one is gone that the edition was made with.

    A month of which nothing was told has none; so what is missing would only make figures smaller.
    """
    wanted = [name for name in lake.edition.about.files if name.startswith(f"{table}/month=")]
    months = {name: name.partition("month=")[2][:7] for name in wanted}
    found = [lake.edition.path / name for name in wanted if first <= months[name] <= last]
    for path in found:
        if not path.exists():
            raise damaged(path)
    return [lake.edition.path / table / EMPTY, *found]


class Given:
    """The tables of ours that an engine holds: each once, however often it is given; of very many the last."""

    def __init__(self, keep: "Callable[[str, pa.Table], ir.Table]", forget: Callable[[str], object]) -> None:
        self._keep, self._forget = keep, forget
        self._held: OrderedDict[str, tuple[str, pa.Table, ir.Table]] = OrderedDict()
        self._made = 0

    def table(self, name: str, rows: "pa.Table") -> "ir.Table":
        """The engine's table of these rows."""
        for known, (said, before, table) in self._held.items():
            if said == name and (before is rows or before.equals(rows)):
                self._held.move_to_end(known)
                return table
        while len(self._held) >= KEPT:
            self._forget(self._held.popitem(last=False)[0])
        self._made += 1
        own = f"given_{name}_{self._made}"
        table = self._keep(own, rows)
        self._held[own] = name, rows, table
        return table


def plain(told: "pa.Table | pa.Array | pa.Scalar") -> Sequence[Mapping[str, Any]]:
    """Rows of int, str, date or None. TypeError for a float: figures are whole numbers on every engine."""
    rows: list[dict[str, Any]] = told.to_pylist()
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows] if _odd(told) else rows


def _odd(told: "pa.Table") -> bool:
    """Whether a column is of none of the plain types."""
    import pyarrow as pa

    usual = (pa.types.is_integer, pa.types.is_string, pa.types.is_large_string, pa.types.is_date)
    return any(not any(is_of(column.type) for is_of in usual) for column in told.schema)


def _plain(name: str, value: Any) -> int | str | date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Decimal) and value == int(value):
        return int(value)
    if value is None or isinstance(value, int | str | date):
        return value
    raise TypeError(f"{name}: {value!r} is no whole number")
