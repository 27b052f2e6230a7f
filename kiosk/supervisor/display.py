"""Whether the X server lives, asked without speaking X: a connection to its socket is taken or refused."""

import re
import socket


def alive(name: str) -> bool:
    """Whether a local display such as `:1` or `:1.0` accepts connections; a remote one is taken to live."""
    match = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if match is None:
        return True
    path = f"/tmp/.X11-unix/X{match[1]}"
    for address in (path, f"\0{path}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.5)
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
