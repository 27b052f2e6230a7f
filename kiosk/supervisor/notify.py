"""What systemd hears of us (sd_notify(3)): that we have started, that we stop, and that all is well.

The watchdog is fed only on the service's word that the store has answered it. Who was not started by systemd says
nothing to nobody.
"""

import os
import socket
import time
from collections.abc import Callable, MutableMapping

FEED_EVERY = 5.0


class Notifier:
    """One datagram a message, never waited for: a deaf systemd holds nobody."""

    def __init__(self, environ: MutableMapping[str, str], now: Callable[[], float] = time.monotonic) -> None:
        # Taken away: nothing that we start speaks for us.
        address = environ.pop("NOTIFY_SOCKET", "")
        watched = environ.pop("WATCHDOG_PID", ""), environ.pop("WATCHDOG_USEC", "")
        self.watched = bool(address) and watched[1].isdigit() and watched[0] in ("", str(os.getpid()))
        self._to = "\0" + address[1:] if address.startswith("@") else address
        self._now, self._fed = now, float("-inf")

    def started(self) -> None:
        """The lock is there, and what was left of the last session is gone; the service follows."""
        self._tell("READY=1", "STATUS=locked, waiting for the store")

    def beat(self, store: bool) -> None:
        """The service has spoken. Only a store that answers feeds the watchdog."""
        if store and self.watched and self._now() - self._fed >= FEED_EVERY:
            self._fed = self._now()
            self._tell("WATCHDOG=1", "STATUS=in service")

    def stopping(self) -> None:
        """We were asked to stop."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._to:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
            to.setblocking(False)
            try:
                to.sendto("\n".join(lines).encode(), self._to)
            except OSError:
                return
