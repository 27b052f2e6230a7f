"""Programs that spoil the X server for whoever comes next: `python -c THIS NAME MARK`, as a program of a session.

Each prints `up` when it does what it is for, and stays until it is ended.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import dpms

KEPT: list[object] = []


def for_ever(display: Display, do: Callable[[], object], pause: float = 0.05) -> None:
    """Do it, say so, do it again and again."""
    do()
    display.sync()
    print("up", flush=True)
    while True:
        do()
        display.sync()
        while display.pending_events():
            display.next_event()
        time.sleep(pause)


def run(*words: str) -> None:
    """One of the X server's own tools, where there is such."""
    with contextlib.suppress(OSError):
        subprocess.run(words, check=False, capture_output=True, timeout=20)


def empties_the_keyboard(display: Display, mark: str) -> None:
    """No key means anything, and the mouse's first button is its third."""
    first, last = display.display.info.min_keycode, display.display.info.max_keycode

    def again() -> None:
        display.change_keyboard_mapping(first, [[0, 0]] * (last - first + 1))
        buttons = len(display.get_pointer_mapping())
        display.set_pointer_mapping([3, 2, 1, *range(4, buttons + 1)])

    for_ever(display, again, 0.3)


def locks_keys_and_slows_them(display: Display, mark: str) -> None:
    """Shift and Control locked, keys that must be held for long, no repeats, a pointer that hardly moves."""

    def again() -> None:
        run("xkbset", "slowkeys")
        run("setxkbmap", "-layout", "us,ru", "-option", "grp:shifts_toggle")
        run("xset", "-r", "m", "1/9", "0", "b", "100", "9000", "9000")
        display.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff, bell_percent=100)
        display.change_pointer_control((1, 20), 0)

    for_ever(display, again, 1.0)


def takes_the_colours(display: Display, mark: str) -> None:
    """Every colour is shown as one grey (gamma)."""
    held = display.screen().root.xrandr_get_screen_resources_current()

    def again() -> None:
        for crtc in held.crtcs:
            size = display.xrandr_get_crtc_gamma_size(crtc).size
            display.xrandr_set_crtc_gamma(crtc, size, *[[40_000] * size] * 3)

    for_ever(display, again)


def makes_the_screen_small(display: Display, mark: str) -> None:
    """A mode of its own, as small as a hand, again and again."""
    run("xrandr", "--newmode", mark, "5", "320", "330", "340", "350", "200", "210", "220", "230")
    run("xrandr", "--addmode", "screen", mark)
    for_ever(display, lambda: run("xrandr", "--output", "screen", "--mode", mark), 0.3)


def names_a_monitor_that_is_none(display: Display, mark: str) -> None:
    """A corner of the screen is called the first monitor, so that programs draw there."""
    for_ever(display, lambda: run("xrandr", "--setmonitor", f"*{mark}", "800/200x600/150+500+150", "screen"), 1.0)


def turns_the_screen_off(display: Display, mark: str) -> None:
    """The saver after a second, started without pause; the monitor off as soon as it may be (DPMS)."""
    knows = display.has_extension(dpms.extname)

    def again() -> None:
        display.set_screen_saver(1, 1, X.PreferBlanking, X.AllowExposures)
        display.force_screen_saver(X.ScreenSaverActive)
        if knows:
            display.dpms_enable()
            display.dpms_set_timeouts(1, 1, 1)
            display.dpms_force_level(dpms.DPMSModeOff)

    for_ever(display, again)


def floods_the_root_window(display: Display, mark: str) -> None:
    """A thousand properties, large ones among them, and a cursor that cannot be seen."""
    root = display.screen().root
    for number in range(1000):
        root.change_property(display.intern_atom(f"{mark}{number}"), Xatom.STRING, 8, mark.encode())
    for number in range(20):
        root.change_property(display.intern_atom(f"{mark}{number}"), Xatom.STRING, 8, bytes(250_000))
    dot = root.create_pixmap(1, 1, 1)
    root.change_attributes(cursor=dot.create_cursor(dot, (0, 0, 0), (0, 0, 0), 0, 0))
    for_ever(display, lambda: None, 1.0)


def lets_everybody_in(display: Display, mark: str) -> None:
    """Whoever is on this machine may speak to the X server."""

    def again() -> None:
        run("xhost", "+")
        run("xhost", "+si:localuser:nobody", "+inet:localhost")

    for_ever(display, again, 0.5)


def eats_the_servers_memory(display: Display, mark: str) -> None:
    """Two hundred megabytes of pictures in the X server, which it is asked to keep for ever."""
    root = display.screen().root
    for _picture in range(50):
        made = root.create_pixmap(1000, 1000, root.get_geometry().depth)
        made.fill_rectangle(made.create_gc(), 0, 0, 1000, 1000)
        KEPT.append(made)
    display.set_close_down_mode(X.RetainPermanent)
    for_ever(display, lambda: None, 1.0)


def keeps_the_server_busy(display: Display, mark: str) -> None:
    """Circles with wide dashes, one after the other: all others of the X server wait for each."""
    root = display.screen().root
    canvas = root.create_pixmap(900, 900, root.get_geometry().depth)
    pen = canvas.create_gc(line_width=90, line_style=X.LineOnOffDash, foreground=0xFF00FF)
    arcs = [(9, 9, 700, 700, 0, 360 * 64)]
    for_ever(display, lambda: canvas.poly_arc(pen, arcs), 0.0)


ATTACKS: dict[str, Callable[[Display, str], None]] = {
    made.__name__: made
    for made in (
        empties_the_keyboard, locks_keys_and_slows_them, takes_the_colours, makes_the_screen_small,
        names_a_monitor_that_is_none, turns_the_screen_off, floods_the_root_window, lets_everybody_in,
        eats_the_servers_memory, keeps_the_server_busy,
    )
}  # fmt: skip


if __name__ == "__main__":
    here = Display()
    here.set_error_handler(lambda *_error: None)
    ATTACKS[sys.argv[1]](here, sys.argv[2])
