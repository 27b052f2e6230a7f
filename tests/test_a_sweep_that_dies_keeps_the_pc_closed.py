"""A sweep of the display that is killed has swept nothing: another one tries, another X server comes, or nobody begins.

The real process is killed from outside, as often as it is started.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from kiosk.errors import KioskError
from kiosk.rules.left_words import left_words
from kiosk.service import client
from kiosk.supervisor import display
from tests.real_x import Server, quiet_number
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

LIGHT = f"""{LONG}
[programs]
browser = "xterm -e sh -c 'sleep 900'"
"""
MARK = "left-by-a-session"


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    found = Server(f":{quiet_number()}")
    found.start()
    yield found
    found.kill()


@contextmanager
def _killed(station: RunningStation, most: int) -> Iterator[list[int]]:
    """Each of the first `most` sweeps is killed as soon as it is in the book."""
    done: list[int] = []
    over = threading.Event()

    def strike() -> None:
        while not over.is_set() and len(done) < most:
            for pid in station.pids("sweep"):
                if pid not in done:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                    done.append(pid)
            time.sleep(0.002)

    killer = threading.Thread(target=strike)
    killer.start()
    try:
        yield done
    finally:
        over.set()
        killer.join()


def _spoil(name: str) -> None:
    asked = Display(name)
    asked.screen().root.change_property(asked.intern_atom(MARK), asked.intern_atom("STRING"), 8, b"a letter")
    asked.sync()
    asked.close()


def _spoilt(name: str) -> bool:
    asked = Display(name)
    try:
        return asked.screen().root.get_full_property(asked.intern_atom(MARK), X.AnyPropertyType) is not None
    finally:
        asked.close()


def _session(station: RunningStation, kills: int) -> list[int]:
    """One that spoils the display and ends; the sweeps that were killed after it."""
    station.sign_in()
    _spoil(station.display)
    with _killed(station, kills) as done:
        client.ask(station.paths, "session", action="finish", who="Lan")
        station.wait(lambda: station.status()["state"] in ("free", "out_of_order"), "it is over", 60)
    return done


def test_nobody_begins_on_a_display_that_was_not_swept(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LIGHT) as station:
        assert _session(station, 0) == [] and station.status()["state"] == "free"
        assert not _spoilt(server.name), "the control: the sweep takes it away"
        assert len(_session(station, 1)) == 1
        assert station.status()["state"] == "free" and not _spoilt(server.name), "another sweep did it"
        station.sign_in()
        _spoil(server.name)
        with _killed(station, 100) as done:
            client.ask(station.paths, "session", action="finish", who="Lan")
            station.wait_state("out_of_order", 60)
            station.wait(station.covered, "the lock covers")
            assert len(done) >= 2 and _spoilt(server.name), "the control: it is on it"
            assert station.status()["reason"] == left_words("display")
            with pytest.raises(KioskError):
                client.ask(station.paths, "session", action="start", who="Lan")
        # Nobody presses anything.
        station.wait_state("free", 60)
        assert not _spoilt(server.name)
        assert server.process is not None and server.process.poll() is None
        station.sign_in()


def test_where_another_x_server_comes_the_next_one_begins_on_that(home: Path, server: Server) -> None:
    station = RunningStation(home, server.name, LIGHT)
    station.env[display.RETURNS] = "1"
    with station:
        station.sign_in()
        _spoil(server.name)
        old = server.process
        assert old is not None
        with _killed(station, 100) as done:
            client.ask(station.paths, "session", action="finish", who="Lan")
            station.wait(lambda: old.poll() is not None, "the server is ended", 60)
            assert len(done) == 2
            server.start()  # as its unit does
            station.wait_state("free", 60)
            station.wait(station.covered, "the lock covers the new one", 60)
        assert not _spoilt(server.name)
        station.sign_in()
        _spoil(server.name)
        client.ask(station.paths, "session", action="finish", who="Lan")
        station.wait_state("free", 60)
        assert not _spoilt(server.name), "how the new one stood was remembered, and is put back"
