"""Which keys mean something on the lock; all others do nothing, and none does anything with Ctrl, Alt or Super.

What a key gives is heard first, so that a key that says 7 is 7 on every keyboard. Where it gives nothing of ours its
place counts: the row of digits gives letters on a Vietnamese layout and signs on a French one, and with Shift on all.
"""

import time
import tkinter
from typing import NamedTuple

from kiosk.lockscreen.modifiers import ALL, NUM_LOCK

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
# Where they lie, by Linux's own numbers of the keys (evdev), which every X server on Linux uses.
_PLACES = {10 + place: (place + 1) % 10 for place in range(10)}
_PLACE_OF_Q = 24
CONTROL, ALT, SUPER, SHIFT = 0x4, 0x8, 0x40, 0x1
# Whoever wants a combination presses the key within this time; after it Ctrl hangs, or a book lies on it.
STUCK_SECONDS = 5.0


class Press(NamedTuple):
    """A key that means something: its name, or `digit` with a number."""

    name: str
    digit: int = -1


class Keyboard:
    """Turns Tk's key events into presses; a key that repeats because it is held counts once."""

    def __init__(self) -> None:
        self._released: tuple[str, int] = ("", 0)
        self._since: dict[int, float] = {}  # modifiers that are down, and since when

    def look(self, mask: int) -> bool:
        """The modifiers that are down now; to be called now and then, keys or not. Whether one of them hangs."""
        now, down = time.monotonic(), mask & ALL & ~NUM_LOCK
        bits = [1 << place for place in range(8) if down >> place & 1]
        self._since = {bit: self._since.get(bit, now) for bit in bits}
        return self._meant(down) != down

    def _meant(self, state: int) -> int:
        """The modifiers of an event without those that hang: one key that is stuck must not make all others deaf."""
        now = time.monotonic()
        return state & ~sum(bit for bit, since in self._since.items() if now - since > STUCK_SECONDS)

    def released(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        """Remember a release: X repeats a held key as release and press at the same moment."""
        self._released = (event.keysym, int(event.time))

    def repeats(self, event: "tkinter.Event[tkinter.Misc]") -> bool:
        """Whether this press is only a held key again."""
        return self._released == (event.keysym, int(event.time))

    def pressed(self, event: "tkinter.Event[tkinter.Misc]") -> Press | None:
        """What a key press means; None for nothing."""
        state, key = int(event.state), event.keysym
        if self.repeats(event):
            return None
        if state & CONTROL and state & ALT and _is_q(event):
            return Press("staff")
        state = self._meant(state)
        if state & (CONTROL | ALT | SUPER):
            return None
        digit = _DIGITS.get(key, None if key in _NAMES else _PLACES.get(event.keycode))
        if digit is not None:
            return Press("digit", digit)
        name = _NAMES.get(key)
        if name is None:
            return None
        if name in ("next", "previous"):  # with Shift Tab is another key: one that hangs must not turn it round
            return Press("previous" if state & SHIFT else "next")
        return Press(name)


def _is_q(event: "tkinter.Event[tkinter.Misc]") -> bool:
    """By what it gives where that is a letter of ours, else by its place: й lies where q does."""
    letter = event.keysym.lower()
    return letter == "q" or (event.keycode == _PLACE_OF_Q and not (letter.isascii() and len(letter) == 1))
