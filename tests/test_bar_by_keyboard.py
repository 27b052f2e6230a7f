"""The bar without mouse or touch, beside programs that lose no keystroke; and every sheet of it fits with its words."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.lock_stage import ENDING, OPEN, STATE, Stage, until
from tests.test_bar_talks import CARD, MIST, OFFER, REFUSE, TYPIST

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
    stage.keys("super+4")
    until(lambda: sheet(stage), "the question")
    assert verbs(stage) == []
    stage.keys("super+Return")
    until(lambda: not sheet(stage), "done")
    assert verbs(stage) == ["finish"]


def test_esc_takes_it_back(stage: Stage) -> None:
    stage.keys("super+4")
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
    until(lambda: sheet(stage), "the warning")
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
    stage.keys("super+1", "super+4", "super+Return")
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
        stage.keys("super+4", "a")
        until(lambda: sheet(stage), "the question")
        typed = [typist.stdout.readline() for _key in range(2)]
        assert codes[1] not in typed, "only the Super key itself and the a"
        typist.kill()


def main() -> None:
    """Every sheet on this display: a line for each fault, then how many were drawn."""
    from kiosk.lockscreen.bar import Bar
    from kiosk.lockscreen.look import Look
    from kiosk.lockscreen.x11 import X11
    from tests.page_faults import faults

    bar, count = Bar(X11(), cast(Any, "/nonexistent")), 0
    warned = {"extension": OFFER, "seconds_left": 290, "warning": 5}
    shown: dict[str, dict[str, Any]] = {
        "warning 10": {"seconds_left": 600, "warning": 10},
        "warning": warned,
        "idle": {"idle": 86},
        "warning last": {**warned, "seconds_left": 110, "warning": 1},
        "confirm": {},
        "extended": {"granted": 5400},
        "why_not": {"extension": REFUSE},
        "helped": {},
        "closing": {"closing": 15},
        "time": {"extension": OFFER},
    }
    for (name, state), (lang, large, contrast) in itertools.product(
        shown.items(), itertools.product(("vi", "en"), (False, True), (False, True))
    ):
        prefs = {"lang": lang, "large": large, "contrast": contrast}
        bar.state = {**STATE, **OPEN, "prefs": prefs, **state}
        bar.talk._added = 30
        bar.talk._put("" if name == "idle" else name.split()[0], 60)
        bar.look = Look(bar.look.width, bar.look.height, large, contrast)
        bar.redraw()
        painter = bar.sheet.painter
        found = faults(cast(Any, SimpleNamespace(painter=painter, look=painter.look, canvas=painter.canvas)))
        high = painter.boxes[-1].inside.bottom + bar.look.bar
        print(*(f"{name} {lang} {large} {contrast}: {fault}" for fault in found), sep="\n", end="\n" if found else "")
        if high > bar.look.height or not painter.boxes:
            print(f"{name} {lang} {large} {contrast}: leaves the screen")
        count += 1
    print(f"{count} sheets")


@pytest.mark.parametrize("size", ["1024x768", "1366x768", "1920x1080"])
def test_every_sheet_fits_with_its_keys(size: str, xvfb: Callable[..., str]) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.test_bar_by_keyboard"], timeout=60, check=False,
                          env={**os.environ, "DISPLAY": xvfb(size)}, capture_output=True, text=True)  # fmt: skip
    assert done.stdout.splitlines() == ["80 sheets"], done.stderr


if __name__ == "__main__":
    main()
