"""One connection of a web face: it gathers its request without holding a thread, and speaks TLS where it may.

A worker takes what is there without waiting: a step of the handshake, a piece of the request; and gives it back
(connections.py). Only a whole request is answered. Each stage has its limit.

A connection that begins with a TLS hello speaks TLS where the face has a certificate. Plain HTTP is then answered on
the loopback addresses only; elsewhere it is sent to the same address with https.
"""

import socket
import ssl
import time
from functools import partial
from typing import Any

from cheroot.server import HTTPConnection

from kiosk.web.hosts import address, is_loopback
from kiosk.web.limits import Limits
from kiosk.web.reader import file_of, more_within
from kiosk.web.uploads import Upload
from kiosk.web.whole import Arriving, redirection

HELLO = b"\x16"  # how every TLS connection begins (RFC 8446, 5.1: content type handshake)
PIECE = 16_384
SEND_BUFFER = 262_144  # a page of ours fits in, so that a reader who does not read holds no thread

TURNS = 16
DRAINED = 4_194_304  # bytes taken and thrown away after a refusal

ADDRESS = "kiosk.address"  # in the WSGI environment: the address of this PC that the connection came to
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection(HTTPConnection):
    """A connection that gathers its request without waiting, and says once when it is closed."""

    def __init__(self, server: Any, sock: socket.socket, makefile: Any = None) -> None:
        super().__init__(server, sock, file_of)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.limits: Limits = server.limits
        self.counted = False
        self.unfinished = False  # something of a request, or of a handshake, is here
        self.called = 0.0  # since when a worker is to look at it
        self._speaks = ""  # "", "tls", "plain"
        self._shaken = False
        self.upload: Upload | None = None  # one of the few that may send much now
        self.waiting: Arriving | None = None  # it has come, and its turn has not
        self._drained: int | None = None  # refused: how much of what they still say was thrown away
        self._arriving: Arriving | None = None
        self.here = address(sock.getsockname()[0])
        self.deadline = time.monotonic() + self.limits.request_seconds

    def communicate(self) -> bool:
        """Answer what is asked, and what is asked right afterwards too: the way over the selector takes longer.

        True when the connection is kept. A worker stays so long with one connection, and so many times, and no longer.
        """
        if self.called:  # for how long it waited for a worker is not its fault
            self.deadline += time.monotonic() - self.called
            self.called = 0.0
        for _turn in range(TURNS):
            if not self._answer():
                return False
            if self.waiting is not None or self.unfinished or not (self.rest() or more_within(self.socket)):
                break
        return True

    def _answer(self) -> bool:
        """Take what is there; answer the request when it is whole. True: go on listening."""
        if self.waiting is not None:
            whole, self.waiting = self.waiting, None
            return self._answer_to(whole)
        if self.unfinished and time.monotonic() > self.deadline:
            return False  # one that says a byte now and then is never found waiting by the selector
        self.socket.settimeout(0)
        try:
            if self._drained is not None:
                return self._drain()
            arrived = self._gather()
        except NOT_YET:
            return True
        except OSError:  # torn, or no TLS after all
            return False
        if arrived is None:
            return self._drained is not None
        self.unfinished = False
        if self.upload is not None and self.limits.answers:
            self.upload.whole, self.waiting = True, arrived
            return True
        return self._answer_to(arrived)

    def _answer_to(self, whole: Arriving) -> bool:
        self.socket.settimeout(self.server.timeout)
        self.ssl_env = {ADDRESS: self.here, **({"wsgi.url_scheme": "https"} if self._speaks == "tls" else {})}
        if self._speaks == "plain" and self.server.tls is not None and not is_loopback(self.here):
            return self._last_words(redirection(bytes(whole), partial(self.server.knows_host, self.here)))
        if whole.endless:
            return self._last_words(self.limits.refusal(b"411 Length Required"))
        if whole.too_long:
            return self._last_words(self.limits.refusal(b"413 Request Entity Too Large"))
        self.rfile.take(bytes(whole))
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def rest(self) -> bool:
        """The request was answered: the next one may come. Whether something of it is here already."""
        self._upload_ends()
        self.deadline = time.monotonic() + self.limits.request_seconds
        return bool(self.rfile.waiting()) or (self._speaks == "tls" and self.socket.pending() > 0)

    def _gather(self) -> Arriving | None:
        """Read until a request is whole; None when the other side is gone. NOT_YET when there is no more to read."""
        if not self._speaks:
            self._recognise()
        if self._speaks == "tls" and not self._shaken:
            self.socket.do_handshake()
            self._shaken, self.unfinished = True, False
            self.deadline = time.monotonic() + self.limits.request_seconds
        if self._arriving is None:
            self._arriving = Arriving(self.limits, self.rfile.taken_back())
            if len(self._arriving):  # the beginning of this request came with the end of the one before
                self._begin(self.limits.request_seconds)
        while not self._arriving.whole:
            piece = self.socket.recv(PIECE)
            if not piece:
                return None
            self._begin(self.limits.request_seconds)
            self._arriving.take(piece)
            if not self._goes_on(self._arriving):
                return None
        whole, self._arriving = self._arriving, None
        return whole

    def _goes_on(self, arriving: Arriving) -> bool:
        """An upload takes its place, and has the more time the more of it has come; False when it was refused."""
        if not arriving.upload:
            return True
        if self.upload is None:
            self.upload = self.server.uploads.begins(self)
            if self.upload is None:
                self._last_words(self.limits.refusal(b"503 Service Unavailable"))
                return False
        self.upload.came(len(arriving))
        self.deadline = self.upload.deadline(self.limits) or self.deadline
        return not self.upload.put_out

    def _recognise(self) -> None:
        first = self.socket.recv(1, socket.MSG_PEEK)
        self._speaks = "tls" if first == HELLO and self.server.tls is not None else "plain"
        if self._speaks == "tls":
            self._begin(self.limits.handshake_seconds)
            self.socket = self.server.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            self.rfile = file_of(self.socket, "rb", self.rbufsize)
            self.wfile = file_of(self.socket, "wb", self.wbufsize)

    def _begin(self, seconds: float) -> None:
        """The first bytes start the clock; more of them do not wind it up again."""
        if not self.unfinished:
            self.unfinished, self.deadline = True, time.monotonic() + seconds

    def _last_words(self, answer: bytes) -> bool:
        """Say it and hang up; or hear them out for a while first. True: the connection is kept for that."""
        try:
            self.socket.sendall(answer)
            if self.limits.linger:
                self.socket.shutdown(socket.SHUT_WR)  # of a TLS connection too, which is read as it comes from now on
        except OSError:
            return False  # gone without waiting for it
        if not self.limits.linger:
            return False
        self._upload_ends()
        self._arriving, self._drained = None, 0
        self.unfinished, self.deadline = True, time.monotonic() + self.limits.linger
        return True

    def _drain(self) -> bool:
        """Throw away what they say after a refusal; False at its end. NOT_YET when there is no more to read."""
        while piece := self.socket.recv(PIECE):
            self._drained = (self._drained or 0) + len(piece)
            if self._drained > DRAINED:
                break
        return False

    def _upload_ends(self) -> None:
        if self.upload is not None:
            upload, self.upload = self.upload, None
            self.server.uploads.ends(upload)

    def close(self) -> None:
        """Close, and give the place back to the peer."""
        self._upload_ends()
        if self.counted:
            self.counted = False
            self.server.gone(self.remote_addr)
        super().close()
