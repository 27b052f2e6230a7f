"""The PIN of staff at the lock, and what the service says to it. Typed digits are kept until they are sent, no longer.

The service answers this one lock alone, and hears a PIN only from a fresh one (service/at_the_pc.py).
"""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

CLOSE_AFTER = 60.0
ANSWER_WITHIN = 8.0
LEAST, MOST = 4, 20  # digits; how many a PIN must have here the service knows
NAMES = 9  # tiles on one page, each with its digit


class StaffEntry:
    """`stage`: empty, `asked` (who may?), `names`, `pin` or `told` (`why` nobody may now). `sent`: answer awaited."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self.stage = ""
        self.names: tuple[str, ...] = ()
        self.first = 0  # of the names on the page
        self.name = self.typed = self.why = ""
        self.sent = False
        self.left = self.wait = 0
        self._touched = self._asked_at = 0.0

    def key(self) -> object:
        """To compare by."""
        return self.stage, self.names, self.first, self.name, len(self.typed), self.sent, self.why, self.left, self.wait

    @property
    def ready(self) -> bool:
        """Whether this may be a whole PIN."""
        return len(self.typed) >= LEAST and not self.sent

    def begin(self) -> None:
        """The gesture was made."""
        self.close()
        if self._lock.connection.send("staff", prefs=self._lock.prefs.message()):
            self.stage = "asked"
            self._touched = self._asked_at = time.monotonic()
        self._lock.redraw_soon()

    def close(self) -> None:
        """Back to what was in front; nothing of it stays."""
        if self.stage:
            self._lock.redraw_soon()
        self.stage = self.name = self.typed = self.why = ""
        self.names, self.first, self.sent, self.left, self.wait = (), 0, False, 0, 0

    def touched(self) -> None:
        """Somebody is there."""
        self._touched = time.monotonic()

    def check(self) -> None:
        """Whoever left leaves no page open; a service that does not answer is not waited for."""
        now = time.monotonic()
        if self.stage and now - self._touched > CLOSE_AFTER:
            self.close()
        elif (self.stage == "asked" or self.sent) and now - self._asked_at > ANSWER_WITHIN:
            self.hear({"why": "trouble"})

    def hear(self, message: dict[str, Any]) -> None:
        """The service's answer."""
        why = str(message.get("why") or "")
        if not self.stage or why == "ok":
            return  # the state that follows says the rest
        self.sent = False
        if self.stage == "asked" and not why:
            self.names = tuple(str(name) for name in message.get("names") or ())
            self.stage = "names"
            if len(self.names) == 1:
                self.choose(0)
        elif self.stage == "pin" and why in ("wrong", "locked"):
            self.why, self.left, self.wait = why, int(message.get("left") or 0), int(message.get("wait") or 0)
        else:
            self.stage, self.why, self.typed = "told", why or "trouble", ""
        self._lock.redraw_soon()

    # -- what is touched

    def choose(self, place: int) -> None:
        """One of the names."""
        self.name, self.stage, self.why = self.names[place], "pin", ""
        self._lock.redraw_soon()

    def more(self) -> None:
        """The next page of names, and after the last the first."""
        self.first = self.first + NAMES - 1 if self.first + NAMES - 1 < len(self.names) else 0
        self._lock.redraw_soon()

    def digit(self, digit: int) -> None:
        """One more."""
        if not self.sent and len(self.typed) < MOST:
            self.typed, self.why = self.typed + str(digit), ""
        self._lock.redraw_soon()

    def erase(self) -> None:
        """The last one again."""
        if not self.sent:
            self.typed = self.typed[:-1]
        self._lock.redraw_soon()

    def send(self) -> None:
        """To the service, and out of our hands."""
        if not self.ready:
            return
        pin, self.typed = self.typed, ""
        prefs = self._lock.prefs.message()
        if self._lock.connection.send("staff_pin", name=self.name, pin=pin, prefs=prefs):
            self.sent, self._asked_at = True, time.monotonic()
        self._lock.redraw_soon()

    def back(self) -> None:
        """To the names where there are several, else to what was in front."""
        if self.stage == "pin" and len(self.names) > 1 and not self.sent:
            self.stage, self.typed, self.why = "names", "", ""
            self._lock.redraw_soon()
        else:
            self.close()
