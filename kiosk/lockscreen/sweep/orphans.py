"""Clients of the X server whose program is gone, and that asked to be outlived by what they left (RetainPermanent).

The server forgets one only when it is told a resource of it by name. A client can have nothing that has one, and yet
keep the windows of others off the screen (Composite): then only another X server is rid of it.
"""

import time
from typing import TYPE_CHECKING, Any

from Xlib import error
from Xlib.ext import res

if TYPE_CHECKING:
    from Xlib.display import Display

LOOKS, EVERY = 60, 0.03  # a client that has just died is let go by the server itself, a moment later
MOST_NAMES = 20


def end(server: "Display") -> bool:
    """Have the X server forget them; False where it cannot, or where it cannot tell which they are."""
    if not known(server):
        return False
    for _look in range(LOOKS):
        left = dead(server)
        if not left:
            return True
        for client in left:
            for name in (client, *_names(server, client)):
                server.create_resource_object("window", name).kill_client(onerror=error.CatchError())
        server.sync()
        time.sleep(EVERY)
    return not dead(server)


def known(server: "Display") -> bool:
    """Whether the server tells whose its clients are."""
    return bool(server.has_extension("X-Resource"))


def dead(server: "Display") -> list[int]:
    """Clients whose process is gone, by their first name."""
    server.res_query_version(1, 2)
    answer = server.res_query_client_ids([{"client": 0, "mask": res.LocalClientPIDMask}])
    known = [client for client in answer.ids if client.spec["client"] and client.value]
    return [client.spec["client"] for client in known if not _lives(client.value[0])]


def _names(server: "Display", client: int) -> list[int]:
    """Some resources of a client; those that the server made for it by itself are no names to it."""
    mask = server.display.info.resource_id_mask
    try:
        sizes: list[Any] = server.res_query_resource_bytes(client, [{"resource": 0, "type": 0}]).sizes
    except error.XError:
        return []
    found = [int(one["size"]["resource"]) for one in sizes]
    return [name for name in found if name & ~mask == client & ~mask][:MOST_NAMES]


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False
