"""Who types when a warning comes loses nothing: every key arrives, in a terminal and in a browser under openbox."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import OPEN, Stage, until
from tests.test_bar_talks import MIST, OFFER

pytestmark = pytest.mark.slow

TEXT = "the quick brown fox jumps over the lazy dog and goes home " * 3
PAGE = "data:text/html,<title>empty</title><textarea autofocus oninput='document.title=this.value' cols=80 rows=9>"


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.service.put(**OPEN)
    env = {**os.environ, "DISPLAY": stage.display}
    stage.processes.append(subprocess.Popen(["openbox", "--sm-disable"], env=env, stderr=subprocess.DEVNULL))
    stage.start("bar")
    until(lambda: stage.pixel(1360, 5) == MIST, "the bar")
    yield stage
    stage.close()


def type_across_the_warnings(stage: Stage) -> None:
    """Type for some seconds, while all kinds of sheets come and go."""
    env = {**os.environ, "DISPLAY": stage.display}
    typing = subprocess.Popen(["xdotool", "type", "--delay", "45", TEXT], env=env)
    stick = {"id": "sdb1", "label": "A", "free_mb": 9, "state": "ready", "detail": ""}
    seen = False
    for change in (
        {"seconds_left": 600, "warning": 10, "extension": OFFER}, {"sticks": [stick]},
        {"seconds_left": 300, "warning": 5}, {"seconds_left": 60, "warning": 1}, {"granted": 5400, "warning": None},
        {"closing": 5}, {"idle": 80}, {"idle": None}, {"home": {"free_mb": 1, "full": True}},
        {"home": {"free_mb": 1, "full": True, "closed": 1}},
    ):  # fmt: skip
        stage.service.put(**change)
        time.sleep(0.6)
        seen = seen or stage.pixel(683, 92) != stage.pixel(20, 700)
    assert typing.wait(30) == 0
    assert seen, "control: a sheet hung there meanwhile"


def title(stage: Stage, window: str) -> str:
    env = {**os.environ, "DISPLAY": stage.display}
    return subprocess.run(["xdotool", "getwindowname", window], env=env, capture_output=True, text=True).stdout.strip()


def find(stage: Stage, *query: str) -> str:
    """The window that a search finds, once it is there."""
    env = {**os.environ, "DISPLAY": stage.display}

    def look() -> list[str]:
        command = ["xdotool", "search", "--onlyvisible", *query]
        return subprocess.run(command, env=env, capture_output=True, text=True).stdout.split()

    until(look, f"a window {query}", 30)
    return look()[-1]


def focused(stage: Stage) -> str:
    env = {**os.environ, "DISPLAY": stage.display}
    return subprocess.run(["xdotool", "getwindowfocus"], env=env, capture_output=True, text=True).stdout.strip()


def test_every_key_reaches_a_terminal(stage: Stage, tmp_path: Path) -> None:
    written = tmp_path / "written"
    command = ["xterm", "-title", "typing", "-geometry", "80x20+100+200", "-e", "sh", "-c", f"cat > {written}"]
    stage.processes.append(subprocess.Popen(command, env={**os.environ, "DISPLAY": stage.display}))
    find(stage, "--name", "typing")
    time.sleep(0.7)
    before = focused(stage)
    type_across_the_warnings(stage)
    assert focused(stage) == before
    stage.keys("Return")
    until(lambda: written.read_text() == TEXT + "\n", "every key, in order", 3)


@pytest.mark.timeout(120)
def test_every_key_reaches_the_browser(stage: Stage, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    assert browser
    command = [
        browser, "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        f"--user-data-dir={tmp_path}", "--window-size=1000,600", "--window-position=100,100", f"--app={PAGE}",
    ]  # fmt: skip
    env = {**os.environ, "DISPLAY": stage.display}
    with (tmp_path / "log").open("wb") as log:
        stage.processes.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))
    window = find(stage, "--name", "^empty$")
    time.sleep(1.5)
    stage.keys("x", "BackSpace")
    type_across_the_warnings(stage)
    until(lambda: title(stage, window) == TEXT.strip(), f"every key, in order: {title(stage, window)!r}", 5)
