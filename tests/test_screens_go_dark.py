"""A locked screen that nobody touches goes dark; the first touch lights it and presses nothing; news are seen."""

import ctypes
import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.lockscreen.dark import LIGHTS_UP
from kiosk.lockscreen.x_structs import Idle
from tests.conftest import servers
from tests.dpms_server import ENABLE, SET_TIMEOUTS, DpmsServer
from tests.lock_stage import ENDING, OPEN, STATE, Stage, until

pytestmark = pytest.mark.slow

AFTER = 2.0  # seconds
BOTH = pytest.mark.parametrize("lit", ["screen saver", "DPMS"], indirect=True, scope="module")
SAVER, DPMS = (pytest.mark.parametrize("lit", [one], indirect=True, scope="module") for one in ("screen saver", "DPMS"))
START_AT, RICE = (1021, 338), 0xF6C445


class Monitors:
    """Whether the monitors of a display are dark: by its screen saver, or as DPMS was told."""

    def __init__(self, display: str, dpms: DpmsServer | None) -> None:
        self.dpms = dpms
        self.display = dpms.display if dpms else display
        self._env = {**os.environ, "DISPLAY": self.display}
        self._xlib, self._saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        self._xlib.XOpenDisplay.restype = ctypes.c_void_p
        self._xlib.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._xlib.XOpenDisplay(display.encode()))

    def close(self) -> None:
        self._xlib.XCloseDisplay(self._display)

    def dark(self) -> bool:
        if self.dpms is not None:
            return self.dpms.level != 0
        found = Idle()
        root = ctypes.c_ulong(self._xlib.XDefaultRootWindow(self._display))
        self._saver.XScreenSaverQueryInfo(self._display, root, ctypes.byref(found))
        return bool(found.state == 1)

    def force(self) -> None:
        words = ["dpms", "force", "off"] if self.dpms else ["s", "activate"]
        subprocess.run(["xset", *words], env=self._env, check=True, timeout=10)

    def light(self) -> None:
        words = ["dpms", "force", "on"] if self.dpms else ["s", "reset"]
        subprocess.run(["xset", *words], env=self._env, check=True, timeout=10)


@pytest.fixture(scope="module")
def lit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Monitors]]:
    with servers() as start:
        display = start("1366x768")
        dpms = DpmsServer(display) if request.param == "DPMS" else None
        stage = Stage(display, tmp_path_factory.mktemp("dark"))
        monitors = Monitors(display, dpms)
        monitors.force()
        assert monitors.dark(), "control: by hand they go dark"
        monitors.light()
        assert not monitors.dark()
        if dpms is not None:
            stage.display = dpms.display
        stage.service.put(screen_off_minutes=0)
        stage.start("lock")
        stage.display = display
        stage.service.wait("covered")
        stage.insist("Return", "begin")
        yield stage, monitors
        monitors.close()
        stage.close()
        if dpms is not None:
            dpms.close()


def put(stage: Stage, **state: Any) -> None:
    stage.service.put(**{**STATE, "screen_off_minutes": AFTER / 60, **state})


def go_dark(stage: Stage, monitors: Monitors) -> None:
    put(stage, state="closed")
    until(lambda: stage.pixel(1021, 200) != RICE and not monitors.dark(), "lit")
    put(stage)
    until(lambda: stage.pixel(1021, 200) == RICE, "START drawn")
    begun = time.monotonic()
    until(monitors.dark, "the monitors go dark", AFTER + 2)
    waited = time.monotonic() - begun
    assert waited >= AFTER / 4
    stage.service.all_heard(0.02)


@BOTH
@pytest.mark.parametrize("how", ["key", "button", "move"])
def test_dark_after_a_while_and_the_first_touch_only_lights(lit: tuple[Stage, Monitors], how: str) -> None:
    stage, monitors = lit
    stage.tap(5, 400)
    go_dark(stage, monitors)
    assert stage.pixel(1021, 200) == RICE, "START stands there unseen"
    if how == "move":
        subprocess.run(["xdotool", "mousemove_relative", "40", "0"], env={**os.environ, "DISPLAY": stage.display})
    elif how == "key":
        stage.keys("Return")
    else:
        stage.tap(*START_AT)
    until(lambda: not monitors.dark(), "lit", 1)
    put(stage, screen_off_minutes=0)
    assert [message["verb"] for message in stage.service.all_heard(0.3)] == [], "START was not pressed unseen"
    time.sleep(LIGHTS_UP + 0.2)
    if how == "button":
        stage.tap(*START_AT)
    else:
        stage.keys("Return")
    stage.service.wait("begin")


LATER: dict[str, dict[str, Any]] = {
    "an ending": ENDING,
    "a goodbye": {"state": "free", "end_reason": "time_up"},
    "questions": {"state": "asking"},
    "getting ready": {**OPEN, "cover": True},
    "an offer to go on": {"state": "free", "resume": {"minutes": 12}},
}


@SAVER
@pytest.mark.parametrize("what", LATER)
def test_what_tells_something_is_never_dark(lit: tuple[Stage, Monitors], what: str) -> None:
    stage, monitors = lit
    go_dark(stage, monitors)
    put(stage, **LATER[what])
    until(lambda: not monitors.dark(), "lit again", 2)
    end = time.monotonic() + AFTER + 1
    while time.monotonic() < end:
        assert not monitors.dark()
        time.sleep(0.1)


@BOTH
def test_in_a_session_nothing_of_ours_darkens_and_dark_begins_anew_after_it(lit: tuple[Stage, Monitors]) -> None:
    stage, monitors = lit
    stage.service.all_heard(0.02)
    put(stage, **OPEN)
    stage.service.wait("uncovered")
    end = time.monotonic() + AFTER + 1
    while time.monotonic() < end:
        assert not monitors.dark()
        time.sleep(0.1)
    monitors.force()
    put(stage, **ENDING)
    stage.service.wait("covered")
    until(lambda: not monitors.dark(), "what a session left dark is lit", 2)
    go_dark(stage, monitors)


@SAVER
def test_what_start_says_anew_lights_it(lit: tuple[Stage, Monitors]) -> None:
    stage, monitors = lit
    go_dark(stage, monitors)
    put(stage, queue={"next": None, "called": 7, "waiting": 0, "numbers": [], "last": 7, "new": 8, "undo": False,
                      "spoken": False})  # fmt: skip
    until(lambda: not monitors.dark(), "a called number is seen", 2)


@SAVER
def test_a_policy_of_none_never_darkens(lit: tuple[Stage, Monitors]) -> None:
    stage, monitors = lit
    put(stage, screen_off_minutes=0, state="closed")
    time.sleep(AFTER + 1)
    assert not monitors.dark()
    go_dark(stage, monitors)  # the control: it is what the policy says that keeps it lit


@DPMS
def test_the_server_s_own_timers_darken_nothing_meanwhile(lit: tuple[Stage, Monitors]) -> None:
    stage, monitors = lit
    asked = monitors.dpms.asked if monitors.dpms else []
    put(stage, **OPEN)
    stage.service.wait("uncovered")
    time.sleep(1)
    asked.clear()
    subprocess.run(["xset", "dpms", "5", "5", "5"], env={**os.environ, "DISPLAY": monitors.display}, check=True)
    assert (SET_TIMEOUTS, 5, 5, 5) in [one[:4] for one in asked], "control: a session sets its own"
    asked.clear()
    put(stage, **ENDING)
    until(lambda: (SET_TIMEOUTS, 0, 0, 0) in [one[:4] for one in asked], "none of them is left", 2)
    assert ENABLE in [one[0] for one in asked]
