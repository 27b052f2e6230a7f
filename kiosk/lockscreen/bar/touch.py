"""Notices that somebody went on: a key or a click elsewhere, after which a sheet gets out of the way.

It asks the X server for three things only, twenty times a second and only while a sheet hangs there: how long ago
anything was touched, where the pointer is, and whether Esc is held. A touch without a move is a key or a click, and so
is a button that is held, as by a finger, whose touch moves the pointer too; of no other key is it known which it was,
and nothing is taken from the program that gets it.
"""

import time
from typing import TYPE_CHECKING

from kiosk.lockscreen.bar.keys import ESCAPE
from kiosk.lockscreen.keys import SUPER

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

LOOK_MS = 50
BUTTONS = 0x100 | 0x200 | 0x400
# The X server counts in milliseconds, and is asked a little after the clock is read.
WITHIN_SECONDS = 0.005
# A key or a touch of the bar's own does not count, nor does letting go of the Windows key after it.
OWN_KEY_SECONDS = 0.6


class Elsewhere:
    """`watch(True)` begins to look; `talk.went_on()` is called when somebody did, `talk.escape()` at Esc."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._watching = self._waits = False
        self._at: tuple[int, int] | None = None
        self._own = self._looked = 0.0
        self._escape, self._held = bar.x.keycode(ESCAPE), False

    def own_key(self) -> None:
        """A key of the bar's was pressed or a button on it, or the Windows key is held for one."""
        self._own = time.monotonic()

    def watch(self, on: bool) -> None:
        """Look while something hangs there."""
        if on and not self._watching:
            # One that is held from before must be let go first.
            self._at, self._held = None, self._bar.x.is_down(self._escape)
        self._watching = on
        self._look_soon()

    def _look_soon(self) -> None:
        if self._watching and not self._waits:
            self._waits = True
            self._bar.tk.after(LOOK_MS, self._look)

    def _look(self) -> None:
        self._waits = False
        if self._watching:
            before, self._held = self._held, self._bar.x.is_down(self._escape)
            if self._held and not before:
                self._bar.talk.escape()
                self._bar.redraw()
            elif self._touched():
                self._bar.sound.quiet()
                self._bar.talk.went_on()
                self._bar.redraw()
        self._look_soon()

    def _touched(self) -> bool:
        x, y, mask = self._bar.x.pointer()
        now = time.monotonic()
        before, self._looked = self._looked, now
        still, self._at = self._at == (x, y), (x, y)
        if mask & SUPER:
            self.own_key()
        if mask & BUTTONS:
            if not self._bar.holds(x, y):
                return True
            self.own_key()
        if not still or now - self._own < OWN_KEY_SECONDS:
            return False
        idle = self._bar.idle_seconds()
        # After the last look, at which the pointer stood here already: a move before it is no touch since.
        return idle is not None and now - idle > before + WITHIN_SECONDS
