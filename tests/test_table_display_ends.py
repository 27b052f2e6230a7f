"""DESIGN.md 3: the X server ends: the session ends as a fault, is killed and wiped; covered when X is back."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests.real_x import Server, quiet_number
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


@pytest.fixture
def server() -> Iterator[Server]:
    """A display of its own, that can be killed and started again."""
    found = Server(f":{quiet_number()}")
    found.start()
    yield found
    found.kill()


def test_the_session_ends_as_a_fault_and_the_next_one_works(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LONG) as station:
        station.sign_in()
        theirs, browser = station.paths.citizen_home, station.pids("browser")[0]
        (theirs / "letter").write_text("x", encoding="utf-8")
        stubborn = station.as_citizen("sh", "-c", "trap '' TERM HUP; sleep 600; sleep 600")
        died = time.monotonic()
        server.kill()
        station.wait(lambda: station.status()["state"] != "open", "the session ends", 5)
        ended = time.monotonic() - died
        station.wait(lambda: linux.is_zombie(browser) and not list(theirs.iterdir()), "killed and wiped", 10)
        assert stubborn.wait(5) == -9
        time.sleep(3)
        assert station.status()["state"] == "ending", "nobody is offered a PC without a screen"
        assert station.living("bar") == []
        back = time.monotonic()
        server.start()
        station.wait(station.covered, "covered again", 10)
        covered = time.monotonic() - back
        station.wait_state("free", 10)
        station.wait(lambda: len(station.living("lock")) == 1, "one lock", 5)
        print(f"\nended {ended:.2f} s after X, covered {covered:.2f} s after it was back")
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    rows = station.rows("SELECT reason, visit FROM sessions ORDER BY reason")
    assert rows == [("fault", 1), ("manager", 1)]


def test_a_server_that_is_back_before_anybody_looked_ends_the_session_too(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LONG) as station:
        station.sign_in()
        assert station.supervisor is not None
        os.kill(station.supervisor.pid, signal.SIGSTOP)  # as on a PC that has too much to do
        try:
            server.kill()
            server.start()
            station.wait(lambda: not [pid for pid in station.living("lock") if not linux.is_zombie(pid)], "no lock")
        finally:
            os.kill(station.supervisor.pid, signal.SIGCONT)
        station.wait_state("free")
        station.wait(station.covered, "covered again")
    assert station.rows("SELECT reason FROM sessions") == [("fault",)]


def test_a_locked_station_waits_for_x_and_covers_again(home: Path, server: Server) -> None:
    with RunningStation(home, server.name, LONG) as station:
        for _time in range(2):
            server.kill()
            time.sleep(3)
            assert station.status()["state"] == "free" and station.living("service")
            starts = station.log().count("lock ended")
            time.sleep(3)
            assert station.log().count("lock ended") - starts <= 6, "tried again, and not in a loop"
            server.start()
            station.wait(station.covered, "covered again", 10)
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    assert station.rows("SELECT reason FROM sessions") == [("manager",)]


def test_a_start_before_x_is_there_waits_for_it(home: Path, server: Server) -> None:
    server.kill()
    station = RunningStation(home, server.name, LONG)
    try:
        station.start()
        station.wait(lambda: station.status()["state"] == "free", "the service is up")
        time.sleep(2)
        server.start()
        station.wait(station.covered, "covered", 10)
    finally:
        station.stop()
