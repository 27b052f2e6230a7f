"""Between a session's start and its first window: the lock still covers, looks, and tells the service."""

from typing import TYPE_CHECKING

from kiosk.messages import LIVE

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

LOOK_MS = 50


class FirstWindow:
    """Until the session has something to see the desk stays covered; the service opens it at our word."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._looking = False
        self._told = ""  # the session of which it was said

    def look(self) -> None:
        """Look now, and every LOOK_MS as long as there is something to wait for."""
        session = str(self._lock.state.get("session") or self._lock.state.get("staff") or "")
        if self._looking or not self._waits() or session == self._told:
            return
        if self._lock.cover.session_seen():
            self._told = session if self._lock.connection.send("ready") else ""
            return
        self._looking = True
        self._lock.tk.after(LOOK_MS, self._again)

    def _again(self) -> None:
        self._looking = False
        self.look()

    def _waits(self) -> bool:
        state = self._lock.state
        awaited = state.get("state") in LIVE or state.get("staff") == "opening"
        return self._lock.cover.covered and state.get("cover") is True and awaited
