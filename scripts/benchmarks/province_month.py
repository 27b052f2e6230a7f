"""A nation comes back: 12,000 PCs of 1,900 sites that were away for 30 days, 360,000 bundles and the lake of them all.

The bundles are made once (about three minutes on two cores, 300 MB in /var/tmp/kiosk-bench); a run takes up to ten
minutes and 1.5 GB. `scripts/bench --quick` does a tenth of the PCs.
"""

import os
import threading
import time
from functools import partial

from scripts.benchmarks.figures import Figure
from scripts.benchmarks.province_stage import Serving, new_home, published, send, serving
from scripts.benchmarks.stage import folder, say
from tests.province_nation import SITES, nation, stations

QUICK = os.environ.get("KIOSK_BENCH_QUICK") == "1"
SIZES = (30,) * 4 + (10,) * 6 + (9,) * 30 + (5,) * 150 if QUICK else SITES
DAYS = 30
BUDGET_SECONDS, BUDGET_MB = 600, 300


def measure() -> list[Figure]:
    """Each PC sends its month in one body. The lake is built as it goes, and once more at the end."""
    say("the bundles of a month, made where they are not there yet")
    place = nation(DAYS, SIZES)
    senders = list(stations(place))
    expected = dict[str, int]()
    for one in senders:
        expected[one.site] = expected.get(one.site, 0) + sum(one.visits)
    bundles = len(senders) * DAYS
    with folder() as where, serving(new_home(where / "home", senders)) as there:
        say(f"{bundles} bundles")
        ended, seen = threading.Event(), list[float]()
        watch = threading.Thread(target=_watch, args=(there, ended, seen))
        watch.start()
        begun = time.perf_counter()
        load = send(there, [partial(one.body, place) for one in senders])
        stored = time.perf_counter() - begun
        say(f"stored after {stored:.0f} s")
        shown = published(there.home, DAYS, expected, 1_200) - begun
        ended.set()
        watch.join()
        memory, lake = there.peak(), there.lake_peak()
        disk = sum(
            path.stat().st_size for path in there.home.path.rglob("*") if path.is_file() and not path.is_symlink()
        )
    budget = None if QUICK else BUDGET_SECONDS
    return [
        Figure(f"{bundles} bundles of a month: stored", stored, "s", budget,
               note=f"by HTTPS, {bundles / stored:.0f} bundles a second in bodies of {DAYS}, {load.again} sent again"),
        Figure(f"{bundles} bundles of a month: figures published", shown, "s", budget,
               note=f"the largest build of the lake: {lake} MB; the home has {disk / 1e6:.0f} MB then"),
        Figure("the collector's memory meanwhile, at most", memory, "MB", BUDGET_MB, samples=seen),
    ]  # fmt: skip


def _watch(there: Serving, ended: threading.Event, seen: list[float]) -> None:
    while not ended.wait(2.0):
        seen.append(there.peak())
