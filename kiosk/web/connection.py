"""One connection of a web face: it gathers its request without holding a thread, and speaks TLS where it may.

A worker takes what is there without waiting: a step of the handshake, a piece of the request; and gives it back
(connections.py). Only a whole request is answered. Each stage has its limit.

A connection that begins with a TLS hello speaks TLS where the face has a certificate. Plain HTTP is then answered on
the loopback addresses only; elsewhere it is sent to the same address with https.
"""

import select
import socket
import ssl
import time
from functools import partial
from typing import Any

from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HTTPConnection

from kiosk.web.hosts import address, is_loopback
from kiosk.web.whole import is_endless, is_too_long, is_upload, is_whole, redirection, refusal

HELLO = b"\x16"  # how every TLS connection begins (RFC 8446, 5.1: content type handshake)
PIECE = 16_384
SEND_BUFFER = 262_144  # a page of ours fits in, so that a reader who does not read holds no thread

REQUEST_SECONDS = 5  # for a request to arrive, and for a kept connection to say something again
HANDSHAKE_SECONDS = 3.0
TURNS, TURN_SECONDS = 16, 0.001

ADDRESS = "kiosk.address"  # in the WSGI environment: the address of this PC that the connection came to
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class _Reader(StreamReader):
    """A reader into which bytes are put that were read already."""

    _read_buf: bytes
    _read_pos: int

    def take(self, piece: bytes) -> None:
        """Have `piece` read after what waits."""
        self._read_buf, self._read_pos = self.waiting() + piece, 0

    def waiting(self) -> bytes:
        """What was put in and not read yet."""
        return self._read_buf[self._read_pos :]


def _file(sock: Any, mode: str = "r", size: int = 0) -> Any:
    return _Reader(sock, mode, size) if "r" in mode else StreamWriter(sock, mode, size)


class Connection(HTTPConnection):
    """A connection that gathers its request without waiting, and says once when it is closed."""

    def __init__(self, server: Any, sock: socket.socket, makefile: Any = None) -> None:
        super().__init__(server, sock, _file)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.counted = False
        self.unfinished = False  # something of a request, or of a handshake, is here
        self._speaks = ""  # "", "tls", "plain"
        self._shaken = False
        self._uploads = False  # one of the few that may send a file now
        self.here = address(sock.getsockname()[0])
        self.deadline = time.monotonic() + REQUEST_SECONDS

    def communicate(self) -> bool:
        """Answer what is asked, and what is asked right afterwards too: the way over the selector takes longer.

        True when the connection is kept. A worker stays so long with one connection, and so many times, and no longer.
        """
        for _turn in range(TURNS):
            if not self._answer():
                return False
            if self.unfinished or not (self.rest() or select.select([self.socket], [], [], TURN_SECONDS)[0]):
                break
        return True

    def _answer(self) -> bool:
        """Take what is there; answer the request when it is whole. True: go on listening."""
        if self.unfinished and time.monotonic() > self.deadline:
            return False  # one that says a byte now and then is never found waiting by the selector
        self.socket.settimeout(0)
        try:
            whole = self._gather()
        except NOT_YET:
            return True
        except OSError:  # torn, or no TLS after all
            return False
        self.socket.settimeout(self.server.timeout)
        if not whole:
            return False
        self.unfinished = False
        self.ssl_env = {ADDRESS: self.here, **({"wsgi.url_scheme": "https"} if self._speaks == "tls" else {})}
        if self._speaks == "plain" and self.server.tls is not None and not is_loopback(self.here):
            return self._last_words(redirection(self.rfile.waiting(), partial(self.server.knows_host, self.here)))
        if is_endless(self.rfile.waiting()):
            return self._last_words(refusal(b"411 Length Required"))
        if is_too_long(self.rfile.waiting()):
            return self._last_words(refusal(b"413 Request Entity Too Large"))
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def rest(self) -> bool:
        """The request was answered: the next one may come. Whether something of it is here already."""
        self._upload_ends()
        self.deadline = time.monotonic() + REQUEST_SECONDS
        return bool(self.rfile.waiting()) or (self._speaks == "tls" and self.socket.pending() > 0)

    def _gather(self) -> bool:
        """Read until a request is whole; False when the other side is gone. NOT_YET when there is no more to read."""
        if not self._speaks:
            self._recognise()
        if self._speaks == "tls" and not self._shaken:
            self.socket.do_handshake()
            self._shaken, self.unfinished = True, False
            self.deadline = time.monotonic() + REQUEST_SECONDS
        while not is_whole(self.rfile.waiting()):
            piece = self.socket.recv(PIECE)
            if not piece:
                return False
            self._begin(REQUEST_SECONDS)
            self.rfile.take(piece)
            if not self._uploads and is_upload(self.rfile.waiting()):
                if not self.server.upload_begins():
                    return self._last_words(refusal(b"503 Service Unavailable"))
                self._uploads = True
        return True

    def _recognise(self) -> None:
        first = self.socket.recv(1, socket.MSG_PEEK)
        self._speaks = "tls" if first == HELLO and self.server.tls is not None else "plain"
        if self._speaks == "tls":
            self._begin(HANDSHAKE_SECONDS)
            self.socket = self.server.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            self.rfile = _file(self.socket, "rb", self.rbufsize)
            self.wfile = _file(self.socket, "wb", self.wbufsize)

    def _begin(self, seconds: float) -> None:
        """The first bytes start the clock; more of them do not wind it up again."""
        if not self.unfinished:
            self.unfinished, self.deadline = True, time.monotonic() + seconds

    def _last_words(self, answer: bytes) -> bool:
        try:
            self.socket.sendall(answer)
        except OSError:
            pass  # gone without waiting for it
        return False

    def _upload_ends(self) -> None:
        if self._uploads:
            self._uploads = False
            self.server.upload_ends()

    def close(self) -> None:
        """Close, and give the place back to the peer."""
        self._upload_ends()
        if self.counted:
            self.counted = False
            self.server.gone(self.remote_addr)
        super().close()
