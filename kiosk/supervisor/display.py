"""Whether the X server lives and answers, and which one it is, asked with no library of X; and how it is ended."""

import os
import re
import select
import signal
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress

_CREDENTIALS = struct.Struct("3i")  # of SO_PEERCRED, unix(7): pid, uid, gid of who listens there
REMOTE = 0
# The first words of a client (X11 protocol, Connection Setup): least significant byte first, 11.0, without a cookie.
# Any answer will do, a refusal too.
_HELLO = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
# Set by kiosk.service: another X server comes where one ends. It is nobody's desktop, and may be ended.
RETURNS = "KIOSK_DISPLAY_RETURNS"


def alive(name: str) -> bool:
    """Whether a local display such as `:1` or `:1.0` accepts connections; a remote one is taken to live."""
    return server(name) is not None


def server(name: str) -> int | None:
    """The pid of the X server of a local display; None where none answers, REMOTE for one elsewhere."""
    if _number(name) is None:
        return REMOTE
    if (line := _connected(name)) is None:
        return None
    with line:
        return _listener(line)


def answers(name: str, within: float) -> bool:
    """Whether the server says a word within so many seconds: one that works for a client hears no other meanwhile."""
    if _number(name) is None:
        return True
    if (line := _connected(name)) is None:
        return False
    with line:
        line.settimeout(within)
        try:
            line.sendall(_HELLO)
            return bool(line.recv(1))
        except OSError:
            return False


def renew(name: str, environ: Mapping[str, str]) -> bool:
    """End the X server for another one to come; False where none would, and then it is left alone."""
    if environ.get(RETURNS) != "1" or _number(name) is None or (line := _connected(name)) is None:
        return False
    with line:
        try:
            held = os.pidfd_open(_listener(line))
        except ProcessLookupError:
            return True
        gone = select.poll()
        gone.register(line, select.POLLHUP)
        # A number can be somebody else's by now; as long as the line stands, it is not.
        with suppress(ProcessLookupError):
            if not gone.poll(0):
                signal.pidfd_send_signal(held, signal.SIGKILL)
        os.close(held)
    return True


def _listener(line: socket.socket) -> int:
    told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[0])


def _number(name: str) -> str | None:
    match = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    return match[1] if match else None


def _connected(name: str) -> socket.socket | None:
    path = f"/tmp/.X11-unix/X{_number(name)}"
    for address in (path, f"\0{path}"):
        probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        probe.settimeout(0.5)
        try:
            probe.connect(address)
        except OSError:
            probe.close()
            continue
        return probe
    return None
