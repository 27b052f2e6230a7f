"""What a session can change on the X server for good, as it stood before the first one; put back after each.

Not remembered: DPMS, which each fresh lock sets (dark.py). Of names (atoms) and of pictures that are to be shown later
(Present) only a new X server is rid, and nobody can tell whose they are: so it may grow by no more than MOST_MORE.
"""

import json
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

from Xlib import X, error
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk.lockscreen.sweep import display_devices, display_monitors, display_windows, keyboard_map

_BELL = ("key_click_percent", "bell_percent", "bell_pitch", "bell_duration")
_SAVER = ("timeout", "interval", "prefer_blanking", "allow_exposures")

# Kilobytes that a server may keep of all sessions, at most an eighth of the PC's: its unit gives it a quarter.
MOST_MORE, MOST_SHARE = 256 << 10, 8


def server_of(display: Display) -> str:
    """Names one life of an X server: its process and when that started."""
    peer = display.display.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid = struct.unpack("3i", peer)[0]
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return str(pid)
    return f"{pid} {stat.rpartition(')')[2].split()[19]}"


def memory_of(display: Display) -> int:
    """Kilobytes that the X server has for itself; 0 where that is not told."""
    try:
        status = Path(f"/proc/{server_of(display).split()[0]}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith(("RssAnon:", "VmSwap:")))


def has_grown(display: Display, kept: dict[str, Any] | None) -> bool:
    """Whether it keeps more than it may of what is over."""
    before = (kept or {}).get("memory", 0)
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 10
    return bool(before > 0 and memory_of(display) - before > min(MOST_MORE, there // MOST_SHARE))


def hear_errors(display: Display) -> None:
    """python-xlib gives the numbers of two core errors to RandR, and falls over each: then nothing is put back."""
    classes = display.display.error_classes
    for number in [number for number, kind in classes.items() if not issubclass(kind, error.XError)]:
        classes[number] = error.xerror_class.get(number, error.XError)


def remember(display: Display) -> dict[str, Any]:
    """Everything that `restore` puts back, fit for JSON."""
    saver, bell, pointer = display.get_screen_saver(), display.get_keyboard_control(), display.get_pointer_control()
    hosts = display.list_hosts()
    return {
        "server": server_of(display),
        "memory": memory_of(display),
        "properties": display_windows.remember(display),
        "pointer_map": list(display.get_pointer_mapping()),
        "pointer": [pointer.accel_num, pointer.accel_denom, pointer.threshold],
        "bell": [getattr(bell, name) for name in _BELL],
        "saver": [getattr(saver, name) for name in _SAVER],
        "fonts": list(display.get_font_path()),
        "checked": hosts.mode,
        "lamps": display.get_keyboard_control().led_mask,
        "keyboard": _keyboard(display),
        "monitors": display_monitors.remember(display),
        "devices": display_devices.remember(display),
    }


def restore(display: Display, kept: dict[str, Any]) -> list[str]:
    """Put it all back. Returns the names of what could not be.

    Only what is refused is such a name: where python-xlib itself fails, its connection is broken, and that ends us.
    """
    left, heard = [], error.CatchError()
    display.set_error_handler(heard)
    for step in _STEPS:
        try:
            heard.reset()
            step(display, kept)
            display.sync()
            if trouble := heard.get_error():
                raise trouble
        except (error.XError, OSError, subprocess.TimeoutExpired) as trouble:
            left.append(f"{step.__name__}: {type(trouble).__name__}")
    return left


def load(path: Path) -> dict[str, Any] | None:
    """What was remembered; None when nothing was."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept


def save(path: Path, kept: dict[str, Any]) -> None:
    """Write it in one step."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(kept), encoding="utf-8")
    aside.replace(path)


def _release(display: Display, kept: dict[str, Any]) -> None:
    """Keys and buttons that a program pressed and never let go; a hand on the real ones is not touched by this."""
    if not display.has_extension(xtest.extname):
        return  # no program could press one
    for number, held in enumerate(display.query_keymap()):
        for bit in range(8):
            if held >> bit & 1:
                xtest.fake_input(display, X.KeyRelease, number * 8 + bit)
    for button in range(1, len(kept["pointer_map"]) + 1):
        xtest.fake_input(display, X.ButtonRelease, button)


def _put_pointer(display: Display, kept: dict[str, Any]) -> None:
    if display.set_pointer_mapping(kept["pointer_map"]) != X.MappingSuccess:
        raise OSError("busy")
    number, parts, threshold = kept["pointer"]
    display.change_pointer_control((number, parts), threshold)


def _put_settings(display: Display, kept: dict[str, Any]) -> None:
    display.change_keyboard_control(**dict(zip(_BELL, kept["bell"], strict=True)))
    display.set_screen_saver(*kept["saver"])
    display.set_access_control(kept["checked"])
    if list(display.get_font_path()) != kept["fonts"]:
        display.set_font_path(kept["fonts"])


def _put_lamps(display: Display, kept: dict[str, Any]) -> None:
    """Those of the keyboard that no modifier lights."""
    if "lamps" in kept and display.get_keyboard_control().led_mask != kept["lamps"]:
        for lamp in range(32):
            on = X.LedModeOn if kept["lamps"] >> lamp & 1 else X.LedModeOff
            display.change_keyboard_control(led=lamp + 1, led_mode=on)


def _keyboard(display: Display) -> dict[str, Any] | None:
    """None where it cannot be read: the rest is remembered all the same, and each sweep tells of it."""
    try:
        return keyboard_map.remember(display.get_display_name())
    except (OSError, subprocess.TimeoutExpired):
        return None


def _put_keyboard(display: Display, kept: dict[str, Any]) -> None:
    if kept["keyboard"] is None:
        raise OSError("not remembered")
    keyboard_map.restore(display.get_display_name(), kept["keyboard"])


def _put_monitors(display: Display, kept: dict[str, Any]) -> None:
    # What an earlier version wrote down knows nothing of them.
    if "monitors" in kept:
        display_monitors.restore(display, kept["monitors"])


def _put_devices(display: Display, kept: dict[str, Any]) -> None:
    if "devices" in kept:
        display_devices.restore(display, kept["devices"])


_STEPS = (
    _put_devices, _release, _put_pointer, _put_settings, _put_monitors, display_windows.put_ground,
    display_windows.put_selections, _put_keyboard, _put_lamps, display_windows.put_properties,
)  # fmt: skip
