"""The connections of a web face: none of them holds a thread before it has said what it wants, whole.

cheroot gives a fresh connection to a worker at once and shakes TLS hands while it accepts, so a few clients that
connect and say nothing, or half of something, would stop everybody. Here a connection waits in the selector, which
costs no thread, until it says something (connection.py).
"""

import contextlib
import selectors
import socket
import time
from typing import Any

from cheroot.connections import ConnectionManager

from kiosk.web.connection import Connection


class Connections(ConnectionManager):
    """Accepts and bounds connections, and ends those whose time is over. The one that says least makes room."""

    server: Any
    _selector: Any

    def _from_server_socket(self, server_socket: Any) -> None:
        connection = super()._from_server_socket(server_socket)  # type: ignore[misc]
        if connection is None:
            return
        peer = connection.remote_addr
        if not self.server.come(peer) and not (self._make_room(peer) and self.server.come(peer)):
            connection.close()
            return
        connection.counted = True
        self._wait_for(connection)

    def put(self, connection: Connection) -> None:
        """A worker gives a connection back: it goes on waiting, unless its next request is here already."""
        if connection.waiting is not None and connection.upload is not None:
            self.server.uploads.turn(connection.upload)
        elif connection.unfinished or not connection.rest():
            self._wait_for(connection)
        else:
            self.server.process_conn(connection)

    def close(self) -> None:
        """Also those that wait for a turn."""
        self.server.uploads.close()
        super().close()

    def stop(self) -> None:
        """Stop at once: cheroot's loop looks whether it shall when somebody comes, else only once a second."""
        self._stop_requested = True
        with contextlib.suppress(OSError):
            socket.create_connection(self.server.bind_addr[:2], 1).close()
        super().stop()

    def _wait_for(self, connection: Connection) -> None:
        connection.last_used = time.time()
        self._selector.register(connection.socket.fileno(), selectors.EVENT_READ, data=connection)

    def _expire(self, threshold: float) -> None:
        """End what took too long. By our own deadlines: cheroot's go by the wall clock, which may be set."""
        now = time.monotonic()
        for handle, connection in list(self._waiting()):
            if connection.deadline < now:
                self._end(handle, connection)

    def _make_room(self, peer: str) -> bool:
        """End the connection that waited longest in silence: of this peer, or where all places are taken, of anybody.

        A peer with too many loses its own, so that nobody can push out others.
        """
        mine = self.server.too_many(peer)
        found = [one for one in self._waiting() if not mine or one[1].remote_addr == peer]
        if not found:
            return False
        self._end(*min(found, key=lambda one: (one[1].unfinished, one[1].deadline)))
        return True

    def _waiting(self) -> Any:
        return ((handle, one) for handle, one in list(self._selector.connections) if one is not self.server)

    def _end(self, handle: int, connection: Connection) -> None:
        self._selector.unregister(handle)
        connection.close()
