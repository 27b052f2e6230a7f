"""The courier's line to the province: one connection that stays open, to the first of its addresses that answers.

Only the CA of the card is trusted, by name, never by date (asking.py). Where it is refused, or where the answer speaks
of a newer card, the card is asked for, and taken when a pinned key sealed it. A silent or a slow server is given up.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from kiosk.errors import KioskError
from kiosk.export import asking
from kiosk.export.enrolment import Enrolled
from kiosk.export.enrolment_changes import take_card
from kiosk.export.sealed import SealError
from kiosk.export.signing import key_id
from kiosk.settings import Paths

KEY_CHANGES = 20  # of the province, which a station that was away follows
MOST = 8 << 20  # bytes of an answer: two thousand receipts and more
# Seconds for a whole request, however slowly it moves: so much, and a second for so many bytes (a bad modem's worth).
WHOLE, BYTES_A_SECOND = 90.0, 2_000


@dataclass(frozen=True)
class Reply:
    """`told`: the JSON object of the body, empty where it is none; `wait`: seconds of Retry-After."""

    status: int
    told: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    wait: float = 0.0


class ProvinceLine:
    """Speaks to the province of `enrolled`, which may become one with a newer card while it speaks."""

    def __init__(self, paths: Paths, enrolled: Enrolled) -> None:
        self.enrolled, self._paths = enrolled, paths
        self._connection: http.client.HTTPConnection | None = None
        self._url = ""

    def put(self, body: bytes) -> Reply:
        """The answer to a body of bundles. KioskError with a sentence where none came."""
        return self._ask("PUT", f"/v1/batches/{sha256(body).hexdigest()}", body)

    def rotate(self, sealed: str) -> Reply:
        """The answer to a new key of this station (rotating.py)."""
        return self._ask("POST", "/v1/rotate", sealed.encode())

    def renew(self) -> bool:
        """Take a newer card, if there is one. Never an error: it is asked for again with the next answer."""
        with suppress(KioskError):
            return self._follow(lambda place: self._ask("GET", place, b"").text)
        return False

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, verb: str, place: str, body: bytes) -> Reply:
        if self._connection is not None:
            # The server may have closed it meanwhile; asking twice is harmless, so a new one tries again.
            with suppress(OSError, http.client.HTTPException):
                return self._over(self._connection, self._url, verb, place, body)
            self.close()
        trouble: KioskError | None = None
        for url in self.enrolled.urls:
            try:
                return self._anew(url, verb, place, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                trouble = trouble or asking.unreached(url, error)
        assert trouble is not None, "a card has an address"
        raise trouble

    def _anew(self, url: str, verb: str, place: str, body: bytes) -> Reply:
        try:
            return self._over(self._open(url, self._context()), url, verb, place, body)
        except ssl.SSLCertVerificationError:
            if not self._new_certificate(url):
                raise
        return self._over(self._open(url, self._context()), url, verb, place, body)

    def _new_certificate(self, url: str) -> bool:
        """Whether a newer card came from a server that the one in force does not know: the card proves itself."""
        connection = self._open(url, asking.trusting_nobody())
        try:
            return self._follow(lambda place: self._over(connection, url, "GET", place, b"").text)
        finally:
            self.close()

    def _follow(self, ask: Callable[[str], str]) -> bool:
        """Take the newest card, whether there was one. Who was away while keys changed comes by those in between."""
        before = self.enrolled.version
        for _change in range(KEY_CHANGES):
            if self._take(ask("/v1/card")):
                break
            here = self.enrolled.version
            for key in self.enrolled.province:
                self._take(ask(f"/v1/card?by={key_id(key)}"))
            if self.enrolled.version == here:
                break
        return self.enrolled.version > before

    def _take(self, sealed: str) -> bool:
        """Go by this card where it is newer; False where no key that is pinned has sealed it."""
        try:
            self.enrolled = take_card(self._paths, self.enrolled, sealed)
        except (SealError, OSError):
            return False
        return True

    def _context(self) -> ssl.SSLContext:
        return asking.trusting(self.enrolled.certificate)

    def _open(self, url: str, context: ssl.SSLContext) -> http.client.HTTPConnection:
        self.close()
        parts = urlsplit(asking.whole(url))
        host = parts.hostname or ""
        if parts.scheme == "http":
            self._connection = http.client.HTTPConnection(host, parts.port or 80, timeout=asking.WITHIN)
        else:
            self._connection = http.client.HTTPSConnection(
                host, parts.port or 443, timeout=asking.WITHIN, context=context
            )
        self._url = url
        return self._connection

    def _over(self, connection: http.client.HTTPConnection, url: str, verb: str, place: str, body: bytes) -> Reply:
        if connection.sock is None:
            connection.connect()
        hang_up = threading.Timer(WHOLE + len(body) / BYTES_A_SECOND, _cut, (connection.sock,))
        hang_up.daemon = True
        hang_up.start()
        try:
            kind = {"Content-Type": "application/octet-stream"} if body else {}
            # A server that has seen enough may answer and close before it has read all of a body.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(verb, urlsplit(url).path.rstrip("/") + place, body or None, kind)
            answer = connection.getresponse()
            raw = answer.read(MOST + 1)
        finally:
            hang_up.cancel()
        if answer.length and len(raw) <= MOST:
            raise ConnectionResetError("fewer bytes than were announced")
        if answer.will_close or len(raw) > MOST:
            self.close()
        return _reply(answer.status, raw[:MOST], answer.getheader("Retry-After") or "")


def _reply(status: int, raw: bytes, wait: str) -> Reply:
    text = raw.decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = {}
    seconds = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0.0
    return Reply(status, told if isinstance(told, dict) else {}, text, seconds)


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
