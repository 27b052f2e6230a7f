"""Windows that outlive their program: a client may ask the X server to keep its windows when it dies (RetainPermanent).

The next citizen would find them on the desktop, and what looks like our own question could be theirs. Run after every
session, as `python -m kiosk.lockscreen sweep`: a process of its own, which needs what the lock does not load.
"""

import sys


def sweep() -> int:
    """Have the X server forget every client whose process is gone; 0, or 1 when that could not be asked for."""
    try:
        from Xlib import display, error
        from Xlib.ext import res
    except ImportError:
        print("python-xlib is missing: windows that outlive their program stay", file=sys.stderr)
        return 1
    try:
        server = display.Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError):
        return 1
    try:
        if not server.has_extension("X-Resource"):
            return 1
        server.res_query_version(1, 2)
        answer = server.res_query_client_ids([{"client": 0, "mask": res.LocalClientPIDMask}])
        for client in answer.ids:
            if client.spec["client"] and client.value and not _lives(client.value[0]):
                server.create_resource_object("window", client.spec["client"]).kill_client(onerror=error.CatchError())
        server.sync()
    except (error.ConnectionClosedError, OSError):
        return 1
    return 0


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False
