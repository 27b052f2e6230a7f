"""A program's window to the front again: who touches its tile a second time wants to see it, not to start another.

Run as `python -m kiosk.lockscreen raise PID`: a process of its own, like the sweep. The program itself may long have
handed over to another process; all that it started are in the kernel session that the supervisor made for it.
"""

import os
import sys

CURRENT_TIME = 0
BY_A_PAGER = 2  # EWMH, _NET_ACTIVE_WINDOW: asked for by somebody whom the window manager should obey


def show_again(leader: int) -> int:
    """Activate the topmost window of the kernel session `leader`; 0, or 1 where there is none."""
    try:
        from Xlib import X, display, error
        from Xlib.protocol.event import ClientMessage
    except ImportError:
        print("python-xlib is missing: a program's window cannot be shown again", file=sys.stderr)
        return 1
    try:
        server = display.Display()
        root = server.screen().root
        stacked = root.get_full_property(server.get_atom("_NET_CLIENT_LIST_STACKING"), X.AnyPropertyType)
        for number in reversed(stacked.value if stacked else ()):
            window = server.create_resource_object("window", number)
            pid = window.get_full_property(server.get_atom("_NET_WM_PID"), X.AnyPropertyType)
            if pid is None or not _started_by(int(pid.value[0]), leader):
                continue
            asked = ClientMessage(
                window=window,
                client_type=server.get_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [BY_A_PAGER, CURRENT_TIME, 0, 0, 0]),
            )
            root.send_event(asked, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            server.sync()
            return 0
    except (error.DisplayError, error.XError, error.ConnectionClosedError, OSError) as trouble:
        print(f"no window shown again: {type(trouble).__name__}", file=sys.stderr)
    return 1


def _started_by(pid: int, leader: int) -> bool:
    try:
        return os.getsid(pid) == leader
    except OSError:
        return False
