"""What is seen when a process is killed: how long the screen shows what it should not."""

import os
import signal
import time

from kiosk.errors import KioskError
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Watch, back_after, first_cover, longest_gap, now_and_then
from tests.watching import Eye

LOCKED_TIMES, OPEN_TIMES = 15, 7
BUDGET = 250
# Five ends within five seconds, and the supervisor restarts more slowly: that is another measurement.
APART = 1.35


def measure() -> list[Figure]:
    """kill -9 of the lock while locked; of the standby lock and of the service while a session is open."""
    with station() as running:
        gaps, backs = list[float](), list[float]()
        for number in range(LOCKED_TIMES):
            say(f"killing the lock, {number + 1} of {LOCKED_TIMES}")
            gap, back = _kill_lock(running)
            gaps.append(gap)
            backs.append(back)
        running.open_session()
        standby = [_kill_while_open(running, "lock", number) for number in range(OPEN_TIMES)]
        service = [_kill_while_open(running, "service", number) for number in range(OPEN_TIMES)]
    return [
        median("kill -9 lock → covered", backs, "ms", BUDGET, known="trial 181 ms; Libki: bare desktop"),
        largest(
            "kill -9 lock: longest gap", gaps, "ms", BUDGET, note="from the last look that showed a cover to the next"
        ),
        median("kill -9 standby in a session → covers", standby, "ms", BUDGET),
        median("kill -9 service in a session → covered", service, "ms", BUDGET),
    ]


def _kill_lock(running: Station) -> tuple[float, float]:
    started = time.monotonic()
    old = running.status()["marker"]
    with Eye(running.display) as eye:
        watch = Watch(eye, {"new": now_and_then(lambda: running.status()["marker"] not in (None, old))})
        watch.see()
        zero = time.monotonic()
        os.kill(running.pids("lock")[-1], signal.SIGKILL)
        watch.until(lambda: True, 10)
    samples = watch.covered({old, running.status()["marker"]})
    if all(covered for _moment, covered in samples):
        raise RuntimeError("the control: nobody saw the lock go")
    time.sleep(max(0.0, APART - (time.monotonic() - started)))
    return longest_gap(samples, zero) * 1000, back_after(samples, zero) * 1000


def _kill_while_open(running: Station, role: str, number: int) -> float:
    say(f"killing the {'standby lock' if role == 'lock' else role} in a session, {number + 1} of {OPEN_TIMES}")
    started = time.monotonic()
    old, victim = running.status()["marker"], running.pids(role)[-1]
    with Eye(running.display) as eye:
        watch = Watch(eye, {"new": now_and_then(lambda: _replaced(running, role, victim, old))})
        watch.see()
        zero = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        watch.until(lambda: True, 10)
    running.wait_state("open")
    running.wait(lambda: not running.covered(), "the session goes on")
    time.sleep(max(0.0, APART - (time.monotonic() - started)))
    samples = watch.covered({old, running.status()["marker"]})
    if samples[0][1]:
        raise RuntimeError("the control: the session was covered before")
    return first_cover(samples, zero) * 1000


def _replaced(running: Station, role: str, victim: int, old: str) -> bool:
    """Whether another has taken the victim's place: it lives, and a lock has told the service that it covered."""
    try:
        token = running.status()["marker"]
    except (KioskError, OSError):
        return False
    return running.pids(role)[-1:] not in ([], [victim]) and token is not None and (role == "service" or token != old)
