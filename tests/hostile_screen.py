"""Programs that watch, imitate or hide what is on the screen: `python -c THIS NAME MARK`, as a program of a session.

Each prints `up` when it does what it is for, and stays until it is ended. Whoever listens prints `caught …` too.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import CatchError
from Xlib.ext import record, xinput, xtest
from Xlib.protocol import event, rq
from Xlib.xobject.drawable import Window

COLOUR, GROUND = 0xFF00FF, 0x073630
KEPT: list[object] = []


def up() -> None:
    """From here on it stands."""
    print("up", flush=True)


def whole(display: Display, parent: Window, colour: int, mark: str) -> Window:
    """A window over the whole screen that asks no window manager."""
    size = display.screen()
    made: Window = parent.create_window(
        0, 0, size.width_in_pixels, size.height_in_pixels, 0, X.CopyFromParent, background_pixel=colour,
        override_redirect=True, event_mask=X.KeyPressMask | X.ButtonPressMask,
    )  # fmt: skip
    made.change_property(Xatom.WM_NAME, Xatom.STRING, 8, mark.encode())
    return made


def overlay(display: Display) -> Window:
    """The Composite overlay."""
    display.composite_query_version()
    found: Window = display.screen().root.composite_get_overlay_window().overlay_window
    return found


def each(display: Display, do: Callable[[Window], object]) -> None:
    """For every window that is not ours, in the root and in the overlay; and for the overlay itself."""
    above = overlay(display)
    for place in (display.screen().root, above):
        for one in [*place.query_tree().children, above]:
            if one.id & ~display.display.info.resource_id_mask != display.display.info.resource_id_base:
                do(one)


def for_ever(display: Display, do: Callable[[], object], pause: float = 0.002) -> None:
    """Do it, say so, do it again and again."""
    do()
    display.sync()
    up()
    while True:
        do()
        display.sync()
        while display.pending_events():
            display.next_event()
        time.sleep(pause)


def shows_a_false_start_screen(display: Display, mark: str) -> None:
    """What looks like START and asks for a PIN, in three processes that each put it up again."""
    for _copy in range(2):
        if os.fork() == 0:
            os.setsid()
            display = Display()
            break
    false = whole(display, display.screen().root, GROUND, mark)
    button = false.create_window(200, 200, 500, 300, 4, X.CopyFromParent, background_pixel=COLOUR)

    def again() -> None:
        false.map(onerror=CatchError())
        button.map(onerror=CatchError())
        false.raise_window(onerror=CatchError())
        false.set_input_focus(X.RevertToParent, X.CurrentTime, onerror=CatchError())

    for_ever(display, again)


def logs_keys_by_record(display: Display, mark: str) -> None:
    """By the RECORD extension, as a recorder of tests does."""
    asking = Display()
    ranges = {
        "core_requests": (0, 0), "core_replies": (0, 0), "ext_requests": (0, 0, 0, 0), "ext_replies": (0, 0, 0, 0),
        "delivered_events": (0, 0), "device_events": (X.KeyPress, X.KeyRelease), "errors": (0, 0),
        "client_started": False, "client_died": False,
    }  # fmt: skip
    context = asking.record_create_context(0, [record.AllClients], [ranges])

    def hear(reply: rq.Event) -> None:
        data = reply.data
        while len(data):
            one, data = rq.EventField(None).parse_binary_value(data, asking.display, None, None)
            print("caught", one.detail, flush=True)

    up()
    asking.record_enable_context(context, hear)


def logs_keys_by_raw_events(display: Display, mark: str) -> None:
    """By XInput 2, which tells every client of every key."""
    display.xinput_query_version()
    display.screen().root.xinput_select_events([(xinput.AllMasterDevices, xinput.RawKeyPressMask)])
    display.sync()
    up()
    while True:
        told = display.next_event()
        print("caught", told.type, flush=True)


def logs_keys_by_asking(display: Display, mark: str) -> None:
    """By asking without pause which keys are down, and what is shown in the middle of the screen."""
    root, before = display.screen().root, [0] * 32
    up()
    while True:
        now = list(display.query_keymap())
        if any(new & ~old for new, old in zip(now, before, strict=True)):
            print("caught", [place for place, bits in enumerate(now) if bits], flush=True)
        before = now
        root.get_image(0, 300, 400, 1, X.ZPixmap, 0xFFFFFFFF)
        time.sleep(0.001)


def records_the_screen(display: Display, mark: str) -> None:
    """One line of it after another, and how it begins is told as soon as something is new."""
    root, seen = display.screen().root, b""
    up()
    while True:
        now = root.get_image(0, 300, 600, 2, X.ZPixmap, 0xFFFFFFFF).data
        if now != seen:
            seen = now
            print("caught", now[:3].hex(), flush=True)
        time.sleep(0.005)


def presses_keys_and_buttons(display: Display, mark: str) -> None:
    """Whatever stands on the bar and under it, pressed without pause, and keys that are never let go."""
    width, place = display.screen().width_in_pixels, 0

    def again() -> None:
        nonlocal place
        place = (place + 37) % width
        xtest.fake_input(display, X.MotionNotify, x=place, y=20 + place % 9)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(display, kind, 1 + place % 5)
        xtest.fake_input(display, X.KeyPress, 8 + place % 90)

    for_ever(display, again)


def takes_what_is_copied(display: Display, mark: str) -> None:
    """Owns the clipboard and the selection, takes them back whenever they are lost, and hands out its own text."""
    mine = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    held = (display.get_atom("CLIPBOARD"), Xatom.PRIMARY)

    def take() -> None:
        for one in held:
            mine.set_selection_owner(one, X.CurrentTime)

    take()
    display.sync()
    display.set_close_down_mode(X.RetainPermanent)
    up()
    while True:
        told = display.next_event()
        if told.type == X.SelectionClear:
            take()
        elif told.type == X.SelectionRequest:
            told.requestor.change_property(told.property, Xatom.STRING, 8, mark.encode())
            answer = event.SelectionNotify(
                time=told.time, requestor=told.requestor, selection=told.selection, target=told.target,
                property=told.property,
            )  # fmt: skip
            told.requestor.send_event(answer)


def hides_all_windows(display: Display, mark: str) -> None:
    """Windows are drawn aside and nobody lays them on the screen: asked for, and kept when its program is gone."""
    KEPT.append(display.screen().root.create_gc())
    hides_all_windows_without_a_name(display, mark)


def hides_all_windows_without_a_name(display: Display, mark: str) -> None:
    """The same by a client that has nothing else, by which the X server could be told to forget it."""
    display.composite_query_version()
    display.screen().root.composite_redirect_subwindows(1, onerror=CatchError())
    display.set_close_down_mode(X.RetainPermanent)
    for_ever(display, lambda: None, 1.0)


def hides_what_is_in_the_overlay(display: Display, mark: str) -> None:
    """The same where the lock's own windows stand."""
    KEPT.append(display.screen().root.create_gc())
    overlay(display).composite_redirect_subwindows(1, onerror=CatchError())
    display.set_close_down_mode(X.RetainPermanent)
    for_ever(display, lambda: None, 1.0)


def end_window_managers() -> None:
    """Every openbox that may be killed."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/comm", encoding="ascii") as told:
            if told.read().strip() == "openbox":
                os.kill(int(name), signal.SIGKILL)


def catches_what_is_mapped(display: Display, mark: str) -> None:
    """The window manager's place is taken, every window made to ask there before it is seen, and each is refused."""
    places = (display.screen().root, overlay(display))
    end_window_managers()

    def again() -> None:
        for place in places:
            place.change_attributes(event_mask=X.SubstructureRedirectMask, onerror=CatchError())
        each(display, lambda one: one.change_attributes(override_redirect=False, onerror=CatchError()))

    for_ever(display, again)


def manages_the_windows_instead(display: Display, mark: str) -> None:
    """Kills the window manager again and again, takes its place, and unmaps whatever comes."""
    root = display.screen().root

    def again() -> None:
        end_window_managers()
        root.change_attributes(event_mask=X.SubstructureRedirectMask, onerror=CatchError())
        each(display, lambda one: one.unmap(onerror=CatchError()))

    for_ever(display, again, 0.01)


ATTACKS: dict[str, Callable[[Display, str], None]] = {
    made.__name__: made
    for made in (
        shows_a_false_start_screen, logs_keys_by_record, logs_keys_by_raw_events, logs_keys_by_asking,
        records_the_screen, presses_keys_and_buttons, takes_what_is_copied, hides_all_windows,
        hides_all_windows_without_a_name,
        hides_what_is_in_the_overlay, catches_what_is_mapped, manages_the_windows_instead,
    )
}  # fmt: skip


if __name__ == "__main__":
    here = Display()
    here.set_error_handler(lambda *_error: None)
    ATTACKS[sys.argv[1]](here, sys.argv[2])
