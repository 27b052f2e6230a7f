"""Every figure of a province's year, of a nation's, and of ten years of a nation, by DuckDB over generated lakes."""

import os

from scripts.benchmarks import board_stage
from scripts.benchmarks.board_child import Told, apart
from scripts.benchmarks.board_stage import Size
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import say

BUDGETS = {"province": ("a province's year", 1.0), "nation": ("a nation's year", 10.0),
           "decade": ("ten years of a nation", 15.0)}  # fmt: skip
BUDGET_MB = 2_000


def measure() -> list[Figure]:
    """Warm; with by="site", which is the finest. `--quick` leaves out the ten years."""
    sizes = (board_stage.PROVINCE, board_stage.NATION, board_stage.DECADE)
    found = []
    for size in sizes[: 2 if "KIOSK_BENCH_QUICK" in os.environ else 3]:
        told = apart(size)
        say(f"{size.name}: {told.known} of {told.figures} figures have a number")
        found += of(size, told, "DuckDB", BUDGETS[size.name][1])
        found.append(Figure(f"memory of it: {BUDGETS[size.name][0]}, DuckDB", told.megabytes, "MB", BUDGET_MB))
    return found


def of(size: Size, told: Told, engine: str, budget: float | None = None) -> list[Figure]:
    """As it is shown; the limit beside it was measured in the same process."""
    what = BUDGETS[size.name][0]
    many = f"{len(size.sites)} sites, {sum(size.sites)} PCs"
    return [
        median(f"every figure of {what}, {engine}", told.seconds, "s", budget,
               note=f"{told.figures} figures of each site and of all; {many}; the first time {told.cold:.1f} s; "
                    f"{min(told.processor):.1f} s of the processor in this process"),
        Figure(f"limit: DuckDB sums the same {told.rows} rows", told.limit, "s",
               note="every number by site, nothing else; memory has no limit"),
    ]  # fmt: skip
