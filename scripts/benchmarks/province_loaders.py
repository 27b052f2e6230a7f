"""How fast others load the same: PostgreSQL's COPY and DuckDB's reader, of rows that nobody had to check or unpack.

A row is a bundle: whose, of which day, its revision, its sha256, the day's totals, and its lines as JSON.
"""

import csv
import glob
import gzip
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.export.batch import unpack
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import folder, say
from tests.province_nation import nation, stations

SITES = (5,) * 80
DAYS = 30
RUNS = 3
COUNTS = ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "planned_minutes", "open_minutes",
          "internet_minutes", "boots", "unclean")  # fmt: skip
COLUMNS = ", ".join(
    ["site text", "station text", "day date", "revision integer", "sha256 text"]
    + [f"{name} integer" for name in COUNTS] + ["lines text"]
)  # fmt: skip


def measure() -> list[Figure]:
    """Rows of CSV into a table on the disk, committed."""
    with folder() as where:
        rows = _rows(where / "rows.csv")
        say(f"{rows} rows")
        figures = [_figure("DuckDB reads CSV", rows, _duckdb(where))]
        if tools := _tools():
            figures.append(_figure("PostgreSQL COPY", rows, _postgres(where, tools)))
        else:
            say("there is no PostgreSQL here: its COPY is not measured (apt install postgresql)")
    return figures


def _figure(name: str, rows: int, took: list[float]) -> Figure:
    each = [1e6 * seconds / rows for seconds in took]
    return median(f"yardstick: {name}", each, "µs a row", note=f"{rows / min(took):.0f} rows a second at best; "
                  "committed once, neither signed nor checked")  # fmt: skip


def _rows(path: Path) -> int:
    count, place = 0, nation(DAYS, SITES)
    with open(path, "w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        for one in stations(place):
            for bundle in unpack(one.body(place)):
                head, day, *_rest = lines = [json.loads(line) for line in gzip.decompress(bundle.content).splitlines()]
                counts = [day[name] for name in COUNTS]
                told = [head["site"], head["station"], head["day"], head["revision"], bundle.sha256]
                write.writerow([*told, *counts, json.dumps(lines)])
                count += 1
    path.chmod(0o644)
    return count


def _duckdb(where: Path) -> list[float]:
    import duckdb

    took = []
    for number in range(RUNS):
        db = duckdb.connect(where / f"{number}.duckdb", config={"threads": 1})
        db.execute(f"CREATE TABLE bundles ({COLUMNS})")
        begun = time.perf_counter()
        db.execute(f"COPY bundles FROM '{where / 'rows.csv'}' (FORMAT csv)")
        db.execute("CHECKPOINT")
        took.append(time.perf_counter() - begun)
        db.close()
    return took


def _tools() -> Path | None:
    """Where initdb and postgres lie; None where there are none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return Path(found[-1]).parent if found else None


def _postgres(where: Path, tools: Path) -> list[float]:
    took = []
    with _cluster(where / "postgres", tools) as ask:
        for number in range(RUNS):
            ask(f"CREATE TABLE bundles_{number} ({COLUMNS})")
            begun = time.perf_counter()
            ask(f"COPY bundles_{number} FROM '{where / 'rows.csv'}' (FORMAT csv)")
            took.append(time.perf_counter() - begun)
    return took


class _Ask:
    """SQL by psql, as the cluster's user."""

    def __init__(self, place: Path, tools: Path, who: list[str]) -> None:
        self._command = [*who, str(tools / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(place), "postgres", "-c"]

    def __call__(self, sql: str) -> None:
        subprocess.run([*self._command, sql], check=True, capture_output=True, timeout=300, cwd="/")


@contextmanager
def _cluster(place: Path, tools: Path) -> Iterator[_Ask]:
    """A PostgreSQL of its own, as it is set by default but for its socket."""
    place.mkdir()
    who = list[str]()
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(place, "postgres")
        who = ["runuser", "-u", "postgres", "--"]
    run = {"check": True, "capture_output": True, "timeout": 120, "cwd": "/"}
    subprocess.run([*who, str(tools / "initdb"), "-D", str(place / "data"), "-A", "trust"], **run)  # type: ignore[call-overload]
    control = [*who, str(tools / "pg_ctl"), "-D", str(place / "data"), "-l", str(place / "log"), "-w"]
    subprocess.run([*control, "-o", f"-c listen_addresses= -k {place}", "start"], **run)  # type: ignore[call-overload]
    try:
        yield _Ask(place, tools, who)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
