"""At the end of a session a fresh lock takes the standby's place: the goodbye stays on the screen until it is drawn."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import ENDING, OPEN, Stage, until
from tests.watching import Eye

pytestmark = pytest.mark.slow
RED = 0xD01010
INTRUDER = """
import tkinter
window = tkinter.Tk()
window.wm_overrideredirect(True)
window.geometry("1366x768+0+0")
window.configure(background="#D01010")
window.mainloop()
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


class Watch:
    """How many colours stand on the line through the middle, again and again: a ring and words, or a blank."""

    def __init__(self, display: str) -> None:
        self.seen: list[set[int]] = []
        self._display, self._running = display, True
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        with Eye(self._display) as eye:
            while self._running:
                self.seen.append(set(eye.pixels(0, eye.height // 2, eye.width, 1)))
                time.sleep(0.001)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._running = False
        self._thread.join()

    def blanks(self) -> int:
        return sum(len(colours) == 1 for colours in self.seen)


def _say_goodbye(stage: Stage) -> subprocess.Popen[bytes]:
    """A standby that has covered the end of its session."""
    stage.service.put(**OPEN)
    old = stage.start("lock")
    stage.service.wait("uncovered")
    stage.service.put(**ENDING)
    stage.service.wait("covered")
    until(lambda: _words(stage), "the goodbye is drawn")
    return old


def _words(stage: Stage) -> bool:
    with Eye(stage.display) as eye:
        return len(set(eye.pixels(0, eye.height // 2, eye.width, 1))) > 1


def _successor(stage: Stage, *words: str) -> None:
    env = {**os.environ, "DISPLAY": stage.display, "KIOSK_HOME": str(stage.home)}
    stage.processes.append(subprocess.Popen([sys.executable, "-m", "kiosk.lockscreen", "lock", *words], env=env))


@pytest.mark.parametrize("words", [(), ("behind",)])
def test_the_goodbye_stays_until_the_fresh_lock_is_painted(stage: Stage, words: tuple[str, ...]) -> None:
    old = _say_goodbye(stage)
    with Watch(stage.display) as watch:
        _successor(stage, *words)
        token = stage.service.wait("covered")["marker"]
        old.kill()
        old.wait(10)
        until(lambda: stage.covered(token), "the fresh lock covers")
        stage.service.put(state="free", session=None)
        until(lambda: _words(stage), "the goodbye, or START")
        time.sleep(0.6)
    assert len(watch.seen) > 50
    if words:
        assert watch.blanks() == 0
    else:
        assert watch.blanks() > 0, "control: one that does not begin behind blanks the screen"


def test_whoever_dies_the_screen_stays_covered(stage: Stage) -> None:
    """The forerunner is killed before its successor has heard a word, let alone painted one."""
    stage.spawn(INTRUDER)
    until(lambda: stage.pixel(683, 384) == RED, "control: a window of the session is seen")
    old = _say_goodbye(stage)
    stage.service.silent = True
    with Watch(stage.display) as watch:
        before = _mapped(stage)
        _successor(stage, "behind")
        until(lambda: _mapped(stage) > before, "it is mapped, behind")
        old.kill()
        old.wait(10)
        time.sleep(1.5)
    assert not any(RED in colours for colours in watch.seen)
    stage.service.silent = False
    token = stage.service.wait("covered")["marker"]
    until(lambda: stage.covered(token), "and covers by itself")


def _mapped(stage: Stage) -> int:
    return len(stage.root.composite_get_overlay_window().overlay_window.query_tree().children)
