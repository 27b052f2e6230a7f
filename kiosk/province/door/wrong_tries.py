"""Slows down who tries codes: so that the codes of others are not locked one after the other by guessing."""

import threading
import time
from collections import OrderedDict

from kiosk.province.door.refusals import LATER, Refusal
from kiosk.translations import _

MOST, WITHIN = 40, 600.0  # wrong proofs of one address, in seconds
REMEMBERED = 10_000  # addresses


class WrongTries:
    """Wrong proofs by address, in memory: after a restart the counting begins anew."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, peer: str) -> None:
        """Refusal where this address has tried too often."""
        with self._lock:
            since, count = self._seen.get(peer, (0.0, 0))
        if count >= MOST and time.monotonic() - since < WITHIN:
            raise Refusal(429, "TOO_MUCH", _("Too many wrong codes came from this address; please wait."), LATER)

    def count(self, peer: str) -> None:
        """One more was wrong."""
        now = time.monotonic()
        with self._lock:
            since, count = self._seen.pop(peer, (now, 0))
            self._seen[peer] = (since, count + 1) if now - since < WITHIN else (now, 1)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
