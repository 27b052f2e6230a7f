"""Spark over the files of one edition: on this machine (local[4]) or on a cluster that sees the same folder.

Nothing is loaded. Each file is read by its exact path with the columns that it is known to have.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.errors import DamagedError, KioskError
from kiosk.province.indicators.engine_rows import Given, files, plain
from kiosk.province.indicators.engine_words import no_library
from kiosk.province.indicators.postgres import columns
from kiosk.translations import _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.pyspark import Backend
    from pyspark.sql import SparkSession

    from kiosk.province.lake.lake import Lake

HERE = "local[4]"
_TYPES = {"text": "STRING", "whole": "BIGINT", "day": "DATE"}
# What Hadoop reads as a pattern in a path.
_PATTERN = re.compile(r"[*?\[\]{}\\,^]")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
# Figures of sites are small beside what Spark is made for: four pieces, not two hundred.
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
}


class Spark:
    """The engine of who reckons for many provinces."""

    name = "spark"

    def __init__(self, lake: "Lake", session: "SparkSession", db: "Backend") -> None:
        self._lake, self._session, self._db = lake, session, db
        self._read: dict[tuple[str, str, str], ir.Table] = {}
        self._given = Given(self._keep, self._forget)

    def table(self, name: str, first: str = "0000-00", last: str = "9999-12") -> "ir.Table":
        """See Engine."""
        asked = name, first, last
        if asked not in self._read:
            paths = [exactly(path) for path in files(self._lake, name, first, last)]
            own = ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in columns(name))
            view = f"lake_{name}_{len(self._read)}"
            with self._troubles():
                self._session.read.schema(own).parquet(*paths).createOrReplaceTempView(view)
                self._read[asked] = self._db.table(view)
        return self._read[asked]

    def given(self, name: str, rows: "pa.Table") -> "ir.Table":
        """See Engine."""
        with self._troubles():
            return self._given.table(name, rows)

    def rows(self, asked: "ir.Expr") -> Sequence[Mapping[str, Any]]:
        """See Engine."""
        with self._troubles():
            return plain(self._session.sql(str(self._db.compile(asked))).toArrow())

    def _keep(self, name: str, rows: "pa.Table") -> "ir.Table":
        self._session.createDataFrame(rows).createOrReplaceTempView(name)
        return self._db.table(name)

    def _forget(self, name: str) -> None:
        self._session.catalog.dropTempView(name)

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        from py4j.protocol import Py4JError
        from pyspark.errors import AnalysisException, PySparkException

        try:
            yield
        except AnalysisException as error:
            if error.getErrorClass() != "PATH_NOT_FOUND":
                raise
            raise self._damaged() from error
        except (PySparkException, Py4JError, OSError) as error:
            if "FAILED_READ_FILE" in str(error) or "FileNotFoundException" in str(error):
                raise self._damaged() from error
            raise away(error) from error

    def _damaged(self) -> DamagedError:
        return DamagedError(
            _("A file of the lake in {path} is missing or damaged.", path=self._lake.edition.path),
            _("It is made anew from the archive: kiosk province rebuild --all."),
        )


@contextmanager
def open_spark(lake: "Lake", url: str = "") -> Iterator[Spark]:
    """While it lasts Spark reckons; `url`: its master, else this machine. KioskError where it is away."""
    try:
        from ibis.backends.pyspark import Backend
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise no_library(error, "spark") from error
    running = SparkSession.getActiveSession()
    session = running or _started(url or HERE)
    try:
        db = Backend()
        db.do_connect(session)
        yield Spark(lake, session, db)
    finally:
        if running is None:
            session.stop()


def _started(url: str) -> "SparkSession":
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if not url.startswith("sc://") and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise KioskError(
            _("Spark needs Java, and there is none on this machine."),
            _("Install it: apt install default-jre-headless."),
        )
    wanted = SparkSession.builder.appName("kiosk").config(
        map={**_SETTINGS, **(_LOCAL if url.startswith("local") else {})}
    )
    try:
        return (wanted.remote(url) if url.startswith("sc://") else wanted.master(url)).getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise away(error) from error


def exactly(path: Path) -> str:
    """A path as a pattern that finds this file alone."""
    return _PATTERN.sub(lambda found: f"\\{found[0]}", str(path))


def away(error: Exception) -> KioskError:
    """Spark is not there, or went while it reckoned."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return KioskError(
        _("Spark does not answer: {reason}.", reason=(lines[0] if lines else type(error).__name__).rstrip(".")[:200]),
        _("Look whether it is running and whether the address is right, then try again."),
    )
