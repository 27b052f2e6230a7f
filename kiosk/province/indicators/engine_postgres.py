"""PostgreSQL over the tables that `kiosk province load` put there (loading.py), all questions of one moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kiosk.province.indicators.engine_rows import Given, plain
from kiosk.province.indicators.engine_words import no_library
from kiosk.province.indicators.postgres import MONTH, SCHEMA, connected, not_loaded, stamp, troubles

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg
    import pyarrow as pa
    from ibis.backends.postgres import Backend

    from kiosk.province.lake.lake import Lake

_TYPES = {"string": 'text COLLATE "C"', "int64": "bigint", "date32[day]": "date"}


class Postgres:
    """The engine of who has a PostgreSQL already."""

    name = "postgres"

    def __init__(self, connection: "psycopg.Connection", db: "Backend") -> None:
        self._connection, self._db = connection, db
        self._given = Given(self._keep, self._forget)

    def table(self, name: str, first: str = "0000-00", last: str = "9999-12") -> "ir.Table":
        """See Engine."""
        with troubles():
            rows = self._db.table(name, database=SCHEMA)
        if (first, last) != ("0000-00", "9999-12"):
            rows = rows.filter(rows[MONTH] >= first, rows[MONTH] <= last)
        return rows.drop(MONTH)

    def given(self, name: str, rows: "pa.Table") -> "ir.Table":
        """See Engine."""
        with troubles():
            return self._given.table(name, rows)

    def rows(self, asked: "ir.Expr") -> Sequence[Mapping[str, Any]]:
        """See Engine."""
        with troubles():
            return plain(self._db.to_pyarrow(asked))

    def _keep(self, name: str, rows: "pa.Table") -> "ir.Table":
        own = ", ".join(f'"{field.name}" {_TYPES[str(field.type)]}' for field in rows.schema)
        self._connection.execute(f'CREATE TEMP TABLE "{name}" ({own}) ON COMMIT DROP')
        with self._connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                copy.write_row(row)
        self._connection.execute(f'ANALYZE "{name}"')
        return self._db.table(name)

    def _forget(self, name: str) -> None:
        self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')


@contextmanager
def open_postgres(lake: "Lake", url: str) -> Iterator[Postgres]:
    """While it lasts PostgreSQL reckons. KioskError where it is away, or has not this edition of the lake."""
    with connected(url) as connection:
        with troubles():
            if connection.execute(f"SELECT files FROM {SCHEMA}.loaded").fetchone() != (stamp(lake),):
                raise not_loaded()
            try:
                import ibis

                db = ibis.postgres.from_connection(connection)
            except ImportError as error:
                raise no_library(error, "postgres") from error
        yield Postgres(connection, db)
