"""How soon a click on the panel takes effect: a real request over HTTP, the state at the screens, pixels on the bar.

A message to the citizen is sent and taken back in turn: each click puts a sheet on the screen or takes it away, and
leaves the session as it was. The answer to a click comes after its state was pushed to the screens.
"""

import http.client
import time
import urllib.parse

from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.poll import FORM, NAME, PIN, SAME, _signed_in
from scripts.benchmarks.stage import Station, say, station
from tests.watching import Eye

CLICKS = 40
EFFECT = 150
STATION = "/s/03"


def measure() -> list[Figure]:
    """Medians of some clicks, beside a page of the same server that does nothing."""
    pushed, seen, empty = list[float](), list[float](), list[float]()
    with station("1366x768") as running, Eye(running.display) as eye:
        if running.kiosk("manager", "add", NAME, stdin=f"{PIN}\n").returncode:
            raise RuntimeError("no manager could be added")
        running.open_session(browser=True)
        line = http.client.HTTPConnection("127.0.0.1", running.panel, timeout=10)
        cookie, session = _signed_in(line), str(running.status()["session"])
        say(f"{CLICKS} clicks that show or hide a message on the bar")
        for number in range(CLICKS):
            empty.append(_nothing(line) * 1000)
            page = "message" if number % 2 == 0 else "message/back"
            answered, shown = _click(running, eye, line, cookie, f"{STATION}/{page}", session)
            pushed.append(answered * 1000)
            seen.append(shown * 1000)
    raw = f"GET /healthz of the same server in the same run: {sorted(empty)[len(empty) // 2]:.1f} ms"
    return [
        median("click on the panel → state at the screens", pushed, "ms", EFFECT, known=raw, note="to the answer"),
        median("click on the panel → seen on the time bar", seen, "ms", EFFECT, note="first pixel that changed"),
        largest("click on the panel → seen, slowest", seen, "ms"),
    ]


def _nothing(line: http.client.HTTPConnection) -> float:
    line.close()
    start = time.monotonic()
    line.request("GET", "/healthz")
    line.getresponse().read()
    return time.monotonic() - start


def _click(
    running: Station, eye: Eye, line: http.client.HTTPConnection, cookie: str, page: str, session: str
) -> tuple[float, float]:
    """Seconds until the answer, and until the place of the sheet has changed. The sheet needs no touch to go away."""
    before = _settled(eye)
    line.close()  # it was idle, and the server may have hung up; the new one is part of what is timed
    form = urllib.parse.urlencode({"session": session, "text": f"{time.monotonic_ns()}"})
    start = time.monotonic()
    line.request("POST", page, form, {**FORM, **SAME, "Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    answered = time.monotonic() - start
    if answer.status != 303:
        raise RuntimeError(f"{page} was answered {answer.status}")
    while _sheet(eye) == before:
        if time.monotonic() > start + 5:
            raise RuntimeError("nothing was seen on the screen")
    return answered, time.monotonic() - start


def _settled(eye: Eye) -> list[int]:
    """That place once it stands still: the desktop has come, the sheet is drawn. A hand is no faster."""
    deadline = time.monotonic() + 20
    before = _sheet(eye)
    while time.monotonic() < deadline:
        time.sleep(0.2)
        now = _sheet(eye)
        if now == before:
            return before
        before = now
    raise RuntimeError("the screen changes by itself")


def _sheet(eye: Eye) -> list[int]:
    """A piece of where a sheet hangs below the bar."""
    return eye.pixels(eye.width // 2, 90, 1, 40)
