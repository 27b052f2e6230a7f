"""Where things stand on the lock's and the bar's screens, found by their own drawing code in a Tk that nobody sees.

In a process of its own: `python -m tests.layout PAGE STEP LANG`, the state on stdin, places on stdout. (Tcl aborts when
Python collects its objects in another thread than the one that made them, and the tests have threads.)
"""

import json
import os
import subprocess
import sys
import tkinter
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from kiosk.lockscreen.app import Prefs, start_tk
from kiosk.lockscreen.bar import draw as bar_draw
from kiosk.lockscreen.bar import hub as bar_hub
from kiosk.lockscreen.bar import words as bar_words
from kiosk.lockscreen.bar.bar import Bar
from kiosk.lockscreen.bar.sound import Sound
from kiosk.lockscreen.bar.strip import Strip
from kiosk.lockscreen.bar.talk import Talk
from kiosk.lockscreen.citizen import Citizen
from kiosk.lockscreen.draw import Painter, Pictures
from kiosk.lockscreen.lock import Lock
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.pages import PAGES
from kiosk.lockscreen.visit import Visit
from kiosk.lockscreen.voice.voice import can_speak
from kiosk.lockscreen.x11 import X11

Places = dict[str, tuple[int, int]]
SIZE = (1366, 768)


@contextmanager
def _unseen() -> Iterator[tuple[tkinter.Canvas, Pictures]]:
    """A canvas on the display of DISPLAY, in a window that is never mapped."""
    tk = start_tk("Kiosk-test", X11())
    try:
        tk.wm_withdraw()
        yield tkinter.Canvas(tk), Pictures(tk)
    finally:
        tk.destroy()


def _middles(painter: Painter) -> Places:
    return {t.name: (t.box.x + t.box.w // 2, t.box.y + t.box.h // 2) for t in painter.targets}


def places(display: str, state: dict[str, Any], page: str, step: int = 0, lang: str = "vi") -> Places:
    """The middles of all targets of a page of the lock, of the `bar`, or of its `sheet NOTICE`, by name.

    `step` counts questions from 0; `lang` of the lock may go on with how it is read: vi-large-contrast.
    """
    command = [sys.executable, "-m", "tests.layout", page, str(step), lang]
    env = {**os.environ, "DISPLAY": display}
    answer = subprocess.run(command, env=env, input=json.dumps(state), capture_output=True, text=True, timeout=30)
    assert answer.returncode == 0, answer.stderr
    return {name: (x, y) for name, (x, y) in json.loads(answer.stdout).items()}


def _lock_places(state: dict[str, Any], page: str, step: int, lang: str) -> Places:
    with _unseen() as (canvas, pictures):
        # A lock that never connects, covers or grabs: only what its screens are drawn from.
        lock = object.__new__(Lock)
        lang, *read = lang.split("-")
        prefs = lock.choice = Prefs(lang, "large" in read, "contrast" in read)
        lock.state, lock.page = state, page
        lock.window = SimpleNamespace(look=Look(*SIZE, prefs.large, prefs.contrast))  # type: ignore[assignment]
        lock.visit, lock.citizen = Visit(), Citizen(lock)
        lock.visit.step = step
        lock.reader = SimpleNamespace(offered=can_speak(), speaking=False, listen=None)  # type: ignore[assignment]
        painter = Painter(canvas, lock.look, pictures)
        PAGES[page](lock, painter)
        return _middles(painter)


def _look(state: dict[str, Any]) -> Look:
    """As the session's citizen reads."""
    prefs = Prefs.of(state)
    return Look(*SIZE, prefs.large, prefs.contrast)


def _bar_places(state: dict[str, Any]) -> Places:
    with _unseen() as (canvas, pictures):
        bar = object.__new__(Bar)
        bar.state, bar.look, bar.canvas, bar.pictures = state, _look(state), canvas, pictures
        bar.talk = Talk(bar)
        strip = Strip(bar)
        strip.draw(bar.look)
        return _middles(strip.painter)


def _sheet_places(state: dict[str, Any], notice: str) -> Places:
    """The middles of a sheet's buttons on the screen; `notice` as in bar/talk.py, `idle` by the state."""
    with _unseen() as (canvas, pictures):
        bar = object.__new__(Bar)
        bar.state, bar.look, bar.canvas, bar.pictures = state, _look(state), canvas, pictures
        bar.talk, bar.sound = Talk(bar), Sound(bar)
        content = bar_words.idle(bar) if notice == "idle" else bar_words.content(bar, notice)
        assert content is not None
        painter = Painter(canvas, bar.look, pictures)
        draw = {"idle": bar_draw.idle, "hub": bar_hub.hub}.get(content.kind, bar_draw.notice)
        box, _radius = draw(bar, painter, content)
        return {name: (box.x + x, box.y + y) for name, (x, y) in _middles(painter).items()}


if __name__ == "__main__":
    name, number, language = sys.argv[1:]
    given = json.load(sys.stdin)
    if name.startswith("sheet "):
        print(json.dumps(_sheet_places(given, name.removeprefix("sheet "))))
        sys.exit()
    print(json.dumps(_bar_places(given) if name == "bar" else _lock_places(given, name, int(number), language)))
