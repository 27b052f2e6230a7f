"""A role on the service's socket is a process that the supervisor named, of the user it named."""

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.messages import encode
from tests.running import CITIZEN
from tests.test_hostile_lines_on_the_socket import Service, _still_answers

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Connects, and says each line of its stdin when it comes.
SPEAKER = """
import socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
print("ready", flush=True)
for text in iter(sys.stdin.buffer.readline, b""):
    try: line.sendall(text)
    except OSError: pass
    print("said", flush=True)
"""
SCREEN = "kiosk-screen"


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    """A real service whose supervisor is the test."""
    running = Service(home)
    try:
        yield running
    finally:
        running.close()


@contextmanager
def _speaker(service: Service, user: str) -> Iterator[tuple[int, Callable[..., None]]]:
    """A process of that user at the service's socket, and what makes it speak."""
    group = pwd.getpwnam("kiosk").pw_gid
    process = subprocess.Popen(
        [sys.executable, "-c", SPEAKER, str(service.paths.socket)], user=user, group=group, extra_groups=[], cwd="/",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    tells, hears = process.stdin, process.stdout
    assert tells is not None and hears is not None
    try:
        assert hears.readline() == b"ready\n"

        def say(verb: str, **fields: object) -> None:
            tells.write(encode(verb, **fields))
            tells.flush()
            assert hears.readline() == b"said\n"
            time.sleep(0.2)

        yield process.pid, say
    finally:
        tells.close()
        hears.close()
        process.kill()
        process.wait()


def _uid(user: str) -> int:
    return pwd.getpwnam(user).pw_uid


def _marker(service: Service) -> object:
    return _still_answers(service)["marker"]


def test_a_lock_is_heard_when_it_is_named_and_only_then(service: Service) -> None:
    with service.connect() as supervisor, _speaker(service, SCREEN) as (pid, say):
        supervisor.sendall(encode("sync", session=""))
        say("covered", marker="early")
        assert _marker(service) != "early", "nobody has named it"
        supervisor.sendall(encode("peer", role="lock", pid=pid, uid=_uid(CITIZEN)))
        time.sleep(0.2)
        assert _marker(service) != "early", "a number of another user's: it was given away again"
        supervisor.sendall(encode("peer", role="lock", pid=pid, uid=_uid(SCREEN)))
        time.sleep(1.2)
        assert _marker(service) == "early", "the control: now it is"
        supervisor.sendall(encode("gone", role="lock", pid=pid))
        say("covered", marker="late")
        assert _marker(service) != "late", "its number may be another's by now"


OTHERS: tuple[tuple[str, dict[str, object]], ...] = (
    ("covered", {"marker": "mine"}), ("run", {"session": "a", "program": "true"}), ("open", {"session": "a"}),
    ("end", {"session": "a"}), ("peer", {"role": "lock", "pid": 1, "uid": 0}), ("make_ticket", {}), ("stop", {}),
    ("manager", {"action": "add", "name": "me", "pin": "123456"}), ("session", {"action": "start"}), ("begin", {}),
    ("sign_in", {"answers": {}}), ("ended", {"session": "a", "clean": True}), ("backup", {"to": "/tmp"}),
)  # fmt: skip


def test_a_bar_says_only_what_bars_say(service: Service) -> None:
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        for verb, fields in OTHERS:
            with _speaker(service, SCREEN) as (pid, say):
                supervisor.sendall(encode("peer", role="bar", pid=pid, uid=_uid(SCREEN)))
                say("help")
                say(verb, **fields)
        time.sleep(1)
        state = _still_answers(service)
    assert state["help_asked"], "the control: bars are heard"
    assert (state["state"], state["marker"]) == ("free", None)
    dropped = [line for line in service.log().splitlines() if "dropped: verb not allowed for this role" in line]
    assert len(dropped) == len(OTHERS), service.log()


def test_the_citizen_is_nobody_even_where_the_way_is_open(service: Service) -> None:
    for path, mode in ((service.paths.run, 0o755), (service.paths.socket, 0o666)):
        os.chmod(path, mode)
    with service.connect() as supervisor, _speaker(service, CITIZEN) as (pid, say):
        supervisor.sendall(encode("sync", session="") + encode("peer", role="lock", pid=pid, uid=_uid(SCREEN)))
        say("covered", marker="mine")
        time.sleep(1.2)
        assert _marker(service) != "mine"
