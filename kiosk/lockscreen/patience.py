"""How long the lock waits for a citizen who has stopped answering, and what it shows before it gives up on them.

Whoever walks away leaves the questions to the next one, with answers on them; whoever thinks must not be thrown out
unasked. So the last seconds are counted before their eyes, and any touch ends the count.
"""

import time
from typing import TYPE_CHECKING

from kiosk.messages import LIVE

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

COUNTED_SECONDS = 20


class Patience:
    """`seconds_left` counts down from COUNTED_SECONDS while a page waits for somebody who was there; else None."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self.last_touch = self._since = time.monotonic()

    def turned(self) -> None:
        """Another state of the station: whoever is before us now has all the time."""
        self.last_touch = self._since = time.monotonic()

    def touched(self) -> None:
        """Somebody is there."""
        self.last_touch = time.monotonic()

    @property
    def limit(self) -> float:
        """Seconds without a touch until START comes."""
        return float(self._lock.state.get("sign_in_reset_seconds") or 180)

    @property
    def seconds_left(self) -> int | None:
        """Shown once it is no more than COUNTED_SECONDS, and never from the first half of the wait on."""
        if not self._waits():
            return None
        left = self.limit - (time.monotonic() - self.last_touch)
        return max(0, int(left + 0.999)) if left <= min(COUNTED_SECONDS, self.limit / 2) else None

    @property
    def wiping_seconds(self) -> int:
        """Whole seconds that the traces have been cleared for, 9 at most; 0 while nothing of it is seen."""
        ending = self._lock.cover.covered and self._lock.state.get("state") == "ending"
        return min(9, int(time.monotonic() - self._since)) if ending else 0

    def _waits(self) -> bool:
        lock, state = self._lock, self._lock.state.get("state")
        asked = state == "asking" and not lock.visit.sent and bool(lock.state.get("questions"))
        return asked or (state == "free" and bool(lock.aside))

    def check(self) -> None:
        """Give up on a citizen who has gone: START, in its own language and size."""
        self._lock.staff.check()
        if time.monotonic() - self.last_touch <= self.limit:
            return
        lock = self._lock
        if lock.state.get("state") == "asking":
            lock.citizen.cancel()
        elif lock.state.get("state") not in (*LIVE, "ending"):
            lock.choice = None
        lock.aside = ""
        lock.ticket.clear()
        self.touched()
