"""Eyes on an X server that a hostile program has in hand."""

import os
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadAccess, BadWindow, CatchError
from Xlib.xobject.drawable import Window

from tests import hostile_screen
from tests.hostile_ground import Ground
from tests.watching import Eye

MOMENT = 0.4  # seconds in which a server or a window manager does what it is asked for
PICTURES = 150_000_000  # bytes


@contextmanager
def opened(name: str) -> Iterator[Display]:
    """A client of our own."""
    display = Display(name)
    try:
        yield display
    finally:
        display.close()


@contextmanager
def window_of(name: str, x: int, y: int, colour: int) -> Iterator[Window]:
    """A window of ours that asks no window manager, for a while."""
    with opened(name) as display:
        made: Window = display.screen().root.create_window(
            x, y, 100, 60, 0, X.CopyFromParent, background_pixel=colour, override_redirect=True
        )
        made.map()
        display.sync()
        yield made


def _shows(ground: Ground) -> bool:
    with Eye(ground.display) as eye:
        return eye.shows(hostile_screen.COLOUR)


def _swallowed(ground: Ground) -> bool:
    """Whether a plain window that somebody maps is not seen, wherever a window manager may put it."""
    colour = 0x123456
    with opened(ground.display) as display, Eye(ground.display) as eye:
        made = display.screen().root.create_window(
            200, 100, 600, 500, 0, X.CopyFromParent, background_pixel=colour
        )  # fmt: skip
        made.map()
        display.sync()
        until = time.monotonic() + MOMENT
        while time.monotonic() < until:
            if eye.shows(colour):
                return False
            time.sleep(0.02)
    return True


def _pressed(ground: Ground) -> bool:
    with opened(ground.display) as display:
        return any(display.query_keymap()) and display.screen().root.query_pointer().root_y < 60


def _redirected(ground: Ground) -> bool:
    """Whether the place in the overlay is taken: of two clients the second is refused what the first has."""
    with opened(ground.display) as display:
        display.composite_query_version()
        refused = CatchError(BadAccess)
        hostile_screen.overlay(display).composite_redirect_subwindows(1, onerror=refused)
        display.sync()
        return refused.get_error() is not None


def _pictures(ground: Ground) -> bool:
    """Whether one client has the server hold as many pictures."""
    with opened(ground.display) as display:
        display.res_query_version(1, 2)
        clients = [client.resource_base for client in display.res_query_clients().clients]
        held = [display.res_query_client_pixmap_bytes(client) for client in clients]
    return max(one.bytes + (one.bytes_overflow << 32) for one in held) >= PICTURES


def _works(ground: Ground) -> bool:
    """Whether the server works without pause, as far as it is given the processor; one that is left alone rests."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"/tmp/.X11-unix/X{ground.display.removeprefix(':')}")
        (pid, _uid, _gid) = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    before = _worked(pid)
    time.sleep(MOMENT)
    return _worked(pid) - before >= MOMENT / 5


def _worked(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _turned_away(ground: Ground) -> bool:
    """Whether a program that comes now gets no answer, or no place."""
    env = {**os.environ, "DISPLAY": ground.display}
    try:
        done = subprocess.run(["xset", "q"], env=env, capture_output=True, timeout=2 * MOMENT, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _thrown_out(ground: Ground) -> bool:
    """Whether somebody's window goes."""
    try:
        with window_of(ground.display, 300, 300, 0x123456) as made:
            time.sleep(MOMENT)
            made.get_attributes()
    except BadWindow:
        return True
    return False


SEEN: dict[str, Callable[[Ground], bool]] = {
    "shows_a_false_start_screen": _shows,
    "presses_keys_and_buttons": _pressed,
    "hides_all_windows": _swallowed,
    "hides_all_windows_without_a_name": _swallowed,
    "catches_what_is_mapped": _swallowed,
    "manages_the_windows_instead": _swallowed,
    "hides_what_is_in_the_overlay": _redirected,
    "eats_the_servers_memory": _pictures,
    "keeps_the_server_busy": _works,
    **dict.fromkeys(("hold_server", "all_clients"), _turned_away),
    "destroyed_windows": _thrown_out,
}
