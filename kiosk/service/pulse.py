"""Whether the store answers: asked again and again by a question that reads one value, and never waited for."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

from kiosk.store import facts

if TYPE_CHECKING:
    from kiosk.store.thread import Store

ASK_EVERY, GOOD_FOR = 10.0, 25.0


class Pulse:
    """The store's last answers; seconds are of the clock since boot."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._asked: Future[bool] | None = None
        self._asked_at = self._answered_at = float("-inf")

    def felt(self, now: float) -> bool:
        """Whether it has answered lately. A full disk is no silence: what is there can still be read."""
        if self._asked is not None and self._asked.done():
            if self._asked.exception() is None:
                self._answered_at = now
            self._asked = None
        if self._asked is None and now - self._asked_at >= ASK_EVERY:
            self._asked, self._asked_at = self._store.submit(facts.waiting), now
        return now - self._answered_at <= GOOD_FOR
