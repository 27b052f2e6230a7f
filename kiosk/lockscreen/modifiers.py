"""Modifiers that hang, let go while the screen is covered: Caps Lock, a sticky Ctrl, one that a program has locked.

By Xkb, a part of every X server. A key that a finger holds is not touched, nor is Num Lock: the lock understands the
keypad either way. What a session made of the keyboard itself is put back by the sweep (sweep/keyboard_map.py).
"""

from ctypes import byref, c_int, c_uint

from kiosk.lockscreen.x11 import X11

_CORE_KEYBOARD = 0x100
NUM_LOCK, ALL = 0x10, 0xFF


class Modifiers:
    """Those of the keyboard of a connection's server."""

    def __init__(self, x: X11) -> None:
        self._x = x
        numbers = [c_int() for _number in range(5)]
        # Xlib sends none of Xkb's requests to a server that was not asked this first.
        self._known = bool(x.library.XkbQueryExtension(x.display, *map(byref, numbers)))

    def let_go(self) -> None:
        """Unlock and unlatch all but Num Lock."""
        if not self._known:
            return
        affected, none = c_uint(ALL & ~NUM_LOCK), c_uint(0)
        self._x.library.XkbLatchModifiers(self._x.display, _CORE_KEYBOARD, affected, none)
        self._x.library.XkbLockModifiers(self._x.display, _CORE_KEYBOARD, affected, none)
        self._x.flush()
