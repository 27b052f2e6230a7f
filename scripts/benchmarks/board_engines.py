"""The same figures by PostgreSQL and Spark: loading, a province's year, a nation's. Wants `scripts/bench board`."""

import os
import time

from kiosk.province.indicators.loading import load
from scripts.benchmarks import board_stage
from scripts.benchmarks.board_child import apart
from scripts.benchmarks.board_figures import of
from scripts.benchmarks.board_stage import Size
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say
from tests.postgres_cluster import cluster

RUNS = 2
SIZES = (board_stage.PROVINCE, board_stage.NATION)


def measure() -> list[Figure]:
    """PostgreSQL as it is installed, on the disk; Spark with two threads of this machine."""
    found = []
    for size in SIZES:
        found += _postgres(size)
        found += _spark(size)
    return found


def _postgres(size: Size) -> list[Figure]:
    with cluster() as one:
        one.stop()
        one.start(("",))  # what it is set to by itself: with fsync
        with board_stage.lake(size) as lake:
            begun = time.perf_counter()
            loaded = load(lake, one.url())
            took = time.perf_counter() - begun
            begun = time.perf_counter()
            load(lake, one.url())
            again = time.perf_counter() - begun
        files = (path for path in (one.place / "data" / "base").rglob("*") if path.is_file())
        weight = sum(path.stat().st_size for path in files) / 1e6
        name = f"{len(size.sites)} sites, two years"
        loading = Figure(f"kiosk province load: {name}", took, "s",
                         note=f"{loaded.rows} rows, {loaded.rows / took:.0f} a second; {weight:.0f} MB on the disk; "
                              f"with nothing new {again:.2f} s")  # fmt: skip
        return [loading, of(size, apart(size, "postgres", one.url(), RUNS), "PostgreSQL")[0]]


def _spark(size: Size) -> list[Figure]:
    if "KIOSK_SPARK" not in os.environ:
        say("there is no Spark here: it is not measured (scripts/bench board fetches it)")
        return []
    told = apart(size, "spark", "local[2]", RUNS, [os.environ["KIOSK_SPARK"]])
    return of(size, told, "Spark")[:1]
