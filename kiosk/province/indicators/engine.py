"""An engine that reckons: DuckDB on the lake's files, PostgreSQL or Spark, all by the same Ibis expressions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.errors import UsageError
from kiosk.translations import _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from kiosk.province.lake.lake import Lake

NAMES = ("duckdb", "postgres", "spark")


class Engine(Protocol):
    """`name`: duckdb, postgres or spark."""

    name: str

    def table(self, name: str, first: str = "0000-00", last: str = "9999-12") -> "ir.Table":
        """A table or rollup of the lake, its months (YYYY-MM) from `first` to `last`. Months are whole: filter days."""

    def given(self, name: str, rows: "pa.Table") -> "ir.Table":
        """A small table of ours (of the register) beside those of the lake, for joins."""

    def rows(self, asked: "ir.Expr") -> Sequence[Mapping[str, Any]]:
        """The rows of an expression: int, str, date or None; never a float or Decimal. In no order."""


def must_need(name: str, url: str) -> None:
    """UsageError for an address that nobody would look at: the figures would be of another engine than was meant."""
    if name == "duckdb" and url:
        raise UsageError(
            _("DuckDB reckons in this process and has no address."),
            _("Name the engine that is there: --engine postgres or --engine spark; or leave the address out."),
        )


@contextmanager
def opened(lake: "Lake", name: str = "duckdb", url: str = "") -> Iterator[Engine]:
    """The engine of that name over an edition; `url`: where it runs. KioskError when it is away."""
    must_need(name, url)
    from kiosk.province.indicators.engine_duckdb import open_duckdb
    from kiosk.province.indicators.engine_postgres import open_postgres
    from kiosk.province.indicators.engine_spark import open_spark

    ready: AbstractContextManager[Engine]
    if name == "postgres":
        ready = open_postgres(lake, url)
    else:
        ready = open_spark(lake, url) if name == "spark" else open_duckdb(lake)
    with ready as engine:
        yield engine
