"""DESIGN.md 3, suspend: a gap of more than 20 s in one boot: covered first, not charged, resumed; longer: ended.

A test cannot suspend the machine, so every process of the station and of the session is stopped by the kernel, all at
once, and goes on all at once. What is told apart from a real suspend: CLOCK_MONOTONIC goes on here.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running import LONG, CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

GAP = 22.0


@contextmanager
def suspended(station: RunningStation) -> Iterator[None]:
    """All of it stands still."""
    asleep = [*station.living(), *(pid for role in ("wm", "browser") for pid in station.pids(role))]
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in asleep:
            os.kill(pid, signal.SIGCONT)


def _sleep_and_wake(station: RunningStation) -> tuple[float, CoverWatch]:
    """The moment of waking, and what the screen showed from before it until some seconds after."""
    token = station.token()
    with CoverWatch(station.display, lambda: token) as watch:
        with suspended(station):
            time.sleep(GAP)
            woken = time.monotonic()
        time.sleep(4)
    return woken, watch


def _charged(station: RunningStation) -> float:
    state = station.status()
    return float(state["granted"] - state["seconds_left"])


def test_a_short_suspend_is_covered_not_charged_and_the_session_goes_on(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        session, services = station.status()["session"], station.living("service")
        began, charged = time.monotonic(), _charged(station)
        woken, watch = _sleep_and_wake(station)
        covered = next((moment - woken for moment, yes in watch.samples() if moment >= woken and yes), None)
        assert covered is not None and covered <= 1.0, f"seen before it was covered: {covered}"
        station.wait(lambda: not station.covered(), "the desktop is back", 10)
        state = station.status()
        assert (state["state"], state["session"]) == ("open", session)
        assert station.living("service") == services, "its silence was the machine's"
        awake = time.monotonic() - began - GAP
        charged = _charged(station) - charged
        print(
            f"\ncovered {covered * 1000:.0f} ms after waking; {charged:.0f} s charged of {awake:.0f} awake + {GAP:.0f}"
        )
        assert charged <= awake + 1
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    ((seconds, reason, visit),) = station.rows("SELECT seconds, reason, visit FROM sessions")
    assert (reason, visit) == ("manager", 1) and seconds <= time.monotonic() - began - GAP


def test_a_longer_one_ends_it_at_its_last_heartbeat(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG + "resume_minutes = 0.2\n") as station:
        station.sign_in()
        time.sleep(4)
        browser, charged, began = station.pids("browser")[0], _charged(station), time.monotonic()
        woken, watch = _sleep_and_wake(station)
        assert any(yes for moment, yes in watch.samples() if woken <= moment <= woken + 1.0), "covered"
        station.wait_state("free", 10)
        station.wait(station.covered, "covered", 5)
        assert not Path(f"/proc/{browser}/exe").exists(), "its programs are gone"
        awake = woken - GAP - began
    ((seconds, reason),) = station.rows("SELECT seconds, reason FROM sessions")
    print(f"\n{seconds} s kept; {charged + awake:.1f} s before it slept")
    assert reason == "power" and charged - 1 <= seconds <= charged + awake + 2
