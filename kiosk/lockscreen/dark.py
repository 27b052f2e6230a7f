"""The monitors go dark when nobody touches a locked PC for a while; the first touch lights them and does nothing else.

By DPMS, which the X server obeys whatever its own configuration says; where it has no DPMS, by its screen saver. Never
in a session, nor before a page that tells somebody something, and lit again when what START says changes: a number is
called, the site opens. The server's own timers are stopped, or they would darken what must be seen; but not on a
desktop of somebody's own, whose settings would be others ever after.
"""

import time
from ctypes import byref, c_int, c_ushort
from typing import TYPE_CHECKING

from kiosk.lockscreen.x11 import X11
from kiosk.lockscreen.x_connection import load

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

# Pages that wait for nobody in particular.
PAGES = ("start", "closed", "out_of_order", "class")
# A monitor takes this long to light up: what is touched until then was not seen.
LIGHTS_UP = 1.0
# The sweep after a session puts the server's own timers back: they are stopped again.
AGAIN = 30.0
_ON, _OFF, _SAVER_RESET, _SAVER_ACTIVE = 0, 3, 0, 1


class Power:
    """The monitors of a connection's server, on or off."""

    def __init__(self, x: X11) -> None:
        self._x = x
        self._dpms = None if x.own_desktop else load("libXext.so.6", "libXext.so")
        base, error = c_int(), c_int()
        if self._dpms is not None and not (
            self._dpms.DPMSQueryExtension(x.display, byref(base), byref(error)) and self._dpms.DPMSCapable(x.display)
        ):
            self._dpms = None

    def by_us_alone(self) -> None:
        """No timer of the server's own, whatever it or a session has set."""
        if self._dpms is not None:
            self._dpms.DPMSSetTimeouts(self._x.display, c_ushort(0), c_ushort(0), c_ushort(0))
            self._dpms.DPMSEnable(self._x.display)

    def switch(self, on: bool) -> None:
        """All of them."""
        if self._dpms is not None:
            self._dpms.DPMSForceLevel(self._x.display, c_ushort(_ON if on else _OFF))
        else:
            self._x.library.XForceScreenSaver(self._x.display, _SAVER_RESET if on else _SAVER_ACTIVE)
        self._x.flush()


class Dark:
    """Looked at now and then by `check`, and told by `touched` of every key, click and move."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._power = Power(lock.cover.x)
        self.is_dark = False
        self._since = time.monotonic()
        self._lit = self._ours = 0.0
        self._told: tuple[str, str, bool] | None = None
        lock.tk.bind("<Motion>", lambda _event: self.touched(), add="+")

    def check(self) -> None:
        """Once it is time, off; and on where there is something to see."""
        lock, now = self._lock, time.monotonic()
        minutes = float(lock.state.get("screen_off_minutes") or 0)
        told = lock.page, lock.said, lock.cover.covered
        if told != self._told or lock.page not in PAGES or not lock.cover.covered or not minutes:
            if told != self._told and lock.cover.covered:
                self._ours = 0.0
                self.is_dark |= not (self._told and self._told[2])  # as a session may have left them
            self._told, self._since = told, now
            self._light()
        elif not self.is_dark and now - self._since >= minutes * 60:
            self.is_dark, self._ours = True, now
            self._power.by_us_alone()
            self._power.switch(on=False)
        if lock.cover.covered and not self.is_dark and now - self._ours >= AGAIN:
            self._ours = now
            self._power.by_us_alone()

    def touched(self) -> bool:
        """Somebody is there. True when the monitors were dark until now, and this means nothing more than that."""
        self._since = now = time.monotonic()
        if self.is_dark:
            self._lit = now
        self._light()
        return now - self._lit < LIGHTS_UP

    def _light(self) -> None:
        if self.is_dark:
            self.is_dark = False
            self._power.switch(on=True)
