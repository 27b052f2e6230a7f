"""One web face on one address: cheroot with few threads, patient with silent connections and quiet in the log.

How a connection waits without a thread: connections.py; where it speaks TLS: connection.py.
"""

import errno
import logging
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from cheroot import wsgi

from kiosk.errors import KioskError
from kiosk.translations import _
from kiosk.web.connection import Connection
from kiosk.web.connections import Connections
from kiosk.web.limits import PANEL, Limits
from kiosk.web.uploads import Uploads
from kiosk.web.whole import MAX_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOG = logging.getLogger("kiosk.web")


class _Cheroot(wsgi.Server):
    """cheroot's server with our connections, our limits and our log."""

    ConnectionClass = Connection
    max_request_header_size = MAX_HEADER
    expiration_interval = 1.0

    def __init__(
        self,
        address: tuple[str, int],
        app: "WSGIApplication",
        threads: int,
        tls: ssl.SSLContext | None,
        knows_host: Callable[[str, str], bool],
        limits: Limits,
    ) -> None:
        super().__init__(
            address,
            app,
            numthreads=threads,
            max=threads,
            request_queue_size=limits.backlog,
            timeout=limits.request_seconds,
            shutdown_timeout=2,
        )
        self.tls, self.knows_host, self.limits = tls, knows_host, limits
        self.uploads = Uploads(limits, self.process_conn)
        self.max_request_body_size = max(limits.body, limits.upload)
        self.bind_error: OSError | None = None
        self.software = "kiosk"
        self._peers: Counter[str] = Counter()
        self._come = 0
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
        """Bind, then put our connections in the place of cheroot's."""
        super().prepare()
        self._connections._selector.close()
        self._connections: Any = Connections(self)

    def come(self, peer: str) -> bool:
        """One more connection of `peer`; False when it has too many already, or all have."""
        with self._peers_lock:
            if self._peers[peer] >= self.limits.per_peer or self._come >= self.limits.connections:
                return False
            self._peers[peer] += 1
            self._come += 1
            return True

    def too_many(self, peer: str) -> bool:
        """Whether `peer` has as many connections as one may have."""
        return self._peers[peer] >= self.limits.per_peer

    def gone(self, peer: str) -> None:
        """One connection of `peer` less."""
        with self._peers_lock:
            self._come -= 1
            self._peers[peer] -= 1
            if self._peers[peer] <= 0:
                del self._peers[peer]

    def process_conn(self, conn: Connection) -> None:
        """To the next worker that is free."""
        conn.called = time.monotonic()
        super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """One line, never a traceback: a torn connection is nothing to read about."""
        LOG.log(min(level, logging.WARNING), "%s", msg.splitlines()[0][:200] if msg else "")


class Server:
    """A running web face. `start` returns when the address is bound; `stop` when the threads are gone."""

    def __init__(
        self,
        app: "WSGIApplication",
        listen: str,
        name: str,
        threads: int,
        tls: ssl.SSLContext | None = None,
        knows_host: Callable[[str, str], bool] = lambda _here, _host: False,
        limits: Limits = PANEL,
    ) -> None:
        self.name = name
        self._cheroot = _Cheroot(parse_address(listen), app, threads, tls, knows_host, limits)
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


def serve(app: "WSGIApplication", listen: str, name: str, threads: int = 4, **more: Any) -> Server:
    """A server for `app` on `listen` (host:port), not started yet. KioskError when `listen` is no address.

    `tls`: what to shake hands with; then plain HTTP is spoken on loopback addresses alone. `knows_host`: whether a
    plain request to (our address, Host header) may be sent on to https. `limits`: what it takes at once.
    """
    return Server(app, listen, name, threads, **more)


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
