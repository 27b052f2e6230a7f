"""What can be said of a request by its bytes alone: whether it is all here, and where to send one that came in plain.

Only enough is read for that; cheroot reads the request itself, and refuses what is malformed or too long.
"""

import re
from collections.abc import Callable

MAX_HEADER = 16_384
MAX_BODY = 65_536
# One page takes a file. Only its address may send so much, and only so many at once (connections.py).
MAX_UPLOAD = 1_100_000
MOST_UPLOADS = 2

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_HOST = re.compile(rb"^host:[ \t]*([A-Za-z0-9.:\[\]-]{1,255})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_GET = re.compile(rb"^(?:GET|HEAD) (/[!-~]{0,2000}) HTTP/1\.[01]\r?$", re.MULTILINE)
_UPLOAD = re.compile(rb"^POST /journal/import(?:\?[!-~]*)? HTTP/1\.[01]\r?$", re.MULTILINE)
_PLAIN = (
    b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s"
)


def is_whole(begun: bytes) -> bool:
    """Whether nothing is missing for an answer: all of the request is here, or enough to refuse it."""
    head, end, body = begun.partition(_END)
    if not end:
        return len(begun) > MAX_HEADER
    length = _LENGTH.search(head)
    return length is None or int(length[1]) > _most(head) or len(body) >= int(length[1])


def is_upload(begun: bytes) -> bool:
    """Whether more is announced than any form of ours has, where that may be."""
    length = _LENGTH.search(begun.partition(_END)[0])
    return length is not None and MAX_BODY < int(length[1]) <= _most(begun.partition(_END)[0])


def is_too_long(begun: bytes) -> bool:
    """Whether more is announced than may be: it is refused before it is sent."""
    head = begun.partition(_END)[0]
    length = _LENGTH.search(head)
    return length is not None and int(length[1]) > _most(head)


def _most(head: bytes) -> int:
    return MAX_UPLOAD if _UPLOAD.match(head) else MAX_BODY


def is_endless(begun: bytes) -> bool:
    """Whether the body's length is not told beforehand. No form of a browser is sent so, and a thread would wait."""
    return _CHUNKED.search(begun.partition(_END)[0]) is not None


def refusal(status: bytes) -> bytes:
    """An answer of one line, for what never reaches the app."""
    return _PLAIN % (status, len(status) + 1, b"", status + b"\n")


def redirection(begun: bytes, knows_host: Callable[[str], bool]) -> bytes:
    """The answer to a plain request where only TLS is spoken: the same address with https, if it is one of ours."""
    head = begun.partition(_END)[0]
    host, asked = _HOST.search(head), _GET.match(head)
    if host is None or asked is None or not knows_host(host[1].decode("ascii")):
        text = "Hãy dùng https. / Please use https.\n".encode()
        return _PLAIN % (b"400 Bad Request", len(text), b"", text)
    where = b"Location: https://" + host[1] + asked[1] + b"\r\n"
    return _PLAIN % (b"307 Temporary Redirect", 0, where, b"")
