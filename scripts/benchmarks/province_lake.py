"""The lake of a home brought up to date in a process of its own, as `kiosk province serve` does it.

run = rebuilt(home)            # what came since the last edition
run = rebuilt(home, True)      # all of it anew
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.province.home import Home
from kiosk.province.lake import reading


@dataclass(frozen=True)
class Run:
    """One build. `seconds`: from the start of its process to its end; `megabytes`: the most memory it has had (RSS)."""

    seconds: float
    megabytes: int
    bundles: int
    rows: int
    months: int


def rebuilt(home: Home, everything: bool = False) -> Run:
    """Runs the command. CalledProcessError when it fails."""
    command = [sys.executable, "-m", "kiosk", "province", "rebuild", "--json", "--home", str(home.path)]
    begun = time.monotonic()
    done = subprocess.run([*command, *(["--all"] if everything else [])], env={**os.environ, "PYTHONUTF8": "1"},
                          stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
    told: Mapping[str, Any] = json.loads(done.stdout)
    return Run(time.monotonic() - begun, told["megabytes"], told["bundles"], told["rows"], len(told["months"]))


@dataclass(frozen=True)
class Weight:
    """What a month of the lake weighs: all bytes, those of the rollups, and PC-days in it."""

    bytes: int
    rollups: int
    pc_days: int

    def of(self, pcs: int, years: int) -> float:
        """Gigabytes of so many PCs in so many years, as this month weighs."""
        return self.bytes / self.pc_days * pcs * years * 365.25 / 1e9


def weight(home: Home, month: date) -> Weight:
    """What a month weighs in the published edition."""
    with reading(home) as lake:
        names = {name: file for name, file in lake.edition.about.files.items() if f"month={month:%Y-%m}." in name}
        return Weight(
            sum(file.bytes for file in names.values()),
            sum(file.bytes for name, file in names.items() if name.startswith("site_")),
            next(file.rows for name, file in names.items() if name.startswith("arrivals/")),
        )


def asked_by_duckdb(lake: Path) -> float:
    """Seconds of one question to the lake by DuckDB: visits by site of all that there is."""
    import duckdb

    begun = time.monotonic()
    with duckdb.connect() as db:
        db.execute(f"SELECT site, sum(visits) FROM '{lake}/current/site_days/*.parquet' GROUP BY site").fetchall()
    return time.monotonic() - begun
