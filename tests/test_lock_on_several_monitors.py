"""Several monitors, another resolution: covered everywhere, drawn on the primary one."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import X

from tests.lock_stage import OPEN, Stage, until

pytestmark = pytest.mark.slow

DEEP, RICE = 0x073630, 0xF6C445


@pytest.fixture
def wide(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("2304x768"), home)
    yield stage
    stage.close()


def xrandr(stage: Stage, *words: str) -> None:
    subprocess.run(["xrandr", *words], env={**os.environ, "DISPLAY": stage.display}, check=True, timeout=10)


def yellow(stage: Stage, left: int, right: int) -> int:
    """How many of the pixels of one row between two columns are START's yellow."""
    width = right - left
    data = stage.root.get_image(left, 300, width, 1, X.ZPixmap, 0xFFFFFF).data
    row = [int.from_bytes(data[at : at + 4], "little") & 0xFFFFFF for at in range(0, width * 4, 4)]
    return row.count(RICE)


def up(stage: Stage) -> str:
    stage.start("lock")
    return str(stage.service.wait("covered")["marker"])


def test_without_monitors_of_its_own_the_whole_screen_is_the_page(wide: Stage) -> None:
    """The control: drawn over the whole width, START stands on the right half."""
    up(wide)
    until(lambda: yellow(wide, 1366, 2304), "START at the right")
    assert not yellow(wide, 0, 1024)


@pytest.mark.parametrize(
    ("primary", "drawn", "dark", "drum"),
    [("left", (0, 1024), (1100, 2304), (806, 338)), ("right", (1024, 2304), (0, 900), (2024, 338))],
)
def test_pages_stand_on_the_primary_monitor_and_the_others_are_covered(
    wide: Stage, primary: str, drawn: tuple[int, int], dark: tuple[int, int], drum: tuple[int, int]
) -> None:
    left, right = ("*left", "right") if primary == "left" else ("left", "*right")
    xrandr(wide, "--setmonitor", left, "1024/300x768/200+0+0", "screen")
    xrandr(wide, "--setmonitor", right, "1280/300x768/200+1024+0", "none")
    window = wide.spawn(
        "import tkinter as t; r=t.Tk(); r.configure(bg='red'); r.wm_overrideredirect(1); r.geometry('2304x768+0+0');"
        "r.mainloop()"
    )
    until(lambda: wide.pixel(100, 300) == wide.pixel(2000, 300) == 0xFF0000, "control: something to cover")
    token = up(wide)
    until(lambda: yellow(wide, *drawn) > 100, "START on the primary monitor")
    assert wide.covered(token) and not yellow(wide, *dark)
    assert all(wide.pixel(x, y) != 0xFF0000 for x in range(5, 2304, 90) for y in (5, 400, 760))
    # Touch finds the targets where they are seen.
    time.sleep(0.4)
    wide.tap(*drum)
    wide.service.wait("begin")
    window.kill()


def test_monitors_that_change_while_locked_move_the_page(wide: Stage) -> None:
    token = up(wide)
    until(lambda: yellow(wide, 1366, 2304), "START at the right")
    xrandr(wide, "--setmonitor", "*left", "1024/300x768/200+0+0", "screen")
    xrandr(wide, "--setmonitor", "right", "1280/300x768/200+1024+0", "none")
    until(lambda: yellow(wide, 0, 1024) > 100 and not yellow(wide, 1100, 2304), "START moved to the left")
    assert wide.covered(token)


def modes(stage: Stage) -> None:
    """Xvfb knows one mode: teach it a smaller one."""
    screen = subprocess.run(["xrandr"], env={**os.environ, "DISPLAY": stage.display}, capture_output=True, text=True)
    output = next(line.split()[0] for line in screen.stdout.splitlines() if " connected" in line)
    xrandr(stage, "--newmode", "small", "60", "1024", "1040", "1100", "1200", "768", "771", "775", "800")
    xrandr(stage, "--addmode", output, "small")


def resize(stage: Stage, mode: str) -> None:
    xrandr(stage, "--output", "screen", "--mode", mode)


@pytest.fixture
def usual(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


def test_another_resolution_while_locked_is_drawn_anew_and_covered(usual: Stage) -> None:
    token = up(usual)
    until(lambda: yellow(usual, 800, 1366) > 100, "START")
    modes(usual)
    resize(usual, "small")
    until(lambda: yellow(usual, 560, 1010) > 100, "START on the smaller screen")
    # The marker stands in the corner of the new screen.
    until(lambda: usual.covered(token), "covered at the new size")
    resize(usual, "1366x768")
    until(lambda: yellow(usual, 800, 1366) > 100 and usual.covered(token), "and back")


def test_another_resolution_in_a_session_is_covered_whole_at_its_end(usual: Stage) -> None:
    modes(usual)
    resize(usual, "small")
    token = up(usual)
    usual.service.put(**OPEN)
    until(lambda: not usual.covered(token), "the session")
    resize(usual, "1366x768")
    window = usual.spawn(
        "import tkinter as t; r=t.Tk(); r.configure(bg='red'); r.wm_overrideredirect(1); r.geometry('1366x768+0+0');"
        "r.mainloop()"
    )
    until(lambda: usual.pixel(1300, 700) == 0xFF0000, "control: seen in the session")
    usual.service.put(state="ending", cover=True, seconds_left=0, end_reason="time_up")
    until(lambda: usual.covered(token), "covered")
    assert all(usual.pixel(x, y) != 0xFF0000 for x in range(5, 1366, 60) for y in (5, 400, 760))
    window.kill()
