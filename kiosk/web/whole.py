"""What can be said of a request by its bytes alone: whether it is all here, and where to send one that came in plain.

Only enough is read for that; cheroot reads the request itself, and refuses what is malformed or too long.
"""

import re
from collections.abc import Callable

from kiosk.web.limits import PANEL, Limits

MAX_HEADER = 16_384

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^[ \t]*transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_HOST = re.compile(rb"^host:[ \t]*([A-Za-z0-9.:\[\]-]{1,255})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_GET = re.compile(rb"^(?:GET|HEAD) (/[!-~]{0,2000}) HTTP/1\.[01]\r?$", re.MULTILINE)
_PLAIN = (
    b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s"
)


class Arriving:
    """The bytes of a request as they come. Its head is read once, however many pieces the body has."""

    def __init__(self, limits: Limits = PANEL, begun: bytes = b"") -> None:
        self._limits, self._bytes = limits, bytearray()
        self._body_at, self._length, self._most = 0, 0, 0
        self.endless = False
        self.take(begun)

    def __len__(self) -> int:
        return len(self._bytes)

    def __bytes__(self) -> bytes:
        return bytes(self._bytes)

    def take(self, piece: bytes) -> None:
        """More has come."""
        from_here = max(0, len(self._bytes) - len(_END) + 1)
        self._bytes += piece
        if not self._body_at and (end := self._bytes.find(_END, from_here)) >= 0:
            head = bytes(self._bytes[:end])
            length = _LENGTH.search(head)
            self._body_at, self._length = end + len(_END), 0 if length is None else int(length[1])
            self._most, self.endless = self._limits.most(head), _CHUNKED.search(head) is not None

    @property
    def whole(self) -> bool:
        """Whether nothing is missing for an answer: all of the request is here, or enough to refuse it."""
        if not self._body_at:
            return len(self._bytes) > MAX_HEADER
        return self.too_long or len(self._bytes) >= self._body_at + self._length

    @property
    def too_long(self) -> bool:
        """Whether more is announced than may be: it is refused before it is sent."""
        return self._length > self._most

    @property
    def upload(self) -> bool:
        """Whether more is announced than any form of ours has, where that may be."""
        return self._limits.body < self._length <= self._most


def redirection(begun: bytes, knows_host: Callable[[str], bool]) -> bytes:
    """The answer to a plain request where only TLS is spoken: the same address with https, if it is one of ours."""
    head = begun.partition(_END)[0]
    host, asked = _HOST.search(head), _GET.match(head)
    if host is None or asked is None or not knows_host(host[1].decode("ascii")):
        text = "Hãy dùng https. / Please use https.\n".encode()
        return _PLAIN % (b"400 Bad Request", len(text), b"", text)
    where = b"Location: https://" + host[1] + asked[1] + b"\r\n"
    return _PLAIN % (b"307 Temporary Redirect", 0, where, b"")
