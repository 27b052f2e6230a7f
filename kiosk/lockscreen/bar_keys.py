"""The bar by keyboard: a few keys with the Windows key (Super), which reach the bar whatever program has the keyboard.

Passive grabs of exactly these combinations, so nothing that is typed into a program is lost: browsers and office
programs use no Super key, input methods Super+space, and the window manager Super+d. The lock's own grab of the
whole keyboard goes before them, so they do nothing while the screen is covered. They take no focus.
"""

import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.lockscreen.keys import SUPER

if TYPE_CHECKING:
    from kiosk.lockscreen.bar import Bar

CAPS_LOCK, NUM_LOCK = 0x2, 0x10
RETURN, KEYPAD_ENTER, ESCAPE = 0xFF0D, 0xFF8D, 0xFF1B


class BarKeys:
    """Super with 0 the time, 1 Menu, 2 More time, 3 Help, 4 Finish, Enter a sheet's first button, Esc puts it away."""

    def __init__(self, bar: "Bar") -> None:
        self._bar, talk = bar, bar.talk
        acts: dict[int, Callable[[], None]] = {
            ord("0"): talk.show_time, ord("1"): talk.menu, ord("2"): talk.more, ord("3"): talk.help,
            ord("4"): talk.finish, RETURN: bar.sheet.first, KEYPAD_ENTER: bar.sheet.first, ESCAPE: talk.close,
        }  # fmt: skip
        self._acts = {bar.x.keycode(keysym): act for keysym, act in acts.items()}
        for code in self._acts:
            for locks in (0, CAPS_LOCK, NUM_LOCK, CAPS_LOCK | NUM_LOCK):
                bar.x.grab_key(code, SUPER | locks)
        bar.x.flush()
        bar.tk.tk.createfilehandler(bar.x, tkinter.READABLE, self._readable)

    def _readable(self, _file: object, _mask: int) -> None:
        self.read()

    def read(self) -> None:
        """Do what was pressed. Also called each second: a round trip may have read a press into Xlib's queue."""
        for code in self._bar.x.pressed():
            if code in self._acts and self._bar.state.get("state") == "open":
                self._acts[code]()
                self._bar.redraw()
