"""What the panel's page costs while it is open: it asks for its card three times in five seconds."""

import http.client
import re
import time
import urllib.parse

from flask.testing import FlaskClient

from kiosk.service.panel import create_panel
from scripts.benchmarks import in_process, proc, syncs
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import Station, folder, say, station

POLLS, TRACED = 500, 100
NAME, PIN = "Bench", "482915"
CARD = "/s/03/card"
SAME = {"Sec-Fetch-Site": "same-origin"}
LIBKI = "Libki: 17–22 ms, 13–18 statements, 2 fsync"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def measure() -> list[Figure]:
    """CPU of the whole service per poll over HTTP, syncs by strace, statements as SQLite tells them."""
    with station() as running, folder() as place:
        if running.kiosk("manager", "add", NAME, stdin=f"{PIN}\n").returncode:
            raise RuntimeError("no manager could be added")
        running.open_session()
        line = http.client.HTTPConnection("127.0.0.1", running.panel, timeout=10)
        cookie = _signed_in(line)
        say(f"{POLLS} polls of a card that changed, {POLLS} of one that did not")
        changed = _cpu(running, line, cookie, CARD, 200)
        same = _cpu(running, line, cookie, CARD, 204)
        with syncs.watched(running.own("service")["service"], place / "trace") as found:
            start = time.time()
            for _ in range(TRACED):
                _get(line, CARD, cookie)
            synced = found.between(start, time.time())
    return [
        Figure(
            "panel poll, card changed: CPU", changed, "ms", 5, LIBKI, f"mean of {POLLS}, all threads of the service"
        ),
        Figure("panel poll, nothing new: CPU", same, "ms", 5, note=f"mean of {POLLS}, answered 204"),
        Figure("panel poll: fsyncs", synced, f"in {TRACED}", 0),
        Figure("panel poll: statements", _statements(), f"in {TRACED}", 0),
    ]


def _signed_in(line: http.client.HTTPConnection) -> str:
    form = urllib.parse.urlencode({"name": NAME, "pin": PIN})
    line.request("POST", "/sign-in", form, {**FORM, **SAME})
    answer = line.getresponse()
    answer.read()
    if answer.status != 303:
        raise RuntimeError(f"the panel answered {answer.status} to the right PIN")
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _get(line: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, bytes]:
    line.request("GET", path, headers={"Cookie": cookie, "HX-Request": "true", **SAME})
    answer = line.getresponse()
    return answer.status, answer.read()


def _cpu(running: Station, line: http.client.HTTPConnection, cookie: str, path: str, wanted: int) -> float:
    """Milliseconds of CPU a poll, less what the service takes by itself meanwhile (a second of it is measured)."""
    service = running.own("service")["service"]
    before = proc.cpu_seconds(service)
    time.sleep(1.0)
    by_itself = proc.cpu_seconds(service) - before
    seen = ""
    before, start = proc.cpu_seconds(service), time.monotonic()
    got = 0
    for _ in range(POLLS):
        status, body = _get(line, f"{path}?seen={seen}" if wanted == 204 else path, cookie)
        if status == 200:
            found = re.search(rb"seen=([0-9a-f]+)", body)
            seen = found[1].decode() if found else ""
        got += status == wanted
    spent = proc.cpu_seconds(service) - before - by_itself * (time.monotonic() - start)
    # The minute may turn meanwhile, and then the card is a new one.
    if got < POLLS - 3:
        raise RuntimeError(f"only {got} of {POLLS} polls were answered {wanted}")
    return spent / POLLS * 1000


def _statements() -> int:
    with in_process.service() as service:
        app = create_panel(service.staff, service.managers)
        client: FlaskClient = app.test_client()
        service.managers.add(NAME, PIN)
        answer = client.post("/sign-in", data={"name": NAME, "pin": PIN}, headers=SAME)
        if answer.status_code != 303:
            raise RuntimeError(f"the panel answered {answer.status_code} to the right PIN")
        with in_process.statements(service.store) as seen:
            for _ in range(TRACED):
                if client.get(CARD, headers=SAME).status_code != 200:
                    raise RuntimeError("the card was not given")
            return len(seen)
