"""The service's unix socket as a place: listened at, and listened at again where somebody deleted it."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path

from kiosk.loop import Loop

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
WAITING = 32


class Listener:
    """Calls `come(connection)` in the loop for each that connects."""

    def __init__(self, path: Path, loop: Loop, come: Callable[[socket.socket], None]) -> None:
        self._path, self._loop, self._come = path, loop, come
        self._socket = self._listen()
        loop.after(LOOK_EVERY, self._look)

    def _listen(self) -> socket.socket:
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._path))
        # The group is the service's own: only the screen user is in it besides.
        self._path.chmod(0o660)
        listener.listen(WAITING)
        listener.setblocking(False)
        self._loop.watch(listener.fileno(), self._accept)
        return listener

    def _look(self) -> None:
        """Listen again where the socket is gone: no new screen could reach us otherwise, and would cover."""
        self._loop.after(LOOK_EVERY, self._look)
        if self._path.exists():
            return
        before = self._socket
        try:
            self._socket = self._listen()
        except OSError as error:
            log.error("the socket is gone and cannot be made again: %s", error.strerror)
            return
        log.warning("the socket was gone and is there again")
        self._loop.forget(before.fileno())
        before.close()

    def _accept(self) -> None:
        try:
            connection, _address = self._socket.accept()
        except OSError:
            return
        self._come(connection)

    def close(self) -> None:
        """Listen no more."""
        self._loop.forget(self._socket.fileno())
        self._socket.close()
