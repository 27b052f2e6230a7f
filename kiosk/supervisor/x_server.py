"""What the unit of the X server does beside it: a fresh cookie before, and a wait until it takes connections after.

`python -m kiosk.supervisor.x_server cookie FILE :0`, `… wait :0`. Standard library only, as all that root runs here.
"""

import os
import socket
import struct
import sys
import time
from pathlib import Path

from kiosk.supervisor import display

WITHIN = 30.0
# Families of Xauthority: any display at all, for libX11 under whatever name this PC has; and this PC's own display, for
# python-xlib, which knows no other.
_ANY, _LOCAL, _NAME = 0xFFFF, 256, b"MIT-MAGIC-COOKIE-1"


def write_cookie(path: Path, name: str) -> None:
    """An Xauthority file with a new random cookie, that only root reads; the last one opens nothing any more."""
    entries, cookie = b"", os.urandom(16)
    number = name.lstrip(":").partition(".")[0].encode()
    for family, address, display_number in ((_ANY, b"", b""), (_LOCAL, socket.gethostname().encode(), number)):
        entries += struct.pack(">H", family)
        for part in (address, display_number, _NAME, cookie):
            entries += struct.pack(">H", len(part)) + part
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(entries)
    aside.replace(path)


def wait_for(name: str, seconds: float = WITHIN) -> bool:
    """Until the server takes connections; False when it did not in time."""
    until = time.monotonic() + seconds
    while not display.alive(name):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def main() -> int:
    """One of the two."""
    match sys.argv[1:]:
        case ["cookie", path, name]:
            write_cookie(Path(path), name)
            return 0
        case ["wait", name]:
            return 0 if wait_for(name) else 1
    print("x_server cookie FILE DISPLAY | x_server wait DISPLAY", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
