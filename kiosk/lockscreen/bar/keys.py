"""The bar by keyboard: a few keys with the Windows key (Super), which reach the bar whatever program has the keyboard.

Passive grabs of exactly these combinations, so nothing that is typed into a program is lost: browsers and office
programs use no Super key, input methods Super+space, and the window manager Super+d. The lock's own grab of the
whole keyboard goes before them, so they do nothing while the screen is covered. They take no focus.
"""

import tkinter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from kiosk.lockscreen.keys import SUPER
from kiosk.messages import LIVE

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

CAPS_LOCK, NUM_LOCK = 0x2, 0x10
RETURN, KEYPAD_ENTER, ESCAPE, TAB = 0xFF0D, 0xFF8D, 0xFF1B, 0xFF09
# By digit; the sheet with everything (0) shows each digit in its button.
DIGITS = (
    "show_time", "menu", "more", "help", "typing", "usb", "printing", "quieter", "louder", "finish",
)  # fmt: skip


def key_of(name: str) -> str:
    """The digit of an act, as its button shows it."""
    return str(DIGITS.index(name))


class BarKeys:
    """Super with a digit: what the large sheet does; Tab goes to the next button, Enter presses, Esc closes."""

    def __init__(self, bar: "Bar") -> None:
        self._bar, talk = bar, bar.talk
        acts: dict[int, Callable[[], None]] = {
            ord("0") + digit: partial(talk.act, name) for digit, name in enumerate(DIGITS)
        }
        acts |= {RETURN: bar.sheet.press, KEYPAD_ENTER: bar.sheet.press, ESCAPE: talk.close, TAB: bar.sheet.next}
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
            if code in self._acts and self._bar.state.get("state") in LIVE:
                self._bar.elsewhere.own_key()
                self._acts[code]()
                self._bar.redraw()
