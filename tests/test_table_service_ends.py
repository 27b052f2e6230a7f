"""DESIGN.md 3: a service that ends or is silent: covered, restarted, resumed; one that stays away: the session ends."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.service import client
from kiosk.supervisor import linux
from kiosk.supervisor.supervisor import SERVICE_AWAY, service_away
from tests.running import LONG, RunningStation
from tests.watching import CoverWatch

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

BEAT = 1.0  # the service pushes its state once a second


def _desktop(station: RunningStation) -> bool:
    return station.status()["state"] == "open" and station.token() is not None and not station.covered()


def _charged(station: RunningStation) -> float:
    state = station.status()
    return float(state["granted"] - state["seconds_left"])


def _cover_of(station: RunningStation, watch: CoverWatch, since: float) -> float:
    station.wait(lambda: watch.covered_after(since) is not None, "covered", 8)
    found = watch.covered_after(since)
    assert found is not None
    return found


def test_a_service_that_hangs_is_covered_restarted_and_resumed(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        session, browser = station.status()["session"], station.pids("browser")
        began, charged = time.monotonic(), _charged(station)
        (hanging,) = station.living("service")
        token = station.token()
        with CoverWatch(station.display, lambda: token) as watch:
            stopped = time.monotonic()
            os.kill(hanging, signal.SIGSTOP)
            cover = _cover_of(station, watch, stopped)
            time.sleep(1)
            assert station.living("service") == [hanging], "still hanging: the cover came first"
        station.wait(lambda: [pid for pid in station.living("service") if pid != hanging], "another service", 20)
        station.wait(lambda: _desktop(station), "the desktop is back", 10)
        away = time.monotonic() - stopped
        print(f"\ncovered {cover:.2f} s after the last sign of life at most, away for {away:.1f} s")
        # Silent for more than 3 s, and the last state before may be up to a beat old.
        assert 3.0 - BEAT - 0.2 <= cover <= 3.6
        assert station.status()["session"] == session and station.pids("browser") == browser
        assert abs(time.monotonic() - began - (_charged(station) - charged)) <= 2.0, "the same clock went on"
        assert "service is silent, restarting it" in station.log()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    assert station.rows("SELECT reason, visit FROM sessions") == [("manager", 1)]


def test_a_service_that_cannot_come_back_has_its_session_ended(home: Path, xvfb: Callable[..., str]) -> None:
    station = RunningStation(home, xvfb(), LONG)
    station.env["KIOSK_SERVICE_AWAY"] = "5"
    good = (home / "site.toml").read_text(encoding="utf-8")
    with station:
        station.sign_in()
        theirs, browser = station.paths.citizen_home, station.pids("browser")[0]
        (theirs / "letter").write_text("x", encoding="utf-8")
        token = station.token()
        (home / "site.toml").write_text("nothing = that a service can start with\n", encoding="utf-8")
        # Without them: a service whose settings are spoilt goes on under the last good ones.
        shutil.rmtree(home / "store" / "last_good")
        with CoverWatch(station.display, lambda: token) as watch:
            killed = time.monotonic()
            station.kill("service")
            cover = _cover_of(station, watch, killed)
            time.sleep(3)
            assert not linux.is_zombie(browser), "not yet: it may still come back"
            assert watch.samples()[-1][1]
        station.wait(lambda: linux.is_zombie(browser), "the supervisor ended the session itself", 10)
        ended = time.monotonic() - killed
        station.wait(lambda: not list(theirs.iterdir()), "wiped", 5)
        assert "service away, ending the session" in station.log()
        (home / "site.toml").write_text(good, encoding="utf-8")
        station.wait_state("free", 10)
        station.wait(station.covered, "covered", 5)
        station.wait(lambda: len(station.living("lock")) == 1, "one lock", 5)
        assert station.living("bar") == []
        print(f"\ncovered after {cover:.2f} s, ended after {ended:.1f} s of 5")
        assert cover <= 2.0 and 4.0 <= ended <= 9.0
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    assert station.rows("SELECT reason, seconds <= 10 FROM sessions ORDER BY reason") == [("fault", 1), ("manager", 1)]


def test_one_that_always_hangs_is_away_too(home: Path, xvfb: Callable[..., str]) -> None:
    """The kernel takes connections for a stopped process: being connected is no sign of life."""
    station = RunningStation(home, xvfb(), LONG)
    station.env["KIOSK_SERVICE_AWAY"] = "15"
    with station:
        station.sign_in()
        browser, since, hung = station.pids("browser")[0], time.monotonic(), set[int]()
        while not linux.is_zombie(browser):
            assert time.monotonic() - since < 60, station.log()[-2000:]
            for pid in set(station.living("service")) - hung:
                # The moment it takes connections, before it has said a word.
                if _listens(station, pid, first=not hung):
                    os.kill(pid, signal.SIGSTOP)
                    hung.add(pid)
            time.sleep(0.001)
        print(f"\nended after {time.monotonic() - since:.0f} s, {len(hung)} services hung")
        assert len(hung) >= 2 and time.monotonic() - since >= 14
        station.wait_state("free", 30)
        station.wait(station.covered, "covered", 5)
    assert [reason for (reason,) in station.rows("SELECT reason FROM sessions")] == ["fault"]


def _listens(station: RunningStation, pid: int, first: bool) -> bool:
    if first:
        return True
    try:
        return station.paths.socket.stat().st_ctime > os.stat(f"/proc/{pid}").st_ctime
    except OSError:
        return False


def test_the_minute_can_only_be_shortened() -> None:
    assert service_away({}) == SERVICE_AWAY == 60.0
    told = {said: service_away({"KIOSK_SERVICE_AWAY": said}) for said in ("5", "600", "-1", "nan", "never")}
    assert told == {"5": 5.0, "600": 60.0, "-1": 1.0, "nan": 60.0, "never": 60.0}


def test_a_session_that_began_before_the_fresh_lock_could_cover_has_one_lock(
    home: Path, xvfb: Callable[..., str]
) -> None:
    """The service is killed at an end: the next one knows of no end, is free, and lets the next citizen in at once."""
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        old = station.living("lock")
        client.ask(station.paths, "session", action="finish")
        while not (fresh := min(set(station.living("lock")) - set(old), default=0)):
            pass
        os.kill(fresh, signal.SIGSTOP)  # before it has said a word
        try:
            station.kill("service")
            station.wait(lambda: station.status()["state"] == "free", "a service that knows of no end")
            station.wait(lambda: station.kiosk("session", "start").returncode == 0, "the next citizen")
            station.wait_state("open")
            station.wait(lambda: not station.covered(), "the session is seen")
        finally:
            os.kill(fresh, signal.SIGCONT)
        station.wait(lambda: station.living("lock") == [fresh], "the old lock is gone")
        station.wait(lambda: not station.covered(), "the session is still seen")
        assert station.status()["state"] == "open"
