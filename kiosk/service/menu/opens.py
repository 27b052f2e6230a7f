"""Which requests for a text are somebody who opens it, so that a page elsewhere or a held-down F5 makes no numbers."""

import threading
import time
from collections.abc import Callable

from flask import request

# The same text again within so many seconds is still being read.
STILL_READ_SECONDS = 60.0
# What Chromium says of a touch on our own pages, and of an address that was typed; other clients say nothing.
READERS = (None, "same-origin", "none")


class Opens:
    """When each text of the last minute was counted; monotonic seconds, in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def counts(self, item: str) -> bool:
        """Whether the present request counts; it does at most once a minute for each text."""
        if request.method != "GET" or "again" in request.args:
            return False
        # A reload asks for a page anew by this header; a page of ours that looks something up is no document.
        if "Cache-Control" in request.headers or request.headers.get("Sec-Fetch-Dest", "document") != "document":
            return False
        if request.headers.get("Sec-Fetch-Site") not in READERS or "prefetch" in request.headers.get("Sec-Purpose", ""):
            return False
        now = self._clock()
        with self._lock:
            if now - self._last.get(item, -STILL_READ_SECONDS) < STILL_READ_SECONDS:
                return False
            self._last[item] = now
        return True
