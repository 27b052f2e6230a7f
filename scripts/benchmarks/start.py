"""From the exec of `kiosk run` to a covered screen, and to a station that somebody can use."""

import statistics
import time
import urllib.request

from kiosk.errors import KioskError
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Panorama, Watch, first_cover, now_and_then

TIMES = 7
COVERED, READY = 0.5, 1.5


def measure() -> list[Figure]:
    """Medians of some starts in a home that was stopped cleanly; the start before them warms the caches."""
    found: dict[str, list[float]] = {}
    with station() as running:
        for number in range(TIMES):
            say(f"start {number + 1} of {TIMES}")
            for name, seconds in _start(running).items():
                found.setdefault(name, []).append(seconds)
    parts = ", ".join(f"{name} {statistics.median(found[name]):.2f} s" for name in ("free", "drawn", "panel", "menu"))
    return [
        median("start → covered", found["covered"], "s", COVERED, known="trial 0.44 s"),
        median("start → ready", found["ready"], "s", READY, note=f"state free, START drawn, pages answer: {parts}"),
    ]


def _start(running: Station) -> dict[str, float]:
    running.halt()
    with Panorama(running.display) as eye:
        conditions = {
            "free": now_and_then(lambda: _free(running)),
            "panel": now_and_then(lambda: _answers(running.panel)),
            "menu": now_and_then(lambda: _answers(running.menu)),
        }
        watch = Watch(eye, conditions)
        zero = time.monotonic()
        running.start()
        watch.until(lambda: True, 20)
        tokens = {running.status()["marker"]}
        settled = time.monotonic() + 0.5
        watch.until(lambda: time.monotonic() > settled, 5)
    times = {name: met - zero for name, met in watch.met.items()} | {"drawn": watch.settled() - zero}
    return {**times, "covered": first_cover(watch.covered(tokens), zero), "ready": max(times.values())}


def _free(running: Station) -> bool:
    try:
        state = running.status()
    except (KioskError, OSError):
        return False
    return state["state"] == "free" and state["marker"] is not None


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
