"""A bar code reader that reads a ticket's QR: it types eight digits faster than fingers do, mostly with Enter.

On START a digit means something by itself, so it is held for a moment until it is plain that it stands alone. On the
ticket's own page whatever was typed before gives way to what was read.
"""

from typing import TYPE_CHECKING

from kiosk.lockscreen.keys import Press
from kiosk.lockscreen.screens import start
from kiosk.lockscreen.ticket_entry import DIGITS

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

# Between two digits of a reader lie 1 to 50 ms, of a quick hand 120 and more. By the X server's clock, which stamps
# keys when they come and not when we get to them.
GAP_MS = 90
CLOCK = 1 << 32


class Scanner:
    """`takes` says whether a key was kept here, and so must not be obeyed."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._digits, self._at = "", 0
        self._turn = 0

    def takes(self, press: Press, at: int) -> bool:
        """A key at this moment (ms)."""
        quick = (at - self._at) % CLOCK <= GAP_MS
        if press.name == "digit":
            self._digits = (self._digits if quick else self._alone()) + str(press.digit)
            self._at = at
            if self._on_start():
                self._wait()
            return self._on_start()
        digits = self._digits if quick else self._alone()
        self._forget()
        if press.name == "enter" and len(digits) > 1 and (self._on_start() or len(digits) == DIGITS):
            return self._read(digits)
        if digits and self._on_start():
            self._obey(digits)
        return False

    def _on_start(self) -> bool:
        """START, or the goodbye to the one before, which is in nobody's way."""
        lock = self._lock
        return lock.page == "start" or (lock.page == "goodbye" and lock.state.get("state") == "free")

    def _read(self, digits: str) -> bool:
        """A whole code; anything else that a reader reads on START means nothing."""
        lock = self._lock
        if self._on_start():
            if len(digits) == DIGITS and (start.ticket_too(lock) or start.only_by_ticket(lock)):
                lock.citizen.type_ticket()
                lock.citizen.ticket_read(digits)
            return True
        if lock.page != "ticket" or not lock.keys.enter:
            return False
        lock.citizen.ticket_read(digits)
        return True

    def _alone(self) -> str:
        """What was held and stands alone is obeyed before the key that comes now."""
        digits = self._digits
        self._forget()
        if digits and self._on_start():
            self._obey(digits)
        return ""

    def _obey(self, digits: str) -> None:
        if len(digits) == 1:
            self._lock.input.obey(Press("digit", int(digits)))
        elif len(digits) == DIGITS:
            self._read(digits)

    def _wait(self) -> None:
        self._turn += 1
        turn, tk = self._turn, self._lock.tk
        # Twice: a key that came meanwhile and was not looked at yet goes first.
        tk.after(GAP_MS, lambda: tk.after(1, lambda: self._over(turn)))

    def _over(self, turn: int) -> None:
        if turn == self._turn:
            self._alone()

    def _forget(self) -> None:
        self._digits, self._turn = "", self._turn + 1
