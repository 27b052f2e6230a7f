"""The little of IPP (RFC 8010, 8011) that printing needs, over CUPS's unix socket: exact states instead of words.

The output of lp and lpstat changes with language and release, and says of a job neither its state nor why a printer
stands. Who asks is proved by the kernel (PeerCred), so that no password exists.
"""

import http.client
import os
import pwd
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

# How long one answer of CUPS may take, in seconds. Whoever calls must be able to wait that long.
PATIENCE = 8.0
LONGEST_ANSWER = 4 << 20

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x0002, 0x0008, 0x0009, 0x000A, 0x000B
VALIDATE_JOB = 0x0004
GET_DEFAULT, GET_PRINTERS, ADD_MODIFY_PRINTER = 0x4001, 0x4002, 0x4003

_OPERATION, _JOB, _END, _PRINTER = 0x01, 0x02, 0x03, 0x04
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_TAGS = {"requesting-user-name": 0x42, "job-name": 0x42, "printer-uri": 0x45, "job-uri": 0x45}
_TAGS |= {"document-format": 0x49, "requesting-user-name-denied": 0x42, "printer-op-policy": 0x42}
_KEYWORD = 0x44

Attributes = dict[str, list[Any]]


class IppError(OSError):
    """CUPS cannot be reached, or refused. `status` is IPP's own number, 0 where no answer came."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status
        self.strerror = words


@dataclass
class Answer:
    """A parsed answer: its status, and one dictionary for each job or printer in it."""

    status: int
    groups: list[Attributes] = field(default_factory=list)


def encode(operation: int, attributes: Mapping[str, Any], job: Mapping[str, Any], printer: Mapping[str, Any]) -> bytes:
    """A request, up to where a document would follow."""
    words = {"attributes-charset": "utf-8", "attributes-natural-language": "en"}
    body = struct.pack(">BBHI", 2, 0, operation, 1) + bytes([_OPERATION])
    body += _attribute(0x47, "attributes-charset", words["attributes-charset"])
    body += _attribute(0x48, "attributes-natural-language", words["attributes-natural-language"])
    for name, value in attributes.items():
        body += _attributes(name, value)
    for tag, group in ((_JOB, job), (_PRINTER, printer)):
        if group:
            body += bytes([tag]) + b"".join(_attributes(name, value) for name, value in group.items())
    return body + bytes([_END])


def _attributes(name: str, value: Any) -> bytes:
    values = value if isinstance(value, list) else [value]
    # A further value of the same attribute has no name.
    return b"".join(_attribute(_tag(name, one), "" if place else name, one) for place, one in enumerate(values))


def _tag(name: str, value: Any) -> int:
    if isinstance(value, bool):
        return _BOOLEAN
    return _INTEGER if isinstance(value, int) else _TAGS.get(name, _KEYWORD)


def _attribute(tag: int, name: str, value: Any) -> bytes:
    if tag == _BOOLEAN:
        raw = bytes([value])
    elif tag == _INTEGER:
        raw = struct.pack(">i", value)
    else:
        raw = str(value).encode()
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(raw)) + raw


def decode(data: bytes) -> Answer:
    """A parsed answer; IppError when it is none."""
    try:
        return _decode(data)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise IppError("CUPS answered something that is not IPP") from None


def _decode(data: bytes) -> Answer:
    answer = Answer(struct.unpack_from(">H", data, 2)[0])
    at, name, group = 8, "", Attributes()
    while data[at] != _END:
        tag = data[at]
        at += 1
        if tag < 0x10:
            group = Attributes()
            if tag != _OPERATION:
                answer.groups.append(group)
            continue
        (length,) = struct.unpack_from(">H", data, at)
        name = data[at + 2 : at + 2 + length].decode() or name
        at += 2 + length
        (length,) = struct.unpack_from(">H", data, at)
        raw = data[at + 2 : at + 2 + length]
        at += 2 + length
        group.setdefault(name, []).append(_value(tag, raw))
    return answer


def _value(tag: int, raw: bytes) -> Any:
    if tag in (_INTEGER, _ENUM):
        return struct.unpack(">i", raw)[0]
    if tag == _BOOLEAN:
        return bool(raw[0])
    return raw.decode("utf-8", "replace")


class _Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


class Cups:
    """CUPS behind the socket at `path`. Every method raises IppError, after PATIENCE at the latest."""

    def __init__(self, path: str) -> None:
        self.path = path

    def ask(
        self,
        operation: int,
        where: str = "",
        *,
        job: Mapping[str, Any] | None = None,
        printer: Mapping[str, Any] | None = None,
        document: BinaryIO | None = None,
        resource: str = "/",
        **attributes: Any,
    ) -> Answer:
        """One request. `where` is a queue; names of attributes are written with _ for -."""
        uri = {"printer-uri": f"ipp://localhost/printers/{where}" if where else "ipp://localhost/"}
        mine = {"requesting-user-name": pwd.getpwuid(os.geteuid()).pw_name}
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        head = encode(operation, {**uri, **mine, **named}, job or {}, printer or {})
        answer = decode(self._post(resource, head, document, mine["requesting-user-name"]))
        if answer.status >= 0x0400:
            raise IppError(f"CUPS refused operation {operation:#06x}: {answer.status:#06x}", answer.status)
        return answer

    def _post(self, resource: str, head: bytes, document: BinaryIO | None, user: str) -> bytes:
        size = len(head) + (os.fstat(document.fileno()).st_size if document else 0)
        connection = _Connection(self.path)
        try:
            connection.putrequest("POST", resource)
            connection.putheader("Content-Type", "application/ipp")
            connection.putheader("Content-Length", str(size))
            connection.putheader("Authorization", f"PeerCred {user}")
            connection.endheaders(head)
            if document:
                while part := document.read(65_536):
                    connection.send(part)
            reply = connection.getresponse()
            data = reply.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise IppError(str(error) or type(error).__name__) from None
        finally:
            connection.close()
        if reply.status != 200:
            raise IppError(f"CUPS answered {reply.status}", reply.status)
        return data
