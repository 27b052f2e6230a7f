"""kill -9 of any process at random moments of visits: how long a cover is missing that should be there."""

import os
import random
import time

from scripts.benchmarks.figures import Figure, largest
from scripts.benchmarks.stage import Station, say, station
from tests.screen_watch import COVER, ScreenWatch, Span, first_cover, gaps, kind_at, pauses, unseen
from tests.victims import MEANT, strike

TIMES = 24
BUDGET = 250
# One at a time: five ends within five seconds, and a role is restarted more slowly. That is another measurement.
APART = 1.35
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))


def measure() -> list[Figure]:
    """Killed while nobody is there, in a session, and at its end; looked at by a process of its own."""
    mixed, blows, locked = random.Random(SEED), list[float](), list[Span]()
    with station() as running:
        with ScreenWatch(running.display, running.home.parent / "seen") as watch:
            for number in range(TIMES):
                say(f"killing at random, {number + 1} of {TIMES}")
                began = time.monotonic()
                moment = ("locked", "open", "ending")[number % 3]
                span = _once(running, moment, mixed, blows)
                locked.append((began if moment == "locked" else span[0], span[1]))
                time.sleep(max(0.0, APART - (time.monotonic() - span[0])))
    looked = watch.samples
    missing = [end - begin for begin, end in gaps(looked, locked)]
    missing += [first_cover(looked, blow) for blow in blows if kind_at(looked, blow) != COVER]
    middle, most = pauses(looked)
    away = unseen(looked, locked)  # counted as uncovered where it meets a gap: the figure is never too small for it
    note = (
        f"{TIMES} kills, seed {SEED}; looked each {middle * 1000:.1f} ms, 99 of 100 times within {most * 1000:.1f} ms, "
        f"and not at all for {away * 1000:.0f} ms"
    )
    return [
        largest("kill -9 at random: longest gap", [one * 1000 for one in (0.0, *missing)], "ms", BUDGET, note=note),
    ]


def _once(running: Station, moment: str, mixed: random.Random, blows: list[float]) -> Span:
    """One kill, and the stretch after it in which no session was open. `blows`: what must bring a cover by itself."""
    if moment != "locked":
        running.open_session()
    if moment == "ending":
        running.order("finish").close()
        time.sleep(mixed.uniform(0.0, 0.15))
    struck = None
    while struck is None:
        struck = _strike(running, mixed)
    when, role = struck
    if moment == "open" and role == "service":
        blows.append(when)
    running.wait(lambda: bool(running.status()["supervisor_here"]), "the supervisor and the service", 30)
    if moment == "open":
        running.wait_state("open")
        running.wait(lambda: not running.covered(), "the session goes on")
        time.sleep(max(0.0, APART - (time.monotonic() - when)))
    if running.status()["state"] == "open":
        running.order("finish").close()
    running.wait(lambda: running.status()["state"] in ("ending", "free"), "the session's end")
    over = time.monotonic()
    running.wait_free()
    return over, time.monotonic()


def _strike(running: Station, mixed: random.Random) -> tuple[float, str] | None:
    (role,) = mixed.choices(list(MEANT), list(MEANT.values()))
    if role != "supervisor":
        return strike(running, role, mixed)
    when = time.monotonic()
    running.kill(role)
    running.start()  # as systemd does
    return when, role
