"""Whatever a citizen's program does to the display, when time is up the screen is covered and START works again.

Each attack first wins against a plain locker, in the same place above all windows, so that it is an attack at all.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from Xlib.display import Display

from tests import plain_locker
from tests.conftest import servers
from tests.hostile_x import ATTACKS, COLOUR, windows_of_ours
from tests.layout import places
from tests.running import RunningStation
from tests.station_processes import slowness
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root]

HOSTILE = str(Path(__file__).with_name("hostile_x.py"))
LOCKER = str(Path(__file__).with_name("plain_locker.py"))
SIX_SECONDS = """
[session]
minutes = 0.1
warnings = []
visit_min_seconds = 0
"""
COVERED_WITHIN = 2.0
# What does not end the others goes together: a session takes ten seconds.
TOGETHER = (
    ("hold_keyboard", "retained", "shaped_overlay"), ("in_the_overlay", "small_overlay"), ("hold_server",),
    ("destroyed_windows",), ("killed_clients",), ("all_clients",),
)  # fmt: skip


@pytest.fixture(scope="module")
def station() -> Iterator[RunningStation]:
    """One station for all attacks: none may spoil it for the next."""
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        with RunningStation(Path(folder, "home"), start(), SIX_SECONDS) as running:
            yield running


@contextmanager
def _locker(env: dict[str, str]) -> Iterator[Callable[[str], str]]:
    """A plain locker; called with what to tell it, it gives its answer, or nothing where none comes."""
    process = subprocess.Popen(
        [sys.executable, LOCKER], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    tells, hears = process.stdin, process.stdout
    assert tells is not None and hears is not None
    os.set_blocking(hears.fileno(), False)

    def said(words: str, seconds: float) -> str:
        with suppress(BrokenPipeError):
            tells.write(words.encode())
            tells.flush()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if line := hears.readline():
                return line.decode().strip()
            time.sleep(0.01)
        return ""

    try:
        assert said("", 10) == "ready"
        yield lambda words: said(words, 1.5)
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            tells.close()
        hears.close()


def _attacked(env: dict[str, str], attack: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, HOSTILE, attack], env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize("attack", [None, *sorted(ATTACKS.keys() - {"retained"})])
def test_a_plain_locker_loses(xvfb: Callable[..., str], attack: str | None) -> None:
    env = {**os.environ, "DISPLAY": xvfb()}
    with Eye(env["DISPLAY"]) as eye, _locker(env) as locker:
        process = _attacked(env, attack) if attack else None
        try:
            heard, covers = "", False
            if got := locker("lock\n"):
                subprocess.run(["xdotool", "key", "a"], env=env, timeout=5, check=True)
                heard = locker("")
                covers = set(eye.pixels(0, eye.height // 2, eye.width, 1)) == {plain_locker.COLOUR}
        finally:
            if process is not None:
                process.kill()
                process.wait()
    print(f"\n{attack}: {got or 'no answer'}, {heard or 'no key'}, covered: {covers}")
    assert ((got, heard, covers) == ("keys", "key", True)) is (attack is None)


def test_a_window_stays_when_its_program_is_gone(xvfb: Callable[..., str]) -> None:
    display = xvfb()
    assert _attacked({**os.environ, "DISPLAY": display}, "retained").wait(5) == 0
    assert _left(display) == 2
    with Eye(display) as eye:
        assert eye.shows(COLOUR)


def _left(name: str) -> int:
    display = Display(name)
    try:
        return windows_of_ours(display)
    finally:
        display.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("attacks", TOGETHER, ids="+".join)
def test_time_up_covers_and_start_works_again(station: RunningStation, attacks: tuple[str, ...]) -> None:
    station.sign_in()
    over = time.monotonic() + station.status()["seconds_left"]
    hostile = [station.as_citizen(sys.executable, HOSTILE, one, stdout=subprocess.PIPE) for one in attacks]
    with station.watch(foreign=COLOUR) as watch:
        for process in hostile:
            assert process.stdout is not None and process.stdout.readline() == b"up\n"
        assert station.status()["state"] == "open", "in time"
        station.wait_state("free", 20)
        freed = time.monotonic()
        station.wait(lambda: len(station.living("lock")) == 1, "the fresh lock alone")
        time.sleep(0.3)
    assert station.status()["end_reason"] == "time_up"
    for process in hostile:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(5)
    covered = [moment for moment, yes in watch.samples() if yes]
    print(f"\n{' '.join(attacks)}: covered {covered[0] - over:.2f} s after the time was up")
    late = min(over + COVERED_WITHIN, freed)  # FREE is told when nothing of it is left
    assert covered[0] - over <= COVERED_WITHIN * slowness()
    assert watch.longest_gap(late) == 0.0
    assert _left(station.display) == 0
    assert [moment for moment in watch.foreign_seen if moment > late] == []
    station.begin()
    station.key("Escape")
    station.wait_state("free")
    start = places(station.display, station.status(), "start")["start"]
    station.tap(*start)
    station.wait_state("asking", 5)
