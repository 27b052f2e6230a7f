"""Whether the X server lives, and which one it is, asked without speaking X: its socket takes a connection or not."""

import re
import socket
import struct

_CREDENTIALS = struct.Struct("3i")  # of SO_PEERCRED, unix(7): pid, uid, gid of who listens there
REMOTE = 0


def alive(name: str) -> bool:
    """Whether a local display such as `:1` or `:1.0` accepts connections; a remote one is taken to live."""
    return server(name) is not None


def server(name: str) -> int | None:
    """The pid of the X server of a local display; None where none answers, REMOTE for one elsewhere."""
    match = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if match is None:
        return REMOTE
    path = f"/tmp/.X11-unix/X{match[1]}"
    for address in (path, f"\0{path}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.5)
            try:
                probe.connect(address)
                told = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            except OSError:
                continue
            return int(_CREDENTIALS.unpack(told)[0])
    return None
