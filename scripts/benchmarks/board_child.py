"""A process of its own that reckons every figure of a generated lake some times: how long, and how much memory."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.lake.tables import TABLES
from kiosk.rules.periods import months_period
from scripts.benchmarks import board_stage
from scripts.benchmarks.board_stage import Size

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = {one.name: one for one in (board_stage.PROVINCE, board_stage.NATION, board_stage.DECADE)}
CHILD = "import sys; sys.path.append(sys.argv[1]); from scripts.benchmarks.board_child import main; main()"
# What is read of the asked months, and of those a year earlier.
READ = ("site_months", "site_arrivals", "site_month_codes", "months", "releases")


@dataclass(frozen=True)
class Told:
    """`seconds`: of each run after the first, which is `cold`; `processor`: of them, in this process.

    `known`: how many figures had a number, of how many; `limit`: see raw.
    """

    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    cold: float
    megabytes: int
    known: int
    figures: int
    places: int
    limit: float
    rows: int


def ask_of(size: Size) -> Ask:
    """The last year of two, or all ten, by site: the finest that is asked."""
    first = size.last if size.last - size.first < 2 else size.first
    return Ask(months_period((first, 1), (size.last, 12)), date(size.last + 1, 1, 1), by="site")


def reckon(size: Size, engine: str, url: str = "", runs: int = 3) -> Told:
    """In this process."""
    took, busy = list[float](), list[float]()
    with board_stage.world(size, engine, url) as world:
        for _run in range(runs + 1):
            begun, before = time.perf_counter(), time.process_time()
            told = figures(world, ask_of(size))
            took.append(time.perf_counter() - begun)
            busy.append(time.process_time() - before)
    whole = told.of()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    limit, rows = raw(size)
    known = sum(value.known for value in whole.values())
    return Told(tuple(took[1:]), tuple(busy[1:]), took[0], most, known, len(whole), len(told.places), limit, rows)


def raw(size: Size) -> tuple[float, int]:
    """Seconds in which DuckDB alone sums every number of the same files by site, and of how many rows: the limit."""
    import duckdb

    begin = f"{ask_of(size).period.first.year - 1}-01"
    rows, seconds = 0, list[float]()
    with board_stage.lake(size) as lake, duckdb.connect() as db:
        db.execute("SET enable_progress_bar = false")
        for _again in range(2):
            begun, rows = time.perf_counter(), 0
            for table in READ:
                files = [str(path) for path in lake.files(table, begin)]
                whole = f"columns(* EXCLUDE ({_words(table)}))"
                found = db.execute(f"SELECT count(*), sum({whole}) FROM read_parquet($1) GROUP BY site", [files])
                rows += sum(row[0] for row in found.fetchall())
            seconds.append(time.perf_counter() - begun)
    return min(seconds), rows


def _words(table: str) -> str:
    """The columns that are no numbers."""
    from kiosk.province.lake.rollups import ROLLUPS

    columns = ROLLUPS.get(table) or TABLES[table].columns
    return ", ".join(column.name for column in columns if column.type != "whole")


def apart(size: Size, engine: str = "duckdb", url: str = "", runs: int = 3, path: Sequence[str] = ()) -> Told:
    """The same in a process that has nothing else in its memory."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, os.environ.get("PYTHONPATH", "")])}
    with board_stage.lake(size):  # made before the clock begins
        command = [sys.executable, "-P", "-c", CHILD, str(ROOT), size.name, engine, url, str(runs)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=env)
    told = json.loads(done.stdout.splitlines()[-1])
    return Told(**{**told, **{name: tuple(told[name]) for name in ("seconds", "processor")}})


def main() -> None:
    """What `apart` starts."""
    _root, size, engine, url, runs = sys.argv[1:]
    print(json.dumps(vars(reckon(SIZES[size], engine, url, int(runs)))))
