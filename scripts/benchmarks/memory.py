"""Memory as a citizen leaves it: 1920×1080, real pictures, after three sessions, on the third question."""

import time

from kiosk.errors import KioskError
from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure, largest
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Panorama

SESSIONS = 3
LOCKED_MB, SESSION_MB = 100, 115
KNOWN = "Libki: client 135 MB RSS + server 480 MB; trial 82 MB of bare imports; stretch 80"
ALONE = "own pages, each once: what Pss would say were no other Python program running on this machine"


def measure() -> list[Figure]:
    """Locked on question 3, then in a session with its bar, without the citizen's programs."""
    with station() as running:
        for number in range(SESSIONS):
            say(f"session {number + 1} of {SESSIONS} before memory is measured")
            running.sign_in()
            running.wait(lambda: len(running.pids("bar")) == 1, "the time bar")
            time.sleep(1.0)
            running.end_session()
        _to_the_third_question(running)
        locked = _figures("locked, on question 3", LOCKED_MB, running.own("service", "lock"), KNOWN)
        running.key("1", "Return")
        running.wait_state("open")
        running.wait(lambda: len(running.pids("bar")) == 1, "the time bar")
        time.sleep(3.0)
        return [*locked, *_figures("in a session", SESSION_MB, running.own("service", "lock", "bar"), "")]


def _to_the_third_question(running: Station) -> None:
    with Panorama(running.display) as eye:
        seen = {eye.middle()}
        running.begin()
        for key in ("", "1", "3"):
            if key:
                running.key(key)
            time.sleep(0.5)
            picture = eye.middle()
            if picture in seen:
                raise KioskError("The screen did not turn to the next question.")
            seen.add(picture)
    time.sleep(1.0)


def _figures(name: str, budget: float, pids: dict[str, int], known: str) -> list[Figure]:
    each = {role: proc.pss(pid) for role, pid in pids.items()}
    parts = ", ".join(f"{role} {size:.1f}" for role, size in each.items())
    return [
        Figure(f"memory {name}: PSS", sum(each.values()), "MB", budget, known, f"MB by process: {parts}"),
        largest(f"memory {name}: alone", [proc.pages_once(pids.values())], "MB", budget, note=ALONE),
    ]
