"""Monitors turned, plugged in, switched off and resized: a locked screen stays covered, and all of it is at time-up.

On Debian's Xorg, which has several outputs, and on Xephyr, which turns its screen; Xvfb does neither.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.lockscreen import marker
from tests.lock_stage import ENDING, GROUNDS, OPEN, Stage, until
from tests.real_xorg import real_xorg
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root]

RED, RICE = 0xD01010, 0xF6C445
INTRUDER = """
import tkinter
window = tkinter.Tk()
window.wm_overrideredirect(True)
window.geometry("3000x3000+0+0")
window.configure(background="#D01010")
window.mainloop()
"""
# The steps of each server; {a} and {b}: its outputs.
XORG = {
    "smaller": "--output {a} --mode 800x600",
    "another one beside it": "--addmode {b} 800x600 --output {b} --mode 800x600 --right-of {a}",
    "the other one first": "--output {b} --primary",
    "unplugged": "--output {b} --off",
    "larger": "--output {a} --primary --mode 1600x1200",
    "all off": "--output {a} --off",
    "on again": "--output {a} --mode 1024x768",
}
XEPHYR = {"left": "-o left", "upside down": "-o inverted", "right": "-o right", "as it was": "-o normal"}


@contextmanager
def xephyr(behind: str) -> Iterator[str]:
    """An X server in a window of another one."""
    told, theirs = os.pipe()
    command = ["Xephyr", "-displayfd", str(theirs), "-screen", "1366x768", "-noreset", "-nolisten", "tcp"]
    env = {**os.environ, "DISPLAY": behind}
    server = subprocess.Popen(command, env=env, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        assert number, "Xephyr did not start"
        yield f":{number}"
    finally:
        server.kill()
        server.wait(10)


@pytest.fixture(params=["Xorg", "Xephyr"])
def turned(request: pytest.FixtureRequest, xvfb: Callable[..., str], tmp_path: Path) -> Iterator["Turned"]:
    with real_xorg(tmp_path) if request.param == "Xorg" else xephyr(xvfb("1600x1600")) as name:
        stage = Stage(name, tmp_path / "home")
        yield Turned(stage, XORG if request.param == "Xorg" else XEPHYR)
        stage.close()


class Turned:
    """A stage, and what its X server can do."""

    def __init__(self, stage: Stage, steps: dict[str, str]) -> None:
        self.stage, self.steps = stage, steps
        lines = self._xrandr().splitlines()
        self._outputs = [line.split()[0] for line in lines if "connected" in line]
        stage.spawn(INTRUDER)
        until(lambda: self.red() > 0.99, "control: a window of a session is all that is seen")

    def _xrandr(self, *words: str) -> str:
        env = {**os.environ, "DISPLAY": self.stage.display}
        return subprocess.run(["xrandr", *words], env=env, check=True, capture_output=True, text=True).stdout

    def turn(self, step: str) -> tuple[int, int]:
        """Do it; the size of the screen afterwards."""
        words = self.steps[step].format(a=self._outputs[0], b=self._outputs[-1]).split()
        if "--addmode" in words:
            self._xrandr(*words[:3])
            words = words[3:]
        self._xrandr(*words)
        with Eye(self.stage.display) as eye:
            return eye.width, eye.height

    def red(self) -> float:
        """The share of the screen in which the session is seen."""
        with Eye(self.stage.display) as eye:
            rows = [eye.pixels(0, y, eye.width, 1) for y in range(3, eye.height, 40)]
        return sum(row.count(RED) for row in rows) / sum(map(len, rows))

    def covered(self, token: str) -> bool:
        with Eye(self.stage.display) as eye:
            return marker.matches(token, GROUNDS, eye.row()) and self.red() == 0

    def start_drawn(self) -> bool:
        with Eye(self.stage.display) as eye:
            return any(eye.pixels(0, y, eye.width, 1).count(RICE) > 100 for y in range(0, eye.height, 30))


def test_while_locked(turned: Turned) -> None:
    turned.stage.start("lock")
    token = turned.stage.service.wait("covered")["marker"]
    until(lambda: turned.covered(token) and turned.start_drawn(), "covered, with START")
    sizes = []
    for step in turned.steps:
        begun = time.monotonic()
        sizes.append(turned.turn(step))
        if step == "all off":
            continue  # there is nothing to see, nor to draw on
        until(lambda: turned.covered(token), f"{step}: covered whole")
        took = time.monotonic() - begun
        until(turned.start_drawn, f"{step}: START on it")
        print(f"\n{step}: {sizes[-1][0]}x{sizes[-1][1]}, covered whole within {took:.2f} s, xrandr's own time with it")
    assert len(set(sizes)) > 1, "control: the screen did change"
    turned.stage.insist("Return", "begin")


def test_in_a_session_and_covered_whole_at_its_end(turned: Turned) -> None:
    turned.stage.start("lock")
    token = turned.stage.service.wait("covered")["marker"]
    for step in turned.steps:
        if step == "all off":
            continue
        turned.stage.service.put(**OPEN)
        turned.stage.service.wait("uncovered")
        turned.turn(step)
        until(lambda: turned.red() > 0.99, f"{step}, control: the session is seen on all of it")
        turned.stage.service.put(**ENDING)
        turned.stage.service.wait("covered")
        until(lambda: turned.covered(token), f"{step}: covered whole")
