"""A mouse that was switched off and a keyboard that was set apart work again for the next citizen."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib.display import Display

from tests.station_processes import CODE

pytestmark = pytest.mark.slow

MOUSE, KEYBOARD, TURNED = "Xvfb mouse", "Xvfb keyboard", ("0", "-1", "1", "1", "0", "0", "0", "0", "1")
SPOILT: dict[str, list[tuple[str, ...]]] = {
    "switched off": [("disable", MOUSE), ("disable", KEYBOARD)],
    "set apart": [("float", MOUSE), ("float", KEYBOARD)],
    "turned round": [("set-prop", MOUSE, "Coordinate Transformation Matrix", *TURNED)],
    "another master": [("create-master", "Second")],
    "another master, and theirs": [
        ("create-master", "Second"), ("reattach", MOUSE, "Second pointer"), ("reattach", KEYBOARD, "Second keyboard"),
        ("create-master", "Third"),
    ],
    "slow": [("set-prop", MOUSE, "Device Accel Constant Deceleration", "500")],
    "all of it": [
        ("set-prop", MOUSE, "Coordinate Transformation Matrix", *TURNED), ("float", KEYBOARD), ("disable", KEYBOARD),
    ],
}  # fmt: skip


def _sweep(role: str, home: Path, display: str) -> int:
    env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home), "PYTHONPATH": CODE}
    command = [sys.executable, "-P", "-m", "kiosk.lockscreen", role]
    return subprocess.run(command, env=env, cwd="/", timeout=20).returncode


def _xinput(display: str, *words: str) -> str:
    env = {**os.environ, "DISPLAY": display}
    return subprocess.run(["xinput", *words], env=env, check=True, capture_output=True, text=True, timeout=20).stdout


def _seen(display: str) -> str:
    return "".join(_xinput(display, *words) for words in (["list"], ["list-props", MOUSE], ["list-props", KEYBOARD]))


def test_whatever_was_done_to_them(tmp_path: Path, xvfb: Callable[..., str]) -> None:
    name = xvfb()
    (tmp_path / "run" / "screen").mkdir(parents=True)
    keeper = Display(name)  # an X server that nobody uses forgets everything by itself
    try:
        before = _seen(name)
        assert _sweep("first", tmp_path, name) == 0
        for what, changes in SPOILT.items():
            for change in changes:
                _xinput(name, *change)
            assert _seen(name) != before, f"the control: {what}, by any client, and it stays"
            assert _sweep("sweep", tmp_path, name) == 0
            assert _seen(name) == before, what
    finally:
        keeper.close()
