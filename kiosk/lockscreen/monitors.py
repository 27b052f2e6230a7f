"""Where on a screen of several monitors the pages are drawn: on the primary one; the cover covers them all.

RandR through ctypes (XRRGetMonitors, libXrandr ≥ 1.5); without it the whole screen counts as one monitor.
"""

from ctypes import POINTER, Structure, byref, c_int, c_ulong, c_void_p

from kiosk.lockscreen.pictures import Box
from kiosk.lockscreen.x11 import X11
from kiosk.lockscreen.x_connection import load

_SCREEN_CHANGE = 1 << 0
# A monitor that is smaller than the smallest designed screen is drawn on only when there is no other.
LEAST = 800, 600


class _Monitor(Structure):
    """XRRMonitorInfo (Xrandr.h)."""

    _fields_ = [
        ("name", c_ulong), ("primary", c_int), ("automatic", c_int), ("outputs", c_int), ("x", c_int), ("y", c_int),
        ("width", c_int), ("height", c_int), ("mm_width", c_int), ("mm_height", c_int), ("output", c_void_p),
    ]  # fmt: skip


class Monitors:
    """The monitors of a connection's screen."""

    def __init__(self, x: X11) -> None:
        self._x = x
        self._randr = load("libXrandr.so.2", "libXrandr.so")
        if self._randr is not None:
            self._randr.XRRGetMonitors.restype = POINTER(_Monitor)
            self._randr.XRRGetMonitors.argtypes = [c_void_p, c_ulong, c_int, POINTER(c_int)]
            self._randr.XRRFreeMonitors.argtypes = [POINTER(_Monitor)]
            self._randr.XRRSelectInput.argtypes = [c_void_p, c_ulong, c_int]
            self._randr.XRRQueryExtension.argtypes = [c_void_p, POINTER(c_int), POINTER(c_int)]
            base, error = c_int(), c_int()
            if not self._randr.XRRQueryExtension(x.display, byref(base), byref(error)):
                self._randr = None

    def listen(self, other: X11) -> None:
        """Have `other` hear of changes, as events that only need to wake it."""
        if self._randr is not None:
            self._randr.XRRSelectInput(other.display, c_ulong(other.root), _SCREEN_CHANGE)

    def view(self, width: int, height: int) -> Box:
        """Where to draw on a screen of this size."""
        whole = Box(0, 0, width, height)
        found = [(primary, box) for primary, box in self._all() if _inside(box, whole)]
        large = [one for one in found if one[1].w >= LEAST[0] and one[1].h >= LEAST[1]] or found
        if not large:
            return whole
        # The primary one; else the largest, of those as large the one furthest to the left.
        return max(large, key=lambda one: (one[0], one[1].w * one[1].h, -one[1].x, -one[1].y))[1]

    def _all(self) -> list[tuple[bool, Box]]:
        if self._randr is None:
            return []
        count = c_int()
        found = self._randr.XRRGetMonitors(self._x.display, c_ulong(self._x.root), 1, byref(count))
        if not found:
            return []
        monitors = [
            (bool(one.primary), Box(one.x, one.y, one.width, one.height)) for one in found[: max(0, count.value)]
        ]
        self._randr.XRRFreeMonitors(found)
        return monitors


def _inside(box: Box, whole: Box) -> bool:
    return box.w > 0 and box.h > 0 and box.x >= 0 and box.y >= 0 and box.right <= whole.w and box.bottom <= whole.h
