"""What lies behind all windows of a session: a window of our own, so that the bare root window is seen by nobody.

The root window outlives every program, and with it what one asked the X server to show there later (the Present
extension, which no server can leave out): it would be shown to the next citizen. In a window it goes with the window.
"""

from ctypes import byref, c_char_p, c_ulong, c_void_p

from kiosk.lockscreen.x11 import VIEWABLE, X11
from kiosk.lockscreen.x_connection import XConnection

_NAME = b"Kiosk-ground"


class Ground:
    """As large as the screen, below everything; touches and keys on it go on to the root window."""

    def __init__(self, x: X11) -> None:
        self._x = x
        self._window = 0
        self._shown: tuple[int, int, str] | None = None

    def lay(self, colour: str) -> None:
        """Be there, the lowest, in this colour (#RRGGBB), whatever became of it; a request or two."""
        screen = self._x.attributes(self._x.root)
        if screen is None:
            return
        found, wanted = self._x.attributes(self._window) if self._window else None, (*screen[:2], colour)
        if found is None or found[2] != VIEWABLE or wanted != self._shown:
            self._renew(wanted)
        self._x.lower(self._window)
        self._x.flush()

    def _renew(self, wanted: tuple[int, int, str]) -> None:
        width, height, colour = wanted
        old, self._shown = self._window, wanted
        self._window = self._x.window(self._x.root, (0, 0, width, height), int(colour[1:], 16))
        self._x.library.XStoreName(self._x.display, c_ulong(self._window), c_char_p(_NAME))
        self._x.lower(self._window)
        self._x.map(self._window)
        if old:
            self._x.library.XDestroyWindow(self._x.display, old)


def is_ground(x: XConnection, window: int) -> bool:
    """Whether it says to be one: behind it there is nothing of a session to see."""
    name = c_char_p()
    x.library.XFetchName.argtypes = [c_void_p, c_ulong, c_void_p]
    x.library.XFetchName(x.display, window, byref(name))
    if name.value is None:
        return False
    said = name.value
    x.library.XFree(name)
    return said == _NAME
