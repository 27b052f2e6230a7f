"""Programs that have an X server do something when they are gone: `python -c THIS NAME MARK`, as programs of a session.

Each prints `up` when all is asked for, and stays until it is ended.
"""

import sys
import time
from collections.abc import Callable, Iterator

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import xinput
from Xlib.protocol import rq
from Xlib.xobject.drawable import Window

COLOUR = 0xFF00FF
NAMES, LONG = 6000, 60_000  # 360 megabytes
PICTURES, CORNER = 100, 60


class _SaveSet(rq.Request):  # type: ignore[misc]
    """XFixesChangeSaveSet: 0, 1, 0: insert; to the root window and mapped, when we are gone."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(1), rq.RequestLength(), rq.Card8("mode"), rq.Card8("target"), rq.Card8("map"),
        rq.Pad(1), rq.Card32("window"),
    )  # fmt: skip


class _Present(rq.Request):  # type: ignore[misc]
    """PresentPixmap: show it at a later picture of the monitor, counted from the first."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(1), rq.RequestLength(), rq.Card32("window"), rq.Card32("pixmap"),
        *(rq.Card32(name) for name in ("serial", "valid", "update", "place", "crtc", "wait", "idle", "options")),
        rq.Pad(4), rq.Card32("at"), *(rq.Card32(f"rest{number}") for number in range(5)),
    )  # fmt: skip


def overlay(display: Display) -> Window:
    """The Composite overlay."""
    display.composite_query_version()
    found: Window = display.screen().root.composite_get_overlay_window().overlay_window
    return found


def below(window: Window) -> Iterator[Window]:
    """All windows in it."""
    for one in window.query_tree().children:
        yield one
        yield from below(one)


def takes_the_cover_along(display: Display, mark: str) -> None:
    """Whatever stands in the overlay is to stand in the root window when this is ended."""
    display.xfixes_query_version()
    opcode = display.display.get_extension_major("XFIXES")
    for window in below(overlay(display)):
        _SaveSet(display=display.display, opcode=opcode, mode=0, target=1, map=0, window=window.id)


def paints_when_it_is_gone(display: Display, mark: str) -> None:
    """A hundred large pictures on the root window, one a second, from the next minute on."""
    _paint_later(display, PICTURES, 1000, 60.0, 1.0)


def paints_for_the_next_one(display: Display, mark: str) -> None:
    """Small ones in its lower right corner, five a second for some minutes, for whoever comes then."""
    _paint_later(display, 5 * 180, CORNER, 0.5, 0.2)


def _paint_later(display: Display, pictures: int, side: int, first: float, every: float) -> None:
    opcode = display.query_extension("Present").major_opcode
    screen = display.screen()
    x, y = max(0, screen.width_in_pixels - side), max(0, screen.height_in_pixels - side)
    rest = {f"rest{number}": 0 for number in range(5)}
    zero = dict.fromkeys(("valid", "update", "crtc", "wait", "idle", "options"), 0)
    picture = None
    for number in range(pictures):
        if picture is None or side > CORNER:
            picture = screen.root.create_pixmap(side, side, screen.root_depth)
            picture.fill_rectangle(picture.create_gc(foreground=COLOUR), 0, 0, side, side)
        at = round(60 * (time.monotonic() + first + every * number))
        _Present(
            display=display.display, opcode=opcode, window=screen.root.id, pixmap=picture.id, serial=number, at=at,
            place=x | y << 16, **zero, **rest,
        )  # fmt: skip


def tells_the_server_names(display: Display, mark: str) -> None:
    """A name is kept as long as the server lives, and may be as long as a letter to somebody."""
    for number in range(NAMES):
        display.intern_atom(f"{mark} {number} ".ljust(LONG, "a"))


def grabs_each_device(display: Display, mark: str) -> None:
    """Every keyboard and mouse by itself, and what they are attached to, asked to be kept for ever."""
    display.xinput_query_version()
    mine = display.screen().root.create_window(0, 0, 9, 9, 0, X.CopyFromParent, override_redirect=True)
    mine.map()
    display.sync()
    for device in display.xinput_query_device(xinput.AllDevices).devices:
        mask = xinput.KeyPressMask | xinput.ButtonPressMask
        mine.xinput_grab_device(device.deviceid, X.CurrentTime, X.GrabModeAsync, X.GrabModeAsync, False, mask)
    display.set_close_down_mode(X.RetainPermanent)


def writes_what_tk_reads(display: Display, mark: str) -> None:
    """Tcl, which runs in whatever Tk starts after this; MARK is where it leaves its mark."""
    text = f"*Canvas.yScrollCommand: exec touch {mark} ;#\n"
    display.screen().root.change_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 8, text.encode())


ATTACKS: dict[str, Callable[[Display, str], None]] = {
    made.__name__: made
    for made in (
        takes_the_cover_along, paints_when_it_is_gone, paints_for_the_next_one, tells_the_server_names,
        grabs_each_device, writes_what_tk_reads,
    )
}  # fmt: skip


if __name__ == "__main__":
    here = Display()
    here.set_error_handler(lambda *_error: None)
    ATTACKS[sys.argv[1]](here, sys.argv[2])
    here.sync()
    print("up", flush=True)
    time.sleep(900)
