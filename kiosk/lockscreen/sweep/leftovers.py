"""What a session leaves on the X server: windows that outlive their program (RetainPermanent), and what it changed.

The next citizen would find the windows on the desktop, and what looks like our own question could be theirs. Run after
every session, as `python -m kiosk.lockscreen sweep`: a process of its own, which needs what the lock does not load.
Before the first session, as `... first`, it remembers how the server stood (display_memory.py).
"""

import sys
from typing import TYPE_CHECKING

from kiosk.settings import Paths, home_dir

if TYPE_CHECKING:
    from Xlib.display import Display

STUCK = 2


def sweep(first: bool = False) -> int:
    """End what is left and put back what was changed; 0, or 1 when not all of it could be.

    STUCK: the X server keeps what no other client can take from it.
    """
    try:
        from Xlib import display, error

        from kiosk.lockscreen.sweep import display_memory, orphans
    except ImportError:
        print("python-xlib is missing: what a session changed on the display stays", file=sys.stderr)
        return 1
    try:
        server = display.Display()
        display_memory.hear_errors(server)
        forgotten = orphans.end(server)
        done = _put_back(server, first)
        grown = display_memory.has_grown(server, display_memory.load(Paths(home_dir()).display_memory))
        stuck = grown or (not forgotten and orphans.known(server))
        return STUCK if stuck else int(not done or not forgotten)
    except (error.DisplayError, error.ConnectionClosedError, OSError) as trouble:
        print(f"display not swept: {type(trouble).__name__}", file=sys.stderr)
        return 1


def _put_back(server: "Display", first: bool) -> bool:
    """Restore what is remembered; the first time of an X server, remember it. True when nothing stayed changed."""
    from kiosk.lockscreen.sweep import display_memory

    path = Paths(home_dir()).display_memory
    kept = display_memory.load(path)
    if first and (kept is None or kept["server"] != display_memory.server_of(server)):
        display_memory.save(path, display_memory.remember(server))
        return True
    if kept is None:
        print("display not swept: nothing is remembered of it", file=sys.stderr)
        return False
    left = display_memory.restore(server, kept)
    for name in left:
        print(f"display not put back: {name}", file=sys.stderr)
    return not left
