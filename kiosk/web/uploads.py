"""The few connections that may send much at once, and the fewer whose uploads are worked on at once.

Who sends slowly makes room for others when all places are taken. Who has sent all waits for a turn without holding a
thread, so that those who ask little are answered in between.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.web.limits import Limits

if TYPE_CHECKING:
    from kiosk.web.connection import Connection

HURRY_SECONDS = 2.0  # so long after its begin nobody can say yet how fast an upload is


class Upload:
    """One of them: since when it sends, how much has come, and whether it is worked on (`turn`)."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.begun = self.heard = time.monotonic()
        self.bytes = 0
        self.whole = self.put_out = self.turn = False

    def came(self, count: int) -> None:
        """So many bytes of it are here now."""
        self.bytes, self.heard = count, time.monotonic()

    def deadline(self, limits: Limits) -> float | None:
        """Until when it is listened to: the longer the more of it has come; None where it has no time of its own."""
        return None if limits.steady is None else self.begun + limits.request_seconds + self.bytes / limits.steady

    def laggard(self, now: float, hurried: int) -> float | None:
        """Bytes a second, where it is silent or too slow for a time when places are few."""
        if self.whole or self.connection.called or now - self.begun < HURRY_SECONDS:
            return None
        rate = 0.0 if now - self.heard > HURRY_SECONDS else self.bytes / (now - self.begun)
        return rate if rate < hurried else None


class Uploads:
    """Who is sending. Any thread may ask. `call` has a connection looked at by the next worker."""

    def __init__(self, limits: Limits, call: "Callable[[Connection], None]") -> None:
        self._limits, self._call, self._lock = limits, call, threading.Lock()
        self._all: set[Upload] = set()
        self._line: deque[Upload] = deque()
        self._turns = 0

    def begins(self, one: "Connection") -> Upload | None:
        """The place of one more; None where there is none: many at once would take the memory of a small PC.

        Where all places are taken, or all of this peer, the slowest of those that are too slow makes room.
        """
        with self._lock:
            mine = {other for other in self._all if other.connection.remote_addr == one.remote_addr}
            if len(mine) >= self._limits.peer_uploads:
                if not self._make_room(mine):
                    return None
            elif len(self._all) >= self._limits.most_uploads and not self._make_room(self._all):
                return None
            upload = Upload(one)
            self._all.add(upload)
            return upload

    def turn(self, one: Upload) -> None:
        """It is whole: have it worked on, now or when it is its turn."""
        with self._lock:
            if self._turns >= self._limits.answers:
                self._line.append(one)
                return
            self._turns += 1
            one.turn = True
        self._call(one.connection)

    def ends(self, one: Upload) -> None:
        """It was answered, or broken off."""
        following: Upload | None = None
        with self._lock:
            self._all.discard(one)
            if one.turn:
                one.turn = False
                self._turns -= 1
                if self._line:
                    following = self._line.popleft()
                    following.turn = True
                    self._turns += 1
        if following is not None:
            self._call(following.connection)

    def close(self) -> None:
        """Nobody's turn will come any more."""
        with self._lock:
            waiting, self._line = list(self._line), deque()
        for one in waiting:
            one.connection.close()

    def _make_room(self, among: set[Upload]) -> bool:
        now = time.monotonic()
        slow = [(rate, id(other), other) for other in among
                if (rate := other.laggard(now, self._limits.hurried)) is not None]  # fmt: skip
        if not slow:
            return False
        last = min(slow)[2]
        self._all.discard(last)
        last.put_out, last.connection.deadline = True, 0.0
        return True
