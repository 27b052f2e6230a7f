"""One web face on one address: cheroot with few threads, patient with silent connections and quiet in the log.

cheroot hands a fresh connection to a worker at once, so a few clients that connect and say nothing would take every
thread. Here a connection waits in the selector, which costs no thread, until it says something.
"""

import contextlib
import errno
import logging
import select
import selectors
import socket
import threading
import time
from collections import Counter
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from cheroot import wsgi
from cheroot.connections import ConnectionManager
from cheroot.server import HTTPConnection

from kiosk.errors import KioskError
from kiosk.translations import _

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOG = logging.getLogger("kiosk.web")

CONNECTIONS_PER_PEER = 32
REQUEST_SECONDS = 5  # for a request to arrive, and for a kept connection to say something again
MAX_HEADER = 16_384
TURNS, TURN_SECONDS = 16, 0.001
MAX_BODY = 65_536


class _Connection(HTTPConnection):
    """A connection that says once when it is closed."""

    counted = False

    def communicate(self) -> bool:
        """Answer what is asked, and what is asked right afterwards too: the way over the selector takes longer.

        True when the connection is kept. A worker stays so long with one connection, and so many times, and no longer.
        """
        kept: bool = super().communicate()  # type: ignore[no-untyped-call]
        for _turn in range(TURNS):
            if not kept or not (self.rfile.has_data() or select.select([self.socket], [], [], TURN_SECONDS)[0]):
                break
            kept = super().communicate()  # type: ignore[no-untyped-call]
        return kept

    def close(self) -> None:
        """Close, and give the place back to the peer."""
        if self.counted:
            self.counted = False
            self.server.gone(self.remote_addr)
        super().close()


class _PatientConnections(ConnectionManager):
    """Accepts, counts by peer, and waits for the first byte before a worker is troubled."""

    def _from_server_socket(self, server_socket: Any) -> None:
        connection = super()._from_server_socket(server_socket)  # type: ignore[misc]
        if connection is None:
            return
        if not self.server.come(connection.remote_addr):
            connection.close()
            return
        connection.counted = True
        connection.last_used = time.time()
        self._selector.register(connection.socket.fileno(), selectors.EVENT_READ, data=connection)  # type: ignore[attr-defined]

    def stop(self) -> None:
        """Stop at once: cheroot's loop looks whether it shall when somebody comes, else only once a second."""
        self._stop_requested = True
        with contextlib.suppress(OSError):
            socket.create_connection(self.server.bind_addr[:2], 1).close()
        super().stop()


class _Cheroot(wsgi.Server):
    """cheroot's server with our connection manager, our limits and our log."""

    ConnectionClass = _Connection
    max_request_header_size = MAX_HEADER
    max_request_body_size = MAX_BODY
    expiration_interval = 1.0

    def __init__(self, address: tuple[str, int], app: "WSGIApplication", threads: int) -> None:
        super().__init__(
            address,
            app,
            numthreads=threads,
            max=threads,
            request_queue_size=2 * CONNECTIONS_PER_PEER,
            timeout=REQUEST_SECONDS,
            shutdown_timeout=2,
        )
        self.bind_error: OSError | None = None
        self.software = "kiosk"
        self._peers: Counter[str] = Counter()
        self._peers_lock = threading.Lock()

    def bind_socket(self, socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:  # type: ignore[override]
        """Bind, or close the socket and keep the real error: cheroot does neither."""
        try:
            socket_.bind(bind_addr)
        except OSError as error:
            socket_.close()
            self.bind_error = error
            raise
        return socket_

    def prepare(self) -> None:
        """Bind, then put our connection manager in the place of cheroot's."""
        super().prepare()
        self._connections._selector.close()
        self._connections: Any = _PatientConnections(self)

    def come(self, peer: str) -> bool:
        """One more connection of `peer`; False when it has too many already."""
        with self._peers_lock:
            if self._peers[peer] >= CONNECTIONS_PER_PEER:
                return False
            self._peers[peer] += 1
            return True

    def gone(self, peer: str) -> None:
        """One connection of `peer` less."""
        with self._peers_lock:
            self._peers[peer] -= 1
            if self._peers[peer] <= 0:
                del self._peers[peer]

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """One line, never a traceback: a torn connection is nothing to read about."""
        LOG.log(min(level, logging.WARNING), "%s", msg.splitlines()[0][:200] if msg else "")


class Server:
    """A running web face. `start` returns when the address is bound; `stop` when the threads are gone."""

    def __init__(self, app: "WSGIApplication", listen: str, name: str, threads: int) -> None:
        self.name = name
        self._cheroot = _Cheroot(parse_address(listen), app, threads)
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; after `start` with the port really taken."""
        host, port = self._cheroot.bind_addr[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Bind and serve in an own thread. KioskError when the address cannot be had."""
        bound: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(bound,), name=f"web-{self.name}", daemon=True)
        self._thread.start()
        try:
            bound.result()
        except OSError as error:
            self._thread = None
            raise _refused(self.address, self._cheroot.bind_error or error) from None

    def _run(self, bound: "Future[None]") -> None:
        # Workers inherit from this thread that they do not keep the process alive: whatever ends it, it ends.
        try:
            self._cheroot.prepare()
        except OSError as error:
            bound.set_exception(error)
            return
        bound.set_result(None)
        self._cheroot.serve()

    def stop(self) -> None:
        """Stop serving; requests that run are given two seconds."""
        if self._thread is not None:
            self._cheroot.stop()
            self._thread.join(5)
            self._thread = None


def serve(app: "WSGIApplication", listen: str, name: str, threads: int = 4) -> Server:
    """A server for `app` on `listen` (host:port), not started yet. KioskError when `listen` is no address."""
    return Server(app, listen, name, threads)


def parse_address(listen: str) -> tuple[str, int]:
    """`host:port` as a pair; an IPv6 host stands in brackets."""
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65_535:
        raise KioskError(
            _("{listen} is not an address.", listen=listen), _("Write it as host:port, for example 127.0.0.1:8080.")
        )
    return host.strip("[]"), int(port)


def _refused(address: tuple[str, int], error: OSError) -> KioskError:
    """Why binding failed, in words."""
    host, port = address
    if error.errno == errno.EADDRINUSE:
        return KioskError(
            _("Port {port} on {host} is in use by another program.", port=port, host=host),
            _("Stop that program, or choose another port in site.toml (listen)."),
        )
    return KioskError(
        _("{host}:{port} cannot be listened on.", host=host, port=port), _("Check the address in site.toml (listen).")
    )
