"""The keyboard as the X server understands it: which key means what, held and locked modifiers, how keys repeat.

The map is read and written by `xkbcomp`, which every X server needs and brings; the settings beside it by libX11.
"""

import ctypes
import subprocess
from typing import Any

from kiosk.lockscreen.x_connection import load

_CORE_KEYBOARD = 0x100
_ALL_CONTROLS = 0xF8001FFF
_TIMEOUT = 2.0


class _Controls(ctypes.Structure):
    """XkbControlsRec (X11/extensions/XKBstr.h); holds no pointers, so its bytes can be kept."""

    _fields_ = [
        ("bytes", ctypes.c_ubyte * 8), ("modifiers", ctypes.c_ubyte * 4), ("enabled", ctypes.c_uint),
        ("delays", ctypes.c_ushort * 13), ("timeout_masks", ctypes.c_uint * 2), ("repeats", ctypes.c_ubyte * 32),
    ]  # fmt: skip


class _Description(ctypes.Structure):
    """The head of XkbDescRec."""

    _fields_ = [
        ("display", ctypes.c_void_p), ("flags", ctypes.c_ushort), ("device", ctypes.c_ushort),
        ("min_key", ctypes.c_ubyte), ("max_key", ctypes.c_ubyte), ("controls", ctypes.c_void_p),
    ]  # fmt: skip


class _State(ctypes.Structure):
    """XkbStateRec."""

    _fields_ = [
        ("group", ctypes.c_ubyte), ("locked_group", ctypes.c_ubyte), ("base_group", ctypes.c_ushort),
        ("latched_group", ctypes.c_ushort), ("mods", ctypes.c_ubyte), ("base_mods", ctypes.c_ubyte),
        ("latched_mods", ctypes.c_ubyte), ("locked_mods", ctypes.c_ubyte), ("rest", ctypes.c_ubyte * 16),
    ]  # fmt: skip


def remember(display: str) -> dict[str, Any]:
    """The whole keyboard, for `restore`; OSError when it cannot be read."""
    done = subprocess.run(["xkbcomp", "-xkb", display, "-"], capture_output=True, timeout=_TIMEOUT)
    if done.returncode != 0:
        raise OSError("the keyboard map cannot be read")
    with _Keyboard() as keyboard:
        state = _State()
        keyboard.x.XkbGetState(keyboard.display, _CORE_KEYBOARD, ctypes.byref(state))
        return {
            "map": done.stdout.decode("latin-1"),
            "controls": keyboard.controls().hex(),
            "locked": [state.locked_mods, state.locked_group],
        }


def restore(display: str, kept: dict[str, Any]) -> None:
    """Put it back, asked or not: a map of one device alone would not show. OSError when the server refuses."""
    with _Keyboard() as keyboard:
        mods, group = kept["locked"]
        keyboard.x.XkbLatchModifiers(keyboard.display, _CORE_KEYBOARD, 0xFF, 0)
        keyboard.x.XkbLockModifiers(keyboard.display, _CORE_KEYBOARD, 0xFF, mods)
        keyboard.x.XkbLockGroup(keyboard.display, _CORE_KEYBOARD, group)
        keyboard.set_controls(bytes.fromhex(kept["controls"]))
    given = kept["map"].encode("latin-1")
    done = subprocess.run(["xkbcomp", "-w0", "-", display], input=given, capture_output=True, timeout=_TIMEOUT)
    if done.returncode != 0:
        raise OSError("the keyboard map cannot be put back")


class _Keyboard:
    """A connection of libX11, and its description of the keyboard."""

    def __enter__(self) -> "_Keyboard":
        library = load("libX11.so.6", "libX11.so")
        if library is None:
            raise OSError("libX11 is not installed")
        self.x = library
        library.XOpenDisplay.restype = ctypes.c_void_p
        library.XkbAllocKeyboard.restype = ctypes.POINTER(_Description)
        opened = library.XOpenDisplay(None)
        if not opened:
            raise OSError("no X server answers")
        self.display = ctypes.c_void_p(opened)
        major, minor, rest = ctypes.c_int(1), ctypes.c_int(0), ctypes.c_int()
        library.XkbQueryExtension(
            self.display, *(ctypes.byref(rest) for _ in range(3)), ctypes.byref(major), ctypes.byref(minor)
        )
        self._description = library.XkbAllocKeyboard()
        self._description.contents.device = _CORE_KEYBOARD
        return self

    def __exit__(self, *error: object) -> None:
        self.x.XCloseDisplay(self.display)

    def controls(self) -> bytes:
        """Repeat, sticky and slow keys and the like."""
        if self.x.XkbGetControls(self.display, ctypes.c_ulong(_ALL_CONTROLS), self._description) != 0:
            raise OSError("the keyboard's settings cannot be read")
        return ctypes.string_at(self._description.contents.controls, ctypes.sizeof(_Controls))

    def set_controls(self, kept: bytes) -> None:
        """Put them back."""
        self.controls()  # makes the room that is written over
        ctypes.memmove(self._description.contents.controls, kept, ctypes.sizeof(_Controls))
        self.x.XkbSetControls(self.display, ctypes.c_ulong(_ALL_CONTROLS), self._description)
        self.x.XSync(self.display, 0)
