"""A mouse that was switched off and a keyboard that was set apart work again for the next citizen.

So is the pointer seen again, and what was written on what the server owns is gone.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib import Xatom, error
from Xlib.display import Display
from Xlib.ext import xinput

from kiosk.lockscreen.sweep import display_devices
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
    "other buttons": [("set-button-map", MOUSE, "3", "2", "1")],
    "words on them": [
        ("set-prop", "--type=int", "--format=8", MOUSE, "left behind", "7"),
        ("set-prop", "--type=int", "--format=8", KEYBOARD, "left behind too", "1", "2"),
    ],
    "slow": [("set-prop", MOUSE, "Device Accel Constant Deceleration", "500")],
    "all of it": [
        ("set-prop", MOUSE, "Coordinate Transformation Matrix", *TURNED), ("float", KEYBOARD), ("disable", KEYBOARD),
    ],
}  # fmt: skip

SHOWN = (["list"], ["list-props", MOUSE], ["list-props", KEYBOARD], ["get-button-map", MOUSE])


def _sweep(role: str, home: Path, display: str) -> int:
    env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home), "PYTHONPATH": CODE}
    command = [sys.executable, "-P", "-m", "kiosk.lockscreen", role]
    return subprocess.run(command, env=env, cwd="/", timeout=20).returncode


def _xinput(display: str, *words: str) -> str:
    env = {**os.environ, "DISPLAY": display}
    return subprocess.run(["xinput", *words], env=env, check=True, capture_output=True, text=True, timeout=20).stdout


def _seen(display: str) -> str:
    return "".join(_xinput(display, *words) for words in SHOWN)


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


def _pointer(display: Display) -> object:
    """What the pointer looks like; whose it is when nothing of it is to be seen."""
    display.xfixes_query_version()
    try:
        seen = display.xfixes_get_cursor_image(display.screen().root)
    except error.BadAccess:
        return "none"
    return seen.width, seen.height, list(seen.cursor_image)


@pytest.mark.parametrize("place", ["root", "overlay"])
def test_a_pointer_that_is_not_seen_and_words_above_all_windows(
    place: str, tmp_path: Path, xvfb: Callable[..., str]
) -> None:
    name = xvfb()
    (tmp_path / "run" / "screen").mkdir(parents=True)
    keeper, guest = Display(name), Display(name)
    try:
        keeper.composite_query_version()
        above = keeper.screen().root.composite_get_overlay_window().overlay_window  # as a lock holds it
        (above.map if place == "overlay" else above.unmap)()
        keeper.sync()
        before = _pointer(keeper)
        assert _sweep("first", tmp_path, name) == 0
        root = guest.screen().root
        guest.composite_query_version()
        window = root if place == "root" else root.composite_get_overlay_window().overlay_window
        window.change_property(guest.intern_atom("LEFT"), Xatom.STRING, 8, b"behind")
        dot = root.create_pixmap(1, 1, 1)
        unseen = dot.create_cursor(dot, (0, 0, 0), (0, 0, 0), 0, 0)
        window.change_attributes(cursor=unseen)
        guest.xinput_query_version()
        for device in guest.xinput_query_device(xinput.AllMasterDevices).devices:
            if device.use == xinput.MasterPointer:
                display_devices.point(guest, window.id, unseen.id, device.deviceid)
        guest.close()
        window = keeper.create_resource_object("window", window.id)
        assert _pointer(keeper) != before, "the control: by any client, and it stays"
        assert keeper.intern_atom("LEFT") in window.list_properties()
        assert _sweep("sweep", tmp_path, name) == 0
        assert _pointer(keeper) == before
        assert keeper.intern_atom("LEFT") not in window.list_properties()
    finally:
        keeper.close()
