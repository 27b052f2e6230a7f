"""`scripts/bench`: measures what DESIGN.md 13 sets budgets for, and prints each figure beside its budget.

Every figure was measured in this run. Start at `measure` in any of the modules named in MEASUREMENTS.
"""

import argparse
import importlib
import logging
import os
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Our own neighbours as scripts.benchmarks and tests; kiosk itself comes from the environment, as on a station.
sys.path[:] = [path for path in sys.path if path not in ("", str(Path(__file__).parent))] + [str(ROOT)]

from scripts.benchmarks import figures, machine  # noqa: E402
from scripts.benchmarks.stage import say  # noqa: E402

MEASUREMENTS = (
    "memory", "idle", "time_bar", "start", "end", "kill", "random_kills", "sign_in", "sign_in_meanwhile", "poll",
    "clicks", "bundle", "release_shares", "menu_page", "report", "search", "zim_pages", "film", "updates",
)  # fmt: skip
# The other end; only where it is asked for, because it needs packages that no station has, and its time.
PROVINCE = ("province_ingest", "province_night", "province_lake", "province_loaders", "province_month")
# Figures of a province and of a nation, and the same by other engines.
BOARD = ("board_figures", "board_page", "board_engines")
WHAT = {"province": PROVINCE, "board": BOARD}
NAMES = MEASUREMENTS + PROVINCE + BOARD
Result = figures.Figure | figures.Failure


def main() -> int:
    """Measure, print, and tell by the exit code whether everything could be measured (not whether it is good)."""
    chosen = _arguments()
    where = machine.machine(Path("/var/tmp"))
    print(machine.line(where), flush=True)
    begun = time.monotonic()
    results: list[Result] = []
    for name in chosen.only or WHAT.get(chosen.what, MEASUREMENTS):
        results += _measure(name)
    where["load_after"] = [round(one, 2) for one in os.getloadavg()]
    where["seconds"] = round(time.monotonic() - begun)
    print(f"\n{figures.table(one.row() for one in results)}\n\n{figures.notes(results)}")
    print(f"{where['seconds']} s; load after {' '.join(map(str, where['load_after']))}")
    if chosen.json:
        figures.write_json(chosen.json, where, results)
    return int(any(isinstance(one, figures.Failure) for one in results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure this station against its budgets.")
    parser.add_argument(
        "what",
        nargs="?",
        choices=tuple(WHAT),
        help="measure the province's end instead: what it takes in, or its figures",
    )
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME",
                        help=f"measure only this, may be given again: {', '.join(NAMES)}")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a tenth of a nation's PCs where a month is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures and samples there")
    chosen = parser.parse_args()
    if chosen.json:
        chosen.json = chosen.json.absolute()
    if chosen.quick:
        os.environ["KIOSK_BENCH_QUICK"] = "1"
    # What we start must not find a package by lying in the same folder.
    os.chdir("/")
    # The service's parts in this process would report that nobody hears their orders.
    logging.getLogger("kiosk").addHandler(logging.NullHandler())
    return chosen


def _measure(name: str) -> list[Result]:
    begun = time.monotonic()
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        found: list[Result] = importlib.import_module(f"scripts.benchmarks.{name}").measure()
    except (Exception, AssertionError) as error:  # the border of the loop: the other figures are wanted all the same
        traceback.print_exc()
        return [figures.Failure(name, str(error).splitlines()[0] if str(error) else type(error).__name__)]
    say(f"{name}: {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}")
    return found


if __name__ == "__main__":
    sys.exit(main())
