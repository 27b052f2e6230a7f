"""DuckDB over the files of one edition: nothing is loaded, nothing runs beside, no network is asked.

It takes 1 GB of memory and at most 4 threads; what needs more is laid down in a folder of the system's for temporary
files. Of the lake it reads only the files named by months, each by its exact path.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kiosk.errors import DamagedError, KioskError
from kiosk.province.indicators.engine_rows import Given, files, plain
from kiosk.province.indicators.engine_words import no_library
from kiosk.translations import _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    from kiosk.province.lake.lake import Lake

MEMORY = "1GB"
THREADS = 4
# A path may hold what DuckDB reads as a pattern, which would then find another file, or none.
_PATTERN = re.compile(r"[*?\[]")


class DuckDB:
    """The engine of a province: over the files themselves."""

    name = "duckdb"

    def __init__(self, lake: "Lake", db: "Backend") -> None:
        self._lake, self._db = lake, db
        self._read: dict[tuple[str, str, str], ir.Table] = {}
        self._given = Given(self._keep, self._forget)

    def table(self, name: str, first: str = "0000-00", last: str = "9999-12") -> "ir.Table":
        """See Engine."""
        asked = name, first, last
        if asked not in self._read:
            paths = [exactly(path) for path in files(self._lake, name, first, last)]
            with _troubles(self._lake.edition.path):
                self._read[asked] = self._db.read_parquet(paths)
        return self._read[asked]

    def given(self, name: str, rows: "pa.Table") -> "ir.Table":
        """See Engine."""
        return self._given.table(name, rows)

    def rows(self, asked: "ir.Expr") -> Sequence[Mapping[str, Any]]:
        """See Engine."""
        with _troubles(self._lake.edition.path):
            return plain(self._db.to_pyarrow(asked))

    def _keep(self, name: str, rows: "pa.Table") -> "ir.Table":
        self._db.con.register("given_rows", rows)
        self._db.con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM given_rows')
        self._db.con.unregister("given_rows")
        return self._db.table(name)

    def _forget(self, name: str) -> None:
        self._db.con.execute(f'DROP TABLE IF EXISTS "{name}"')


@contextmanager
def open_duckdb(lake: "Lake") -> Iterator[DuckDB]:
    """While it lasts the lake is read by DuckDB. KioskError where it is not installed."""
    try:
        import ibis
    except ImportError as error:
        raise no_library(error, "province") from error
    with TemporaryDirectory(prefix="kiosk-duckdb-", ignore_cleanup_errors=True) as beside:
        try:
            db = ibis.duckdb.connect(
                memory_limit=MEMORY, threads=min(THREADS, os.cpu_count() or 1), temp_directory=beside,
                autoinstall_known_extensions=False, autoload_known_extensions=False, preserve_insertion_order=False,
            )  # fmt: skip
        except ImportError as error:
            raise no_library(error, "province") from error
        try:
            db.con.execute("SET enable_progress_bar = false")  # it would stand among what a command prints
            yield DuckDB(lake, db)
        finally:
            db.disconnect()


def exactly(path: Path) -> str:
    """A path as a pattern that finds this file alone."""
    return _PATTERN.sub(lambda found: f"[{found[0]}]", str(path))


@contextmanager
def _troubles(edition: Path) -> Iterator[None]:
    """What can go wrong with files and memory, in words. A wrong question of ours is no trouble of theirs."""
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.FatalException) as error:
        raise KioskError(
            _("There is not enough memory or room on the disk for these figures."),
            _("Ask for a shorter time, or for one unit; or close other programs and try again."),
        ) from error
    except duckdb.Error as error:
        # What it stumbles over inside of a file has no kind of its own.
        damaged = isinstance(error, duckdb.IOException | duckdb.InvalidInputException | duckdb.HTTPException)
        if not damaged and type(error) is not duckdb.Error:
            raise
        raise DamagedError(
            _("A file of the lake in {path} is missing or damaged.", path=edition),
            _("It is made anew from the archive: kiosk province rebuild --all."),
        ) from error
