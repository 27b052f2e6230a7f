"""A program that raises itself over everything without pause is never seen while the station is locked."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.intruder import COLOUR
from tests.layout import places
from tests.running import LONG, RunningStation
from tests.watching import CoverWatch, Eye

pytestmark = [pytest.mark.slow, pytest.mark.root]

INTRUDER = [sys.executable, str(Path(__file__).with_name("intruder.py"))]


@contextmanager
def _intruder(display: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(INTRUDER, env={**os.environ, "DISPLAY": display}, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"up\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _seconds_with(display: str, colour: int, seconds: float) -> tuple[int, int]:
    """(samples in which the colour was seen, samples)."""
    seen = samples = 0
    end = time.monotonic() + seconds
    with Eye(display) as eye:
        while time.monotonic() < end:
            seen, samples = seen + eye.shows(colour), samples + 1
    return seen, samples


def test_without_us_the_intruder_is_on_top(xvfb: Callable[..., str]) -> None:
    display = xvfb()
    command, env = ["xev", "-geometry", "300x300+500+300"], {**os.environ, "DISPLAY": display}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as ordinary:
        try:
            with _intruder(display):
                time.sleep(1)
                seen, samples = _seconds_with(display, COLOUR, 1)
        finally:
            ordinary.kill()
    print(f"\nintruder alone: seen in {seen} of {samples} samples")
    assert seen == samples > 20


def test_the_locked_screen_stays_covered_and_hears_keys_and_clicks(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        state = station.status()
        start = places(station.display, state, "start")["start"]
        with station.watch(foreign=COLOUR) as watch:
            time.sleep(0.3)
            with _intruder(station.display) as intruder:
                time.sleep(2)
                station.begin()
                station.key("Escape")
                station.wait_state("free")
                station.wait(lambda: _touched(station, start), "START answers to a click beneath the intruder")
                assert intruder.poll() is None, "it fought to the end"
            time.sleep(0.3)
        _print(watch, "locked")
        assert [covered for _moment, covered in watch.samples() if not covered] == []
        assert watch.foreign_seen == []


def _touched(station: RunningStation, place: tuple[int, int]) -> bool:
    if station.status()["state"] == "free":
        station.tap(*place)
        time.sleep(0.3)
    return bool(station.status()["state"] == "asking")


def test_the_end_of_a_session_shows_nothing_but_covers(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        intruder = station.as_citizen(*INTRUDER)
        with Eye(station.display) as eye:
            station.wait(lambda: eye.shows(COLOUR), "the intruder covers the session: nothing else is expected there")
        with station.watch(foreign=COLOUR) as watch:
            ordered = time.monotonic()
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            station.wait(lambda: len(station.living("lock")) == 1, "the fresh lock alone")
            time.sleep(0.3)
        intruder.wait(5)
        covered = [moment for moment, yes in watch.samples() if yes]
        first = covered[0]
        _print(watch, f"the end of a session, covered {first - ordered:.3f} s after the command was started")
        assert watch.longest_gap(first) == 0.0
        assert [moment for moment in watch.foreign_seen if moment > first] == []
        station.begin()


def _print(watch: CoverWatch, what: str) -> None:
    samples = watch.samples()
    seen = sum(covered for _moment, covered in samples)
    print(f"\n{what}: covered in {seen} of {len(samples)} samples, the intruder seen in {len(watch.foreign_seen)}")
