"""How large a station's day is on its way to the province: the bundles of a simulated month."""

import os
import subprocess
import sys

from kiosk.settings import Paths
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import folder, say

DAYS = 30
BUDGET = 2000


def measure() -> list[Figure]:
    """Bytes of the bundles that `kiosk demo` writes, days without a visit left out of the typical ones."""
    say(f"a demo of {DAYS} days")
    with folder() as place:
        home = place / "demo"
        command = [sys.executable, "-m", "kiosk", "demo", "--days", str(DAYS), "--no-serve", "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "LANG": "C.UTF-8"})
        sizes = sorted(file.stat().st_size for file in Paths(home).outbox.glob("*.jsonl.gz"))
    if len(sizes) < DAYS - 1:
        raise RuntimeError(f"{len(sizes)} bundles of {DAYS} days")
    return [
        median("bundle of a day", sizes, "bytes", BUDGET, known="trial 600–1700 bytes"),
        largest("bundle of the fullest day", sizes, "bytes", BUDGET),
    ]
