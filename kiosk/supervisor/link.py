"""The supervisor's line to the service: it connects, reports, and hears orders. It never waits for the service."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.loop import Loop
from kiosk.messages import ORDERS, LineBuffer, Malformed, Message, arrived, check, decode, encode

LATE = 2.0


class ServiceLink:
    """One connection to the service, made again whenever it breaks.

    `heard` is when the service last spoke or was connected to, `spoke` when it last spoke, in monotonic seconds: one
    that hangs takes connections, because the kernel takes them for it.
    """

    def __init__(self, path: Path, loop: Loop, obey: Callable[[Message], None]) -> None:
        self._path, self._loop, self._obey = path, loop, obey
        self._socket: socket.socket | None = None
        self._lines = LineBuffer()
        self.heard = self.spoke = time.monotonic()

    def connected(self) -> bool:
        """Whether a connection stands."""
        return self._socket is not None

    def connect(self) -> bool:
        """Try to connect; True when a new connection stands."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(str(self._path))
        except OSError:
            connection.close()
            return False
        self._socket, self._lines = connection, LineBuffer()
        self._loop.watch(connection.fileno(), self._hear)
        self.heard = time.monotonic()
        return True

    def excuse(self, late: float) -> None:
        """We looked `late` seconds too late (the whole PC stood still): that silence was ours, not the service's."""
        if late > LATE:
            self.heard += late
            self.spoke += late

    def send(self, verb: str, **fields: Any) -> bool:
        """Say something; False when nobody listens. A service that does not read is as good as gone."""
        if self._socket is None:
            return False
        try:
            self._socket.sendall(encode(verb, **fields))
        except OSError:
            self._close()
            return False
        return True

    def _hear(self) -> None:
        """Obey what has arrived. The link closes on end of file and on anything that is no order."""
        if self._socket is None:
            return
        data = arrived(self._socket)
        if data is None:
            return
        if not data:
            self._close()
            return
        self.heard = self.spoke = time.monotonic()
        try:
            for line in self._lines.feed(data):
                self._obey(check(decode(line), ORDERS))
        except Malformed:
            self._close()

    def _close(self) -> None:
        if self._socket is not None:
            self._loop.forget(self._socket.fileno())
            self._socket.close()
            self._socket = None
