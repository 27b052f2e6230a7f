"""Where a running server hears orders: a socket in the home, one order a connection, only for the home's own user."""

import json
import logging
import os
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kiosk.errors import KioskError
from kiosk.province.orders import MAX_ORDER, SOCKET, Office, outcome, run, socket_address
from kiosk.translations import _

log = logging.getLogger("kiosk.province")
WITHIN = 10.0  # seconds in which an order must be said; its doing takes what it takes


class OrdersDoor:
    """Hears orders in a thread of its own until `close`; each is done in a thread of its own."""

    def __init__(self, office: Office) -> None:
        """Listens. OSError where it cannot: a path that is too long for a socket, a disk that takes nothing."""
        self._office, self._path = office, office.home.path / SOCKET
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with socket_address(office.home) as address:
                self._socket.bind(address)
        finally:
            os.umask(before)
        self._socket.listen(16)
        self._running: set[threading.Thread] = set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="orders", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hears no more; waits for what is being done."""
        self._ending.set()
        self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        for thread in list(self._running):
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:  # closed; or the system had no file to spare, which it may have again
                if self._ending.wait(0.1):
                    return
                continue
            thread = threading.Thread(target=self._hear, args=(connection,), name="order")
            self._running.add(thread)
            thread.start()

    def _hear(self, connection: socket.socket) -> None:
        try:
            with connection, suppress(OSError):
                if _peer(connection) not in (0, os.getuid()):
                    return
                answer = json.dumps(self._answer(connection), ensure_ascii=False, default=str).encode()
                connection.settimeout(None)
                connection.sendall(answer)
        finally:
            self._running.discard(threading.current_thread())

    def _answer(self, connection: socket.socket) -> dict[str, Any]:
        try:
            connection.settimeout(WITHIN)
            with connection.makefile("rb") as file:
                asked = json.loads(file.readline(MAX_ORDER))
            name, fields = asked["order"], asked["fields"]
            office = replace(self._office, who=str(asked["who"])[:100])
            data = run(office, name, fields)
        except KioskError as error:
            return outcome(error)
        except Exception as error:  # the border of an order: whatever it is, the server goes on
            log.exception("an order failed")
            return outcome(KioskError(_("The order failed: {reason}.", reason=type(error).__name__), _("See the log.")))
        log.info("order: %s", name)
        return {"ok": True, "data": data}


def _peer(connection: socket.socket) -> int:
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", told)[1])
