"""From the order that ends a session to a covered screen, dead programs and a wiped home, with a real browser."""

import os
import time
from collections.abc import Callable

from kiosk.supervisor.home import SWEPT
from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Aside, Watch, first_cover
from tests.watching import Eye

TIMES = 7
COVERED, WIPED = 20, 100


def measure() -> list[Figure]:
    """Medians of some ends while the browser shows the menu."""
    found: dict[str, list[float]] = {}
    with station() as running:
        for number in range(TIMES):
            say(f"end {number + 1} of {TIMES}")
            for name, milliseconds in _end(running).items():
                found.setdefault(name, []).append(milliseconds)
    crowd = f"also what lies outside the home; {_swept_files():,} files of others lay there and were looked at"
    coarse = f"the screen was looked at every {max(found['coarse']):.1f} ms or oftener"
    return [
        median("lock order → covered", found["covered"], "ms", COVERED, known="trial 6–11 ms", note=coarse),
        median("lock order → programs dead", found["dead"], "ms", WIPED, note=f"{found['programs'][-1]:.0f} processes"),
        median("lock order → home wiped", found["wiped"], "ms", WIPED, known="trial 23 ms"),
        median("lock order → all wiped", found["swept"], "ms", WIPED, note=crowd),
        median("lock order → START again", found["free"], "ms"),
        largest("lock order → covered, slowest", found["covered"], "ms"),
    ]


def _end(running: Station) -> dict[str, float]:
    running.open_session(browser=True)
    before = running.status()["marker"]
    programs = running.programs()
    # The one who tells that everything is swept is the supervisor, in its log.
    told = len(running.log())
    conditions = {
        "dead": _all_dead(programs),
        "wiped": lambda: not _full(running),
        "swept": lambda: "supervisor: session ended" in running.log()[told:],
    }
    with Eye(running.display) as eye:
        watch = Watch(eye, conditions)
        calm = time.monotonic() + 0.1
        if not programs or not _full(running):
            raise RuntimeError("no program and no home to end")
        while time.monotonic() < calm:
            watch.see()
        zero = time.monotonic()
        with running.order("finish"), Aside(lambda: running.status()["state"] == "free") as free:
            # First the screen alone: what else is asked would make every look wait.
            watch.until_covered(before, 5)
            watch.until(lambda: free.met is not None, 20)
    running.wait_free()
    if "NOT clean" in running.log()[told:]:
        raise RuntimeError("the session did not end clean")
    samples = watch.covered({before, running.status()["marker"]})
    if any(covered for moment, covered in samples if moment < zero):
        raise RuntimeError("the screen was covered before the order")
    times = {name: (met - zero) * 1000 for name, met in {**watch.met, "free": free.met or 0.0}.items()}
    return {
        **times, "covered": first_cover(samples, zero) * 1000, "coarse": watch.coarseness() * 1000,
        "programs": float(len(programs)),
    }  # fmt: skip


def _swept_files() -> int:
    return sum(len(names) for place in SWEPT for _where, _folders, names in os.walk(place))


def _full(running: Station) -> bool:
    try:
        return len(os.listdir(running.paths.citizen_home)) > 0
    except FileNotFoundError:
        return False


def _all_dead(pids: list[int]) -> Callable[[], bool]:
    left = list(pids)

    def asked() -> bool:
        while left and not proc.alive(left[-1]):
            left.pop()
        return not left

    return asked
