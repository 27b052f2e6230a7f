"""The lake made anew from the archive in a process of its own, beside DuckDB's loader of the same lines; its weight."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kiosk.export.batch import Signed, unpack
from kiosk.province.home import Home, the_one
from kiosk.province.intake.intake import open_intake
from kiosk.province.lake.lake import reading
from kiosk.province.lake.lines import lines_of
from kiosk.province.lake.tables import BY_KIND
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.province_stage import new_home
from scripts.benchmarks.stage import folder, say
from tests.province_nation import LAST, Sender, nation, stations

SITES = (5,) * 80
DAYS, RUNS = 30, 3
NEXT_DAY = datetime(LAST.year, LAST.month, LAST.day, 20, tzinfo=timezone.utc)
BUDGET_MB = 300
NATION, YEARS = 12_000, 10
TYPES = {"text": "VARCHAR", "whole": "BIGINT", "day": "DATE"}


def measure() -> list[Figure]:
    """Archive to tables and figures by site; DuckDB only reads lines that were unpacked for it, and writes tables."""
    place = nation(DAYS, SITES)
    senders = list(stations(place))
    with folder() as where:
        home = new_home(where / "home", senders)
        bundles = _take(home, place, senders)
        say(f"{bundles} bundles, {RUNS} times")
        runs = [_rebuilt(home) for _run in range(RUNS)]
        ours = [1e6 * seconds / bundles for seconds, _told in runs]
        lines = _lines(where / "lines.jsonl", place, senders)
        loads = [1e6 * _duckdb(where / "lines.jsonl") / bundles for _run in range(RUNS)]
        weight = _bytes_of_a_pc_month(home)
    rows = runs[0][1]["rows"]
    return [
        median("a bundle of the archive in the lake", ours, "µs",
               note=f"unpacked, read, {rows} rows in {runs[0][1]['files']} files with figures by site, fsynced; with "
                    "the start of the process"),
        median("its lines by DuckDB's loader of JSON", loads, "µs",
               note=f"{lines} lines that lay there unpacked, into a Parquet file by kind; one thread, no figures"),
        Figure("memory of a build, at most", max(told["megabytes"] for _seconds, told in runs), "MB", BUDGET_MB),
        Figure("a PC's month in the lake", weight, "bytes",
               note=f"{NATION} PCs in {YEARS} years: {weight * NATION * 12 * YEARS / 1e9:.1f} GB"),
    ]  # fmt: skip


def _take(home: Home, place: Path, senders: Sequence[Sender]) -> int:
    with the_one(home):
        intake = open_intake(home)
        bundles = 0
        for one in senders:
            answer = intake.take(unpack(one.body(place)), NEXT_DAY)
            bundles += sum(outcome.outcome == "stored" for outcome in answer.outcomes)
        intake.archive.close()
        intake.ledger.close()
    assert bundles == len(senders) * DAYS
    return bundles


def _rebuilt(home: Home) -> tuple[float, Mapping[str, Any]]:
    command = [sys.executable, "-P", "-m", "kiosk", "province", "rebuild", "--all", "--json", "--home", str(home.path)]
    begun = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, "PYTHONUTF8": "1"}, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - begun, json.loads(done.stdout)


def _lines(path: Path, place: Path, senders: Sequence[Sender]) -> int:
    """All lines as JSON lines, each with whose it is; how many."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for one in senders:
            for number, bundle in enumerate(unpack(one.body(place))):
                whose = {"site": one.site, "station": one.station, "day": str(LAST - timedelta(DAYS - 1 - number))}
                for line in _told(bundle):
                    file.write(json.dumps(whose | line, ensure_ascii=False) + "\n")
                    count += 1
    return count


def _told(bundle: Signed) -> list[dict[str, Any]]:
    return lines_of(bundle.content)[1:]


def _duckdb(lines: Path) -> float:
    """Seconds until a Parquet file for each kind of line is on the disk."""
    import duckdb

    out = lines.with_suffix(".tables")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    begun = time.perf_counter()
    with duckdb.connect(config={"threads": 1, "memory_limit": f"{BUDGET_MB}MB"}) as db:
        for kind, table in BY_KIND.items():
            columns = {"site": "VARCHAR", "station": "VARCHAR", "day": "DATE", "kind": "VARCHAR"}
            columns |= {column.field: TYPES[column.type] for column in table.own}
            told = ", ".join(f"'{name}': '{type_}'" for name, type_ in columns.items())
            db.execute(
                f"COPY (SELECT * EXCLUDE kind FROM read_json('{lines}', format = 'newline_delimited', "
                f"columns = {{{told}}}) WHERE kind = '{kind}' ORDER BY day, site, station) "
                f"TO '{out / table.name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )
    for path in out.iterdir():
        with open(path, "rb") as file:
            os.fsync(file.fileno())
    return time.perf_counter() - begun


def _bytes_of_a_pc_month(home: Home) -> float:
    """All files of the lake for each PC and day that is told of, times the days of a month."""
    with reading(home) as lake:
        files = {name: file for name, file in lake.edition.about.files.items() if "/month=" in name}
    pc_days = sum(file.rows for name, file in files.items() if name.startswith("arrivals/"))
    return sum(file.bytes for file in files.values()) / pc_days * 365.25 / 12
