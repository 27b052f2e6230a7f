"""A PIN typed at the PC is heard from the fresh lock alone, throttled as on the web, and opens by a token once."""

import json
import pwd
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.messages import LineBuffer, decode, encode
from kiosk.settings import load_site
from tests.running import CITIZEN, CODE
from tests.test_hostile_lines_on_the_socket import Service, _still_answers

pytestmark = [pytest.mark.slow, pytest.mark.root]

SCREEN, NAME, PIN, WRONG = "kiosk-screen", "Chị Hoa", "482915", "739164"

# Says each line of its stdin at the service's socket, and prints what it is told for itself alone.
SPEAKER = """
import socket, sys, threading
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
def hear():
    for text in line.makefile("rb"):
        if text.startswith(b'{"verb":"staff"'):
            sys.stdout.buffer.write(text); sys.stdout.buffer.flush()
    print('{"verb":"gone"}', flush=True)
threading.Thread(target=hear, daemon=True).start()
print("ready", flush=True)
for text in iter(sys.stdin.buffer.readline, b""):
    try: line.sendall(text)
    except OSError: pass
"""


class Speaker:
    """A process of a user at the socket."""

    def __init__(self, service: Service, user: str) -> None:
        group = pwd.getpwnam("kiosk").pw_gid
        self.process = subprocess.Popen(
            [sys.executable, "-c", SPEAKER, str(service.paths.socket)], user=user, group=group, extra_groups=[],
            cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdin is not None and self.process.stdout is not None
        self._tells, self._hears = self.process.stdin, self.process.stdout
        assert self._hears.readline() == b"ready\n"
        self.pid = self.process.pid

    def say(self, verb: str, **fields: Any) -> None:
        self._tells.write(encode(verb, **fields))
        self._tells.flush()

    def ask(self, verb: str, **fields: Any) -> dict[str, Any]:
        """Say it, and what is answered."""
        self.say(verb, **fields)
        return decode(self._hears.readline())

    def pin(self, pin: str = PIN, name: str = NAME) -> dict[str, Any]:
        return self.ask("staff_pin", name=name, pin=pin)

    def close(self) -> None:
        self._tells.close()
        self.process.kill()
        self.process.wait(10)
        self._hears.close()


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    """A real service, with one manager, whose supervisor is the test."""
    running = Service(home)
    try:
        added = subprocess.run(
            [sys.executable, "-m", "kiosk", "manager", "add", NAME], input=f"{PIN}\n", text=True, capture_output=True,
            env={"PATH": "/usr/bin:/bin", "KIOSK_HOME": str(home), "PYTHONPATH": CODE, "LANG": "C.UTF-8"}, timeout=60,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        yield running
    finally:
        running.close()


@contextmanager
def lock(service: Service, supervisor: socket.socket, role: str = "lock", **told: Any) -> Iterator[Speaker]:
    """A screen that the supervisor has named, and that covers."""
    speaker = Speaker(service, SCREEN)
    try:
        uid = pwd.getpwnam(SCREEN).pw_uid
        supervisor.sendall(encode("peer", role=role, pid=speaker.pid, uid=uid, **told))
        if role == "lock":
            speaker.say("covered", marker="c0ffee")
            wait(lambda: _still_answers(service)["marker"] == "c0ffee")
        yield speaker
    finally:
        speaker.close()
        supervisor.sendall(encode("gone", role=role, pid=speaker.pid))


def wait(what: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)


class Orders:
    """What the service orders its supervisor to do."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._lines = line, LineBuffer()
        self._heard: list[dict[str, Any]] = []

    def next(self, verb: str, seconds: float = 20.0) -> dict[str, Any]:
        """The next one of this verb."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while self._heard:
                order = self._heard.pop(0)
                if order["verb"] == verb:
                    return order
            self._heard += map(decode, self._lines.feed(self._line.recv(65_536)))
        raise AssertionError(f"no {verb}")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_what: Any) -> None:
        return None


def visit(address: str, cookie: str = "", data: bytes | None = None) -> tuple[int, str, str]:
    """(status, cookie set, where to)."""
    request = urllib.request.Request(address, data=data, headers={"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
    try:
        answer = urllib.request.build_opener(NoRedirect).open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        cookies = [value.partition(";")[0] for name, value in answer.headers.items() if name == "Set-Cookie"]
        session = next((one for one in cookies if one.startswith("web_session=")), "")
        return answer.status, session, answer.headers.get("Location") or ""


def web_pin(service: Service, pin: str) -> int:
    address = f"http://{load_site(service.paths).panel_listen}/sign-in"
    return visit(address, data=f"name=&pin={pin}".encode().replace(b"name=", b"name=Ch%E1%BB%8B+Hoa"))[0]


def test_the_right_pin_from_the_fresh_lock_opens_by_a_token_that_is_good_once(service: Service) -> None:
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        with lock(service, supervisor, fresh=True) as fresh:
            assert fresh.ask("staff")["names"] == [NAME]
            assert fresh.pin(WRONG) == {"verb": "staff", "why": "wrong", "wait": 0, "left": 4}
            assert fresh.pin()["why"] == "ok"
            orders = Orders(supervisor)
            order = orders.next("open_staff")
            assert (order["lang"], len(order["token"])) == ("vi", 43)
            assert fresh.pin()["why"] == "staff", "there is one turn at a time"
            door = f"http://127.0.0.1:{order['port']}"
            assert visit(f"{door}/here/{order['token'][:-1]}x")[1:] == ("", "/sign-in"), "another token"
            status, cookie, to = visit(f"{door}/here/{order['token']}?lang=vi")
            assert (status, to) == (303, "/") and cookie
            assert visit(f"{door}/here/{order['token']}")[1:] == ("", "/sign-in"), "a second time"
            assert visit(f"{door}/", cookie)[0] == 200
            state = _still_answers(service)
            assert (state["state"], state["staff"], state["cover"]) == ("free", "opening", True)
            assert order["token"] not in json.dumps(state) and NAME not in json.dumps(state)
            supervisor.sendall(encode("opened", session=order["session"]))
            fresh.say("ready")
            wait(lambda: _still_answers(service)["staff"] == "open")
            assert visit(f"{door}/sign-out", cookie, b"")[2] == "/sign-in"
            assert orders.next("end")["session"] == order["session"]
            assert visit(f"{door}/", cookie)[0] in (303, 0), "that cookie is nobody's any more"
    log = service.log()
    assert "ready" in log and not [word for word in (PIN, WRONG, order["token"], "Hoa") if word in log]


def test_a_pin_is_heard_from_no_bar_no_stranger_no_worn_lock_and_beside_no_session(service: Service) -> None:
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        with lock(service, supervisor, role="bar") as bar:
            assert bar.pin()["verb"] == "gone", "a bar is hung up on"
        for path, mode in ((service.paths.run, 0o755), (service.paths.socket, 0o666)):
            path.chmod(mode)
        citizen = Speaker(service, CITIZEN)
        for _line in range(12):
            citizen.say("staff_pin", name=NAME, pin=PIN)
        assert citizen.ask("staff")["verb"] == "gone", "nobody has named it"
        citizen.close()
        with lock(service, supervisor) as worn:
            assert worn.ask("staff")["why"] == "not_fresh"
            assert worn.pin()["why"] == "not_fresh", "also with the right PIN"
            assert worn.pin(WRONG)["why"] == "not_fresh", "and it is not even looked at"
            with lock(service, supervisor, fresh=True) as second:
                assert second.pin()["why"] == "not_fresh", "while an older one lives"
        with lock(service, supervisor, fresh=True) as fresh:
            fresh.say("begin")
            wait(lambda: _still_answers(service)["state"] == "asking")
            assert fresh.pin()["why"] == "busy"
            fresh.say("sign_in", answers={})
            wait(lambda: _still_answers(service)["state"] == "open")
            assert fresh.pin()["why"] == "busy"
            session = _still_answers(service)["session"]
            supervisor.sendall(encode("opened", session=session))
            supervisor.sendall(encode("ended", session=session, clean=True))
            wait(lambda: _still_answers(service)["state"] == "free")
            assert fresh.pin()["why"] == "not_fresh", "a session has lived beside it"
        with lock(service, supervisor, fresh=True) as next_one:
            assert next_one.pin()["why"] == "ok", "the control"
        Orders(supervisor).next("open_staff")
    assert _still_answers(service)["state"] == "free"


def test_guessing_at_the_lock_costs_what_it_costs_on_the_web_and_a_restart_forgives_nothing(service: Service) -> None:
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        assert web_pin(service, WRONG) == 403
        with lock(service, supervisor, fresh=True) as fresh:
            told = [fresh.pin(WRONG) for _try in range(4)]
            assert [(one["why"], one["left"]) for one in told[:3]] == [("wrong", 3), ("wrong", 2), ("wrong", 1)]
            assert told[3]["wait"] == 300, "one try was made on the web"
            locked = fresh.pin()
            assert locked["why"] == "locked" and 200 < locked["wait"] <= 300, "the right one too"
            assert web_pin(service, PIN) == 429, "and there"
    service.process.kill()
    service.process.wait(10)
    service.start()
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        with lock(service, supervisor, fresh=True) as fresh:
            assert fresh.pin()["why"] == "locked"
    assert web_pin(service, PIN) == 429


def test_the_station_goes_on_while_a_pin_is_looked_at(service: Service) -> None:
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        with lock(service, supervisor, fresh=True) as fresh:
            fresh.say("staff_pin", name=NAME, pin=WRONG)
            fresh.say("staff_pin", name=NAME, pin=PIN)
            fresh.say("begin")
            wait(lambda: _still_answers(service)["state"] == "asking")
            assert decode(fresh._hears.readline())["left"] == 4, "one at a time: the second was not looked at"
            assert fresh.ask("staff")["why"] == "busy"
    assert _still_answers(service)["staff"] is None
