"""A national night: one bundle of each of 12,000 PCs by HTTPS to a province that serves, and its figures published."""

import os
import subprocess
import sys
import time
from functools import partial

from kiosk.settings import Paths
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.province_stage import new_home, published, send, serving
from scripts.benchmarks.stage import folder, say
from tests.province_nation import SITES, nation, stations

SIZES = SITES
OWN_LINES = 500  # PCs that come over connections of their own, TLS and all
DEMO_DAYS = 30
BUDGET_SECONDS, BUDGET_MB, BUDGET_BYTES = 60, 300, 2_000
LINE = 180  # bytes of the line before a bundle


def measure() -> list[Figure]:
    """Everything is as a province runs it; the PCs come one after the other over a few connections."""
    say("the bundles of a night")
    place = nation(1, SIZES)
    senders = list(stations(place))
    expected = dict[str, int]()
    for one in senders:
        expected[one.site] = expected.get(one.site, 0) + one.visits[-1]
    with folder() as where, serving(new_home(where / "home", senders)) as there:
        say(f"{len(senders)} bundles")
        bodies = [partial(one.last_night, place) for one in senders]
        begun = time.perf_counter()
        load = send(there, bodies)
        stored = time.perf_counter() - begun
        shown = published(there.home, 1, expected, 300) - begun
        again = send(there, bodies[:OWN_LINES], keep=False)
        memory, lake = there.peak(), there.lake_peak()
    sizes = [one.length - LINE for one in senders]
    mean = sum(one.length for one in senders) / len(senders) - LINE
    count = f"{len(senders)} bundles"
    return [
        Figure(f"a night of {count}: stored", stored, "s", BUDGET_SECONDS,
               note=f"by HTTPS, {load.requests / stored:.0f} requests of one bundle a second, {load.again} sent again"),
        Figure(f"a night of {count}: figures by site and day published", shown, "s", BUDGET_SECONDS,
               note="from the first bundle until whoever reads the lake sees them all; a build begins 10 s after the "
                    "last one, at the lowest priority"),
        Figure("the collector's memory, at most", memory, "MB", BUDGET_MB, note=f"a build of the lake: {lake} MB"),
        Figure("a PC with a connection of its own", 1e3 * again.seconds / OWN_LINES, "ms",
               note="TLS handshake and a bundle that was there before; both ends on this machine"),
        Figure("mean bundle of a made-up nation", mean, "bytes", BUDGET_BYTES, samples=sizes[:: len(sizes) // 50 or 1]),
        _demo(),
    ]  # fmt: skip


def _demo() -> Figure:
    """The same of `kiosk demo`."""
    with folder() as where:
        command = [sys.executable, "-m", "kiosk", "demo", "--days", str(DEMO_DAYS), "--no-serve", "--home", str(where)]
        subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "LANG": "C.UTF-8"})
        sizes = sorted(file.stat().st_size for file in Paths(where).outbox.glob("*.jsonl.gz"))
    return Figure("mean bundle of the demo", sum(sizes) / len(sizes), "bytes", BUDGET_BYTES, samples=sizes)
