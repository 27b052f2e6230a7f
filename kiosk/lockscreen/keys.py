"""Which keys mean something on the lock; all others do nothing, and none does anything with Ctrl, Alt or Super."""

import tkinter
from typing import NamedTuple

# The keypad means digits with and without Num Lock.
_DIGITS = {f"{pad}{digit}": digit for digit in range(10) for pad in ("", "KP_")}
_DIGITS |= {
    "KP_Insert": 0, "KP_End": 1, "KP_Down": 2, "KP_Next": 3, "KP_Left": 4, "KP_Begin": 5, "KP_Right": 6, "KP_Home": 7,
    "KP_Up": 8, "KP_Prior": 9,
}  # fmt: skip
_NAMES = {
    "Return": "enter", "KP_Enter": "enter", "Escape": "escape", "F2": "larger", "F3": "contrast", "F4": "language",
    "F1": "listen", "space": "listen", "Tab": "next", "ISO_Left_Tab": "previous",
    "BackSpace": "erase", "Delete": "erase", "KP_Delete": "erase",
}  # fmt: skip
CONTROL, ALT, SUPER, SHIFT = 0x4, 0x8, 0x40, 0x1


class Press(NamedTuple):
    """A key that means something: its name, or `digit` with a number."""

    name: str
    digit: int = -1


class Keyboard:
    """Turns Tk's key events into presses; a key that repeats because it is held counts once."""

    def __init__(self) -> None:
        self._released: tuple[str, int] = ("", 0)

    def released(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        """Remember a release: X repeats a held key as release and press at the same moment."""
        self._released = (event.keysym, int(event.time))

    def repeats(self, event: "tkinter.Event[tkinter.Misc]") -> bool:
        """Whether this press is only a held key again."""
        return self._released == (event.keysym, int(event.time))

    def pressed(self, event: "tkinter.Event[tkinter.Misc]") -> Press | None:
        """What a key press means; None for nothing."""
        state = int(event.state)
        if state & CONTROL and state & ALT and event.keysym in ("q", "Q") and not self.repeats(event):
            return Press("staff")
        if state & (CONTROL | ALT | SUPER) or self.repeats(event):
            return None
        if event.keysym in _DIGITS:
            return Press("digit", _DIGITS[event.keysym])
        name = _NAMES.get(event.keysym)
        if name is None:
            return None
        return Press("previous" if name == "next" and state & SHIFT else name)
