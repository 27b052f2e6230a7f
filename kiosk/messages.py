"""What the processes say to each other: one JSON object a line over a unix socket, `verb` first.

A role may say only the verbs listed for it here, each with exactly the fields listed; the service refuses the rest.
`state` is what the service pushes to the screens, on every change; `same`, once a second, says that the last one holds.
"""

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from typing import Any

MAX_LINE = 65_536
LARGEST = 2**40

# States of the `state` message in which the desktop is open to whoever sits there: a session, or a class.
LIVE = ("open", "class")

Message = dict[str, Any]

# role -> verb -> field -> type. A field whose name ends in "?" may be left out.
VERBS: Mapping[str, Mapping[str, Mapping[str, type | tuple[type, ...]]]] = {
    "supervisor": {
        "peer": {"role": str, "pid": int, "uid": int, "fresh?": bool},
        "gone": {"role": str, "pid": int},
        "opened": {"session": str},
        "left": {"session": str},
        "ended": {"session": str, "clean": bool, "detail?": str},
        "sync": {"session": str, "left?": str},
        "isolation": {"level": str, "detail": str, "walls?": dict, "why?": dict},
        "stopping": {},
        "trouble": {"code": str, "detail": str},
        "display": {"up": bool},
        "time_set": {"ok": bool, "detail": str},
        "power_done": {"ok": bool, "detail": str},
        "sticks": {"sticks": list},
        "carry": {"state": str, "place": str, "free_mb": int, "detail": str},
        "home": {"free_mb": (int, float), "full": bool, "files?": int, "unsaved?": int, "closed?": int},
        "said": {"session": str, "number": int, "whole": bool},
        "typing": {"lang": str},
        "print": {"session": str, "waiting": int, "pages": int, "jobs": list, "trouble": str},
    },
    "lock": {
        "covered": {"marker": str, "bar?": int},
        "uncovered": {},
        "begin": {},
        "touch": {},
        "cancel": {},
        "sign_in": {"answers": dict, "prefs?": dict},
        "resume": {"accept": bool},
        "ticket": {"code": str},
        "staff": {"prefs?": dict},
        "staff_pin": {"name": str, "pin": str, "prefs?": dict},
        "ready": {},
        "helped": {},
        "help": {},
    },
    "bar": {
        "extend": {},
        "finish": {},
        "still_here": {},
        "menu": {},
        "help": {},
        "idle": {"seconds": (int, float)},
        "save": {"stick": str},
        "eject": {"stick": str},
        "typing": {"lang": str},
        "hush": {},
        "seen": {"id": str},
        "wish": {"lang?": str, "large?": bool, "contrast?": bool},
    },
    "cli": {
        "status": {"lang?": str},
        "stop": {"lang?": str},
        "export": {"action": str, "day?": str, "to?": str, "lang?": str},
        "enrol": {"action": str, "url?": str, "code?": str, "take_over?": bool, "leave_behind?": bool, "lang?": str},
        "backup": {"to": str, "lang?": str},
        "privacy": {"lang?": str},
        "report": {"period": str, "format": str, "lang": str},
        "journal": {"action": str, "period?": str, "path?": str, "good?": bool, "why?": str, "lang?": str},
        "manager": {"action": str, "name?": str, "pin?": str, "role?": str, "lang?": str},
        "make_ticket": {"minutes?": (int, float), "days?": int, "count?": int, "who?": str, "lang?": str},
        "session": {"action": str, "minutes?": (int, float), "who?": str, "lang?": str},
    },
}

# What the service may tell the supervisor, and nothing more.
ORDERS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "open": {
        "session": str,
        "lang": str,
        "large": bool,
        "contrast": bool,
        "top": int,
        "voice": bool,
        "sticks?": str,
        "paper?": str,
        "pages?": int,
        "web?": str,
    },
    "open_staff": {"session": str, "lang": str, "large": bool, "contrast": bool, "port": int, "token": str},
    "end": {"session": str},
    "retire": {"pid": int},
    "browse": {"session": str},
    "set_time": {"seconds": (int, float)},
    "power": {"action": str},
    "carry": {"action": str},
    "save": {"session": str, "stick": str},
    "eject": {"session": str, "stick": str},
    "write_out": {"session": str},
    "typing": {"session": str, "lang": str},
    "say": {"session": str, "number": int, "parts": list},
    "hush": {"session": str},
    "run": {"session": str, "program": str},
    "print": {"session": str, "action": str, "job?": int},
    "beat": {"store?": bool},
    "stop": {},
}


class Malformed(ValueError):
    """A line that is not one of ours; the text says why, and never repeats what was sent."""


def encode(verb: str, **fields: Any) -> bytes:
    """One message as a line."""
    return json.dumps({"verb": verb, **fields}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    """One line as a message; Malformed when it is not a JSON object with a `verb`."""
    try:
        message = json.loads(line)
        if b"\\u" in line:
            # Half a surrogate pair is JSON and no text: it could be neither sent on nor stored.
            json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if b"\\u0000" in line:
        raise Malformed("not text")  # no name, day or path has a zero byte
    if not isinstance(message, dict) or not isinstance(message.get("verb"), str):
        raise Malformed("not a message")
    return message


def check(message: Message, verbs: Mapping[str, Mapping[str, type | tuple[type, ...]]]) -> Message:
    """The message, if its verb and fields are allowed by `verbs`; else Malformed."""
    fields = verbs.get(message["verb"])
    if fields is None:
        raise Malformed("verb not allowed for this role")
    known = {name.rstrip("?") for name in fields} | {"verb"}
    if not message.keys() <= known:
        raise Malformed("unknown field")
    for name, kind in fields.items():
        value = message.get(name.rstrip("?"))
        if value is None and name.endswith("?"):
            continue
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise Malformed(f"field {name.rstrip('?')} has the wrong type")
        # JSON has no bounds: 1e999 is infinite, NaN is a word, and an int may not fit a float.
        if isinstance(value, (int, float)) and not -LARGEST <= value <= LARGEST:
            raise Malformed(f"field {name.rstrip('?')} is out of range")
    return message


class LineBuffer:
    """Bytes in, whole lines out. Raises Malformed when a line grows past MAX_LINE, so a peer cannot fill memory."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines completed by `data`, without their newline."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MAX_LINE or any(len(line) > MAX_LINE for line in lines):
            self._rest = b""
            raise Malformed("line too long")
        yield from lines


def arrived(connection: socket.socket) -> bytes | None:
    """What has come in on a connection that never waits; None where nothing has, nothing at all at its end."""
    try:
        return connection.recv(MAX_LINE)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def peer_credentials(connection: socket.socket) -> tuple[int, int]:
    """(pid, uid) of the process at the other end, as the kernel saw it when it connected."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _gid = struct.unpack("3i", raw)
    return pid, uid
