"""From the order that ends a session to a covered screen, dead programs and a wiped home, with a real browser.

Once more with 200 processes of a citizen beside it: to kill and reap many must not take longer than a budget either.
"""

import os
import pwd
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.supervisor.home import SWEPT
from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Aside, Watch, first_cover
from tests.running import CITIZEN
from tests.watching import Eye

TIMES = 7
CROWD = 200
COVERED, WIPED = 20, 100


def measure() -> list[Figure]:
    """Medians of some ends while the browser shows the menu."""
    with station() as running:
        found, crowded = (_ends(running, crowd) for crowd in (0, CROWD))
    return _alone(found) + _crowded(crowded)


def _ends(running: Station, crowd: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for number in range(TIMES):
        say(f"end {number + 1} of {TIMES}" + (f", {crowd} processes more" if crowd else ""))
        for name, milliseconds in _end(running, crowd).items():
            found.setdefault(name, []).append(milliseconds)
    return found


def _crowded(found: dict[str, list[float]]) -> list[Figure]:
    note = f"{min(found['programs']):.0f} to {max(found['programs']):.0f} processes alive"
    return [
        median(f"lock order → covered, {CROWD} alive", found["covered"], "ms", COVERED, note=note),
        median(f"lock order → programs dead, {CROWD} alive", found["dead"], "ms", WIPED, note=note),
        median(f"lock order → all wiped, {CROWD} alive", found["swept"], "ms", WIPED, note=note),
        median(f"lock order → wiping told, {CROWD} alive", found["told"], "ms", note=note),
        median(f"lock order → START again, {CROWD} alive", found["free"], "ms", note=note),
    ]


def _alone(found: dict[str, list[float]]) -> list[Figure]:
    crowd = f"also what lies outside the home; {_swept_files():,} files of others lay there and were looked at"
    coarse = f"the screen was looked at every {max(found['coarse']):.1f} ms or oftener"
    return [
        median("lock order → covered", found["covered"], "ms", COVERED, known="trial 6–11 ms", note=coarse),
        median("lock order → programs dead", found["dead"], "ms", WIPED, note=f"{found['programs'][-1]:.0f} processes"),
        median("lock order → home wiped", found["wiped"], "ms", WIPED, known="trial 23 ms"),
        median("lock order → all wiped", found["swept"], "ms", WIPED, note=crowd),
        median(
            "lock order → wiping told", found["told"], "ms", note="the supervisor's log, after the fresh lock began"
        ),
        median("lock order → START again", found["free"], "ms"),
        largest("lock order → covered, slowest", found["covered"], "ms"),
    ]


def _end(running: Station, crowd: int) -> dict[str, float]:
    running.open_session(browser=True)
    with _beside(running, crowd):
        return _timed(running)


@contextmanager
def _beside(running: Station, crowd: int) -> Iterator[None]:
    """So many processes of the citizen more, which live until their session ends."""
    if not crowd:
        yield
        return
    before = len(running.programs())
    script = f"for one in $(seq {crowd}); do sleep 900 & done; wait"
    shell = running.as_citizen("sh", "-c", script, room=True)
    running.wait(lambda: len(running.programs()) >= before + crowd, f"{crowd} processes", 30)
    try:
        yield
    finally:
        shell.kill()
        shell.wait(10)


def _timed(running: Station) -> dict[str, float]:
    before = running.status()["marker"]
    programs = running.programs()
    told, planted = len(running.log()), _plant()
    conditions = {
        "dead": _all_dead(programs),
        "wiped": lambda: not _full(running),
        "swept": lambda: not _full(running) and not any(one.exists() for one in planted),
        "told": lambda: "supervisor: session ended" in running.log()[told:],
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


def _plant() -> list[Path]:
    """What a citizen might leave outside the home, in the first and the last place that is swept for it."""
    if os.geteuid():
        return []  # nobody is another user then, and nothing is swept there
    owner, planted = pwd.getpwnam(CITIZEN), []
    for place in (one for one in (SWEPT[0], SWEPT[-1], "/dev/shm", "/var/tmp") if Path(one).is_dir()):
        left = Path(place, f"kiosk-bench-{os.getpid()}")
        left.write_text("a letter", encoding="utf-8")
        os.chown(left, owner.pw_uid, owner.pw_gid)
        planted.append(left)
    return planted


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
