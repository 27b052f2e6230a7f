"""Memory as a citizen leaves it: 1920×1080, real pictures, after three sessions, on the third question."""

import time

from kiosk.errors import KioskError
from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure, largest
from scripts.benchmarks.stage import Station, say, station
from scripts.benchmarks.watching import Panorama
from tests.running import ANSWERED, LAST_KEY

SESSIONS = 3
LOCKED_MB, SESSION_MB = 100, 115
KNOWN = "Libki: client 135 MB RSS + server 480 MB; trial 82 MB of bare imports; stretch 80"
ALONE = "own pages, each once: what Pss would say were no other Python program running on this machine"
# A tile of the third question leaves it in front; any other question is turned by one.
TO_THE_THIRD, TILE = ANSWERED[:3], ANSWERED[3]


def measure() -> list[Figure]:
    """Locked on question 3, then in a session with its bar, without the citizen's programs."""
    with station() as running:
        for number in range(SESSIONS):
            say(f"session {number + 1} of {SESSIONS} before memory is measured")
            running.sign_in()
            running.wait(lambda: len(running.pids("bar")) == 1, "the time bar")
            running.end_session()
        with Panorama(running.display) as eye:
            _to_the_third_question(running, eye)
            locked = _figures("locked, on question 3", LOCKED_MB, running.own("service", "lock"), KNOWN)
            _press(running, eye, TILE)
        if running.status()["state"] != "asking":
            raise KioskError("What was measured was not the third question.")
        running.key(LAST_KEY)
        running.wait_state("open")
        running.wait(lambda: len(running.pids("bar")) == 1, "the time bar")
        time.sleep(3.0)
        return [*locked, *_figures("in a session", SESSION_MB, running.own("service", "lock", "bar"), "")]


def _to_the_third_question(running: Station, eye: Panorama) -> None:
    start = _still(running, eye)
    running.begin()
    running.wait(lambda: eye.middle() != start, "the first question")
    for key in TO_THE_THIRD:
        _press(running, eye, key)


def _press(running: Station, eye: Panorama, key: str) -> None:
    """A key, and the picture that it brings, as it stands when nothing of it changes any more."""
    before = _still(running, eye)
    running.key(key)
    running.wait(lambda: eye.middle() != before, f"the screen that {key} brings")
    _still(running, eye)


def _still(running: Station, eye: Panorama) -> bytes:
    """The picture, once it has been the same for half a second."""
    seen, since = b"", 0.0

    def rests() -> bool:
        nonlocal seen, since
        if (picture := eye.middle()) != seen:
            seen, since = picture, time.monotonic()
        return time.monotonic() - since > 0.5

    running.wait(rests, "a screen that stands still")
    return seen


def _figures(name: str, budget: float, pids: dict[str, int], known: str) -> list[Figure]:
    each = {role: proc.pss(pid) for role, pid in pids.items()}
    parts = ", ".join(f"{role} {size:.1f}" for role, size in each.items())
    return [
        Figure(f"memory {name}: PSS", sum(each.values()), "MB", budget, known, f"MB by process: {parts}"),
        largest(f"memory {name}: alone", [proc.pages_once(pids.values())], "MB", budget, note=ALONE),
    ]
