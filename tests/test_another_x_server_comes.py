"""What only another X server is rid of: the old one is ended after the session, and the next one is covered."""

import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup, display
from kiosk.supervisor.limits import Limits
from tests import hostile_beyond
from tests.hostile_ground import SOURCES
from tests.real_x import Server, quiet_number
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

LIGHT = f"""{LONG}
[programs]
browser = "xterm -e sh -c 'sleep 900'"
"""


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    found = Server(f":{quiet_number()}")
    found.start()
    yield found
    found.kill()


@contextmanager
def _attacked(station: RunningStation, name: str) -> Iterator[None]:
    """The program does what it is for; in the end it is dead."""
    mark = secrets.token_hex(6)
    source = SOURCES.get(name) or Path(hostile_beyond.__file__).read_text(encoding="utf-8")
    hostile = station.as_citizen(sys.executable, "-c", source, name, mark, stdout=subprocess.PIPE, room=True)
    assert hostile.stdout is not None
    with hostile.stdout as told:
        assert told.readline() == b"up\n"
    yield
    assert hostile.wait(10) == -signal.SIGKILL


@contextmanager
def _hanging(server: Server) -> Iterator[None]:
    assert server.process is not None
    assert display.answers(server.name, 5.0), "the control"
    server.process.send_signal(signal.SIGSTOP)
    assert not display.answers(server.name, 0.5)
    yield


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("hides_all_windows_without_a_name", "keeps something of a session"),
        ("tells_the_server_names", "keeps something of a session"),
        ("paints_when_it_is_gone", "keeps something of a session"),
        ("hangs", "does not answer"),
    ],
)
def test_the_old_one_is_ended_and_the_new_one_shows_start(home: Path, server: Server, what: str, why: str) -> None:
    station = RunningStation(home, server.name, LIGHT)
    station.env[display.RETURNS] = "1"
    with station:
        station.sign_in()
        old = server.process
        assert old is not None and display.server(server.name) == old.pid
        with _hanging(server) if what == "hangs" else _attacked(station, what):
            began = time.monotonic()
            assert station.kiosk("session", "finish").returncode == 0
            station.wait(lambda: old.poll() is not None, "the server is ended", 30)
        print(f"\n{what}: ended after {time.monotonic() - began:.1f} s")
        server.start()  # as its unit does
        station.wait_state("free", 40)
        station.wait(station.covered, "the lock covers the new one", 40)
        station.sign_in()
    assert f"the X server {why}" in station.log()


def test_one_that_is_made_to_keep_too_much_ends_and_the_session_with_it(home: Path, server: Server) -> None:
    words = (sys.executable, "-c", SOURCES["eats_the_servers_memory"], "eats_the_servers_memory", "")
    with RunningStation(home, server.name, LIGHT) as station:
        station.sign_in()
        old = server.process
        assert old is not None
        first = station.as_citizen(*words, room=True)
        station.wait(lambda: _megabytes(old.pid) > 200, "the control: without a bound it takes what it is told to")
        with _bounded(old.pid, 100):
            second = station.as_citizen(*words, room=True)
            assert old.wait(60) == -signal.SIGKILL
        server.start()  # as its unit does
        assert first.wait(30) != 0 and second.wait(30) != 0
        station.wait_state("free", 40)
        station.wait(station.covered, "covered", 40)
        station.sign_in()
    assert station.rows("SELECT reason FROM sessions")[0] == ("fault",)


@contextmanager
def _bounded(pid: int, more_mb: int) -> Iterator[None]:
    """The X server, as its unit bounds it (MemoryMax=, MemorySwapMax=): from now on it gets so much more."""
    group = cgroup.create(Path("/x-server"), secrets.token_hex(4), Limits(500, 1))
    assert group is not None
    bound = {"memory.max": more_mb, "memory.swap.max": 0, "memory.limit_in_bytes": more_mb}
    try:
        for entry in cgroup.entries(group):
            for name, megabytes in bound.items():
                if (file := entry.with_name(name)).exists():
                    file.write_text(str(megabytes << 20))
            entry.write_text(str(pid))
        yield
    finally:
        cgroup.remove(group)


def _megabytes(pid: int) -> int:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("RssAnon")]
    return int(line.split()[1]) >> 10


def test_one_that_was_kept_busy_takes_the_next_citizen(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LIGHT) as station:
        station.sign_in()
        quick = _slowest_answer(server)
        with _attacked(station, "keeps_the_server_busy"):
            assert _slowest_answer(server) > 5 * quick, "the control"
            assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free", 40)
        station.wait(station.covered, "covered", 40)
        station.sign_in()


def _slowest_answer(server: Server) -> float:
    took = []
    for _try in range(5):
        began = time.monotonic()
        assert display.answers(server.name, 20.0)
        took.append(time.monotonic() - began)
    return max(took)


def test_where_nobody_brings_another_it_is_left_alone(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LIGHT) as station:
        station.sign_in()
        assert server.process is not None
        server.process.send_signal(signal.SIGSTOP)
        try:
            assert station.kiosk("session", "finish").returncode == 0
            station.wait(lambda: "sweep takes too long" in station.log(), "the sweep is not waited for", 30)
        finally:
            server.process.send_signal(signal.SIGCONT)
        station.wait_state("free", 40)
        station.wait(station.covered, "the same one is covered", 40)
        station.sign_in()
        assert server.process.poll() is None
