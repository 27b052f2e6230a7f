"""Every state of the bar at every size, in both languages, large and in high contrast: nothing clipped or too small."""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from kiosk.lockscreen.bar import stick_words, words
from tests.bar_states import CHOICES, SHEETS
from tests.lock_pages import SIZES

pytestmark = pytest.mark.slow


def measure(display: str, *options: str) -> list[str]:
    """The lines of tests.bar_faults on a display."""
    command = [sys.executable, "-m", "tests.bar_faults", *options]
    env = {**os.environ, "DISPLAY": display}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.timeout(260)
@pytest.mark.parametrize("size", [*SIZES, "1280x800"])
def test_every_state_fits(size: str, xvfb: Callable[..., str]) -> None:
    lines = measure(xvfb(size))
    assert lines == [f"{len(SHEETS) * len(CHOICES)} states"], "\n".join(lines)


def test_the_measure_sees_what_is_wrong(xvfb: Callable[..., str]) -> None:
    lines = measure(xvfb("1366x768"), "--control")
    spoilt = lines.index("spoilt")
    assert "".join(lines[:spoilt]) == ""
    assert {line.split(":")[1].strip() for line in lines[spoilt + 1 :]} >= {"words over words"}


def test_every_sheet_that_the_bar_knows_is_measured() -> None:
    source = inspect.getsource(words.content)
    known = {name for name in re.findall(r'"(\w+)":', source)}
    assert len(known) >= 11 and {notice for notice, _changes, _level in SHEETS.values()} >= known
    sticks = [one for _notice, changes, _level in SHEETS.values() for one in changes.get("sticks") or []]
    assert {one["detail"] for one in sticks} >= stick_words.STICK_TROUBLE.keys() | stick_words.STICK_CLOSED.keys()
    assert {one["state"] for one in sticks} == {"ready", "saving", "saved", "trouble", "ejected"}
