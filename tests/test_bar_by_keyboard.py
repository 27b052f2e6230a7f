"""The bar without mouse or touch, beside programs that lose no keystroke."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.lockscreen.look import Look
from tests.lock_stage import ENDING, OPEN, Stage, until
from tests.test_bar_talks import CARD, DEEP, MIST, OFFER, REFUSE, TYPIST

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.service.put(**OPEN)
    stage.start("bar")
    until(lambda: stage.pixel(1360, 5) == MIST, "the bar")
    yield stage
    stage.close()


def verbs(stage: Stage) -> list[str]:
    return [message["verb"] for message in stage.service.all_heard() if message["verb"] != "idle"]


def sheet(stage: Stage) -> bool:
    return stage.pixel(683, 100) == CARD


def test_finish_asks_once_and_enter_says_yes(stage: Stage) -> None:
    stage.keys("super+9")
    until(lambda: sheet(stage), "the question")
    assert verbs(stage) == []
    stage.keys("super+Return")
    until(lambda: not sheet(stage), "done")
    assert verbs(stage) == ["finish"]


def test_esc_takes_it_back(stage: Stage) -> None:
    stage.keys("super+9")
    until(lambda: sheet(stage), "the question")
    stage.keys("super+Escape")
    until(lambda: not sheet(stage), "put away")
    stage.keys("super+Return")
    assert verbs(stage) == []


def test_more_time_menu_help_and_the_minutes(stage: Stage) -> None:
    stage.keys("super+1", "super+3")
    assert verbs(stage) == ["menu", "help"]
    stage.keys("super+Escape", "super+0")
    until(lambda: sheet(stage), "the minutes")
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    time.sleep(0.6)  # the warning instead of the minutes
    stage.keys("super+Return")
    assert verbs(stage) == ["extend"]
    stage.service.put(extension=REFUSE)
    stage.keys("super+2")
    until(lambda: sheet(stage), "why not")
    assert verbs(stage) == []


def test_still_here_and_caps_lock(stage: Stage) -> None:
    stage.service.put(idle=86)
    until(lambda: stage.pixel(683, 700) == 0x073630, "the question")
    stage.keys("Caps_Lock", "super+Return", "Caps_Lock")
    assert verbs(stage) == ["still_here"]


def test_nothing_when_no_session_is_open(stage: Stage) -> None:
    stage.service.put(**ENDING)
    stage.service.all_heard()
    stage.keys("super+1", "super+9", "super+Return")
    assert verbs(stage) == []


def test_the_citizens_program_gets_every_other_key(stage: Stage) -> None:
    with subprocess.Popen([sys.executable, "-c", TYPIST], env={**os.environ, "DISPLAY": stage.display},
                          stdout=subprocess.PIPE, text=True) as typist:  # fmt: skip
        assert typist.stdout is not None
        assert typist.stdout.readline() == "ready\n"
        plain = ("1", "4", "Return", "Escape", "0", "F9", "F10")
        stage.keys(*plain, "ctrl+1", "alt+1", "ctrl+Return")
        codes = [typist.stdout.readline() for _key in range(len(plain) + 6)]
        assert len(set(codes)) == len(plain) + 2, "each key, and Ctrl and Alt"
        assert verbs(stage) == []
        stage.keys("super+9", "a")
        until(lambda: sheet(stage), "the question")
        typed = [typist.stdout.readline() for _key in range(2)]
        assert codes[1] not in typed, "only the Super key itself and the a"
        typist.kill()


def test_the_numbers_hang_below_the_strip_while_the_windows_key_is_held(stage: Stage) -> None:
    env = {**os.environ, "DISPLAY": stage.display}

    def row() -> bool:
        return stage.pixel(2, stage_bar + 20) == DEEP

    stage_bar = Look(1366, 768).bar
    assert not row()
    subprocess.run(["xdotool", "keydown", "super"], env=env, check=True)
    until(row, "the row of numbers")
    subprocess.run(["xdotool", "key", "3"], env=env, check=True)
    assert stage.service.wait("help", 4), "and what it says is so"
    until(lambda: not row(), "a sheet tells its own keys")
    subprocess.run(["xdotool", "keyup", "super"], env=env, check=True)
    stage.keys("super+Escape")
    until(lambda: not sheet(stage), "put away")
    time.sleep(1.2)
    assert not row(), "only while it is held"


def test_everything_of_the_bar_has_a_key_and_tab_goes_from_button_to_button(stage: Stage) -> None:
    stick = {"id": "sdb1", "label": "KINGSTON", "free_mb": 3400, "state": "ready", "detail": ""}
    stage.service.put(typing="vi", print={"mode": "staff", "waiting": 0, "pages": 0, "trouble": None})
    stage.keys("super+4")
    assert stage.service.wait("typing", 4)["lang"] == "en"
    stage.service.put(sticks=[stick])
    until(lambda: sheet(stage), "a stick that is put in is noticed")
    stage.keys("super+Return")
    assert stage.service.wait("save", 4)["stick"] == "sdb1"
    stage.service.put(sticks=[{**stick, "state": "saving", "detail": "1/9"}])
    time.sleep(0.5)
    stage.keys("super+Return")
    assert "save" not in verbs(stage), "while it is written to, there is only going back"
    stage.service.put(sticks=[{**stick, "state": "saved"}])
    until(lambda: sheet(stage), "told when it is done")
    stage.keys("super+Tab", "super+Tab", "super+Tab", "super+Return")
    assert stage.service.wait("eject", 4)["stick"] == "sdb1", "three times Tab is round again"
    stage.service.put(sticks=[])
    until(lambda: not sheet(stage), "a sheet about a stick goes with it")
    stage.keys("super+6")
    until(lambda: sheet(stage), "the printer's sheet")
    stage.keys("super+Escape", "super+5")
    time.sleep(0.3)
    assert not sheet(stage), "no stick, no sheet"
