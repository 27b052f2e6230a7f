"""The few connections that may send much at once. Who sends slowly makes room for others when all places are taken."""

import threading
import time
from typing import TYPE_CHECKING

from kiosk.web.limits import Limits

if TYPE_CHECKING:
    from kiosk.web.connection import Connection

HURRY_SECONDS = 2.0  # so long after its begin nobody can say yet how fast an upload is


class Uploads:
    """Who is sending. Any thread may ask."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._lock = limits, threading.Lock()
        self._all: set[Connection] = set()

    def begins(self, one: "Connection") -> bool:
        """Whether one more may send now: many at once would take the memory of a small PC.

        Where all places are taken, or all of this peer, the slowest of those that are too slow makes room.
        """
        with self._lock:
            mine = {other for other in self._all if other.remote_addr == one.remote_addr}
            if len(mine) >= self._limits.peer_uploads:
                if not self._make_room(mine):
                    return False
            elif len(self._all) >= self._limits.most_uploads and not self._make_room(self._all):
                return False
            self._all.add(one)
            return True

    def ends(self, one: "Connection") -> None:
        """It was answered, or broken off."""
        with self._lock:
            self._all.discard(one)

    def _make_room(self, among: "set[Connection]") -> bool:
        now = time.monotonic()
        slow = [(rate, id(other), other) for other in among if (rate := other.laggard(now)) is not None]
        if not slow:
            return False
        last = min(slow)[2]
        self._all.discard(last)
        last.makes_room()
        return True
