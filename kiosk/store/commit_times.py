"""How long the disk takes to keep something: measured where it is kept anyway, so that nobody writes to find out."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# So many writes are what the disk is like just now: some minutes of a quiet station.
RECENT = 20


class CommitTimes:
    """Written by the store thread alone; anybody may read."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self._recent: deque[float] = deque(maxlen=RECENT)

    @contextmanager
    def measured(self, writes: bool) -> Iterator[None]:
        """Around a COMMIT; one that has nothing to write asks nothing of the disk."""
        began = time.monotonic()
        yield
        if writes:
            took = time.monotonic() - began
            self.count += 1
            self.seconds += took
            self._recent.append(took)

    def recent_ms(self) -> int | None:
        """The middle one of the last writes, in milliseconds: one that waited for somebody else's says little."""
        found = sorted(self._recent.copy())
        return round(1000 * found[len(found) // 2]) if found else None
