"""How soon a click on the panel takes effect: a real request over HTTP, the state at the screens, pixels on the bar.

A message is sent and taken back in turn, then minutes are added and taken back: each click changes the sheet below the
bar or the words on it, and leaves the session as it was. The last click ends it. The answer to a click comes after its
state was pushed to the screens.
"""

import http.client
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.poll import FORM, NAME, PIN, SAME, _signed_in
from scripts.benchmarks.stage import Station, say, station
from tests.watching import Eye

CLICKS = 40
EFFECT = 150
STATION = "/s/03"
Look = Callable[[Eye], list[int]]


def _sheet(eye: Eye) -> list[int]:
    """A piece of where a sheet hangs below the bar."""
    return eye.pixels(eye.width // 2, 90, 1, 40)


def _words(eye: Eye) -> list[int]:
    """Where the bar says how many minutes are left."""
    return eye.pixels(0, 8, eye.width // 3, 48)


# What is done and undone in turn, with the place where it is seen.
PAIRS: list[tuple[tuple[str, str], Look]] = [(("message", "message/back"), _sheet), (("extend", "take-back"), _words)]


def measure() -> list[Figure]:
    """Medians of some clicks, beside a page of the same server that does nothing."""
    pushed, seen, empty = list[float](), list[float](), list[float]()
    with station("1366x768") as running, Eye(running.display) as eye:
        if running.kiosk("manager", "add", NAME, stdin=f"{PIN}\n").returncode:
            raise RuntimeError("no manager could be added")
        running.open_session(browser=True)
        line = http.client.HTTPConnection("127.0.0.1", running.panel, timeout=10)
        cookie = _signed_in(line)
        say(f"{CLICKS} clicks that show or hide a message, add minutes or take them back; one that ends the session")
        for pages, look in PAIRS:
            for number in range(CLICKS // len(PAIRS)):
                empty.append(_nothing(line) * 1000)
                answered, shown = _click(running, eye, line, cookie, pages[number % 2], look)
                pushed.append(answered * 1000)
                seen.append(shown * 1000)
        ended = _click(running, eye, line, cookie, "finish", _words)[1] * 1000
        line.close()
    raw = f"GET /healthz of the same server in the same run: {sorted(empty)[len(empty) // 2]:.1f} ms"
    return [
        median("click on the panel → state at the screens", pushed, "ms", EFFECT, known=raw, note="to the answer"),
        median("click on the panel → seen on the time bar", seen, "ms", EFFECT, note="first pixel that changed"),
        largest("click on the panel → seen, slowest", seen, "ms"),
        Figure("click that ends the session → seen", ended, "ms", note="one click; first pixel that changed"),
    ]


def _nothing(line: http.client.HTTPConnection) -> float:
    line.close()
    start = time.monotonic()
    line.request("GET", "/healthz")
    line.getresponse().read()
    return time.monotonic() - start


def _click(
    running: Station, eye: Eye, line: http.client.HTTPConnection, cookie: str, page: str, look: Look
) -> tuple[float, float]:
    """Seconds until the answer, and until that place has changed. What is shown needs no touch to go away."""
    before = _settled(eye, look)
    line.close()  # it was idle, and the server may have hung up; the new one is part of what is timed
    form = urllib.parse.urlencode(_fields(running.status()))
    start = time.monotonic()
    line.request("POST", f"{STATION}/{page}", form, {**FORM, **SAME, "Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    answered = time.monotonic() - start
    if answer.status != 303:
        raise RuntimeError(f"{page} was answered {answer.status}")
    while look(eye) == before:
        if time.monotonic() > start + 5:
            raise RuntimeError(f"nothing of {page} was seen on the screen")
    return answered, time.monotonic() - start


def _fields(state: dict[str, Any]) -> dict[str, str]:
    """What the forms of all these buttons hold between them."""
    granted = int(state.get("granted") or 0)
    return {"session": str(state["session"]), "granted": str(granted), "text": f"{time.monotonic_ns()}"}


def _settled(eye: Eye, look: Look) -> list[int]:
    """That place once it stands still: the desktop has come, all is drawn. A hand is no faster."""
    deadline = time.monotonic() + 20
    before = look(eye)
    while time.monotonic() < deadline:
        time.sleep(0.2)
        now = look(eye)
        if now == before:
            return before
        before = now
    raise RuntimeError("the screen changes by itself")
