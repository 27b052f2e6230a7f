"""The controls of what hostile windows do to a locked screen: each wins against a plain locker above all windows.

Against ours, at the end of a session, in test_time_up_leaves_nothing_of_hostile_programs.py.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from Xlib.display import Display

from tests import plain_locker
from tests.hostile_x import ATTACKS, COLOUR, windows_of_ours
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root]

HOSTILE = str(Path(__file__).with_name("hostile_x.py"))
LOCKER = str(Path(__file__).with_name("plain_locker.py"))


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
