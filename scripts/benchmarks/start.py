"""From the exec of `kiosk run` to a covered screen, and to a station that somebody can use."""

import os
import statistics
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from kiosk.errors import KioskError
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import Station, folder, say, screen
from scripts.benchmarks.watching import Panorama, Watch, first_cover, now_and_then
from tests.running import alone

TIMES = 7
COVERED, READY = 0.5, 1.5


def measure() -> list[Figure]:
    """Medians of some starts in a home that was stopped cleanly; the first start only warms the caches."""
    found: dict[str, list[float]] = {}
    with folder() as place, closing(os.fdopen(alone())):
        for number in range(TIMES + 1):
            say(f"start {number} of {TIMES}" if number else "a start to warm the caches")
            figures = _start(place)
            if number:
                for name, seconds in figures.items():
                    found.setdefault(name, []).append(seconds)
    parts = ", ".join(f"{name} {statistics.median(found[name]):.2f} s" for name in ("free", "drawn", "panel", "menu"))
    return [
        median("start → covered", found["covered"], "s", COVERED, known="trial 0.44 s"),
        median("start → ready", found["ready"], "s", READY, note=f"state free, START drawn, pages answer: {parts}"),
    ]


def _start(place: Path) -> dict[str, float]:
    with screen() as display:
        running = Station(place / "home", display)
        with Panorama(display) as eye:
            conditions = {
                "free": now_and_then(lambda: _free(running)),
                "panel": now_and_then(lambda: _answers(running.panel)),
                "menu": now_and_then(lambda: _answers(running.menu)),
            }
            watch = Watch(eye, conditions)
            zero = time.monotonic()
            running.start()
            try:
                watch.until(lambda: True, 20)
                tokens = {running.status()["marker"]}
                settled = time.monotonic() + 0.5
                watch.until(lambda: time.monotonic() > settled, 5)
            finally:
                running.stop()
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
