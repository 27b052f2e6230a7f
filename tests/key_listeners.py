"""Hands that press every combination of the table on a display, and clients of it that write down which they heard.

`python -m tests.key_listeners window|grabs FILE`: a plain window with the focus; or every combination grabbed at the
root window, where it comes to whoever grabbed it and to no window.
"""

import shlex
import sys
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import CatchError
from Xlib.ext import xtest

from tests.key_table import TABLE

MODIFIERS = {
    "ctrl": ("Control_L", X.ControlMask, "C"),
    "alt": ("Alt_L", X.Mod1Mask, "A"),
    "shift": ("Shift_L", X.ShiftMask, "S"),
    "super": ("Super_L", X.Mod4Mask, "W"),
}
MEANT = X.ControlMask | X.Mod1Mask | X.ShiftMask | X.Mod4Mask
XK.load_keysym_group("xf86")


def keycode(display: Display, name: str) -> int:
    """The key of a keysym's name, or an AssertionError where this display's keyboard has none."""
    sym = XK.string_to_keysym(name) or XK.string_to_keysym(name.replace("XF86", "XF86_"))
    found = int(display.keysym_to_keycode(sym)) if sym else 0
    assert found, f"no key {name}"
    return found


def parts(keys: str) -> tuple[list[str], str]:
    """Modifiers, and the key."""
    *held, key = keys.split("+")
    return held, key


class Hands:
    """Presses keys as a keyboard does."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)

    def press(self, keys: str) -> None:
        """Down and up again, the modifiers around it."""
        held, key = parts(keys)
        codes = [keycode(self._display, MODIFIERS[name][0]) for name in held] + [keycode(self._display, key)]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def __enter__(self) -> "Hands":
        return self

    def __exit__(self, *error: object) -> None:
        self._display.close()


def openbox_rc(marks: Path) -> str:
    """A configuration of openbox in which every combination writes its name down."""
    bound = []
    for keys in TABLE:
        held, key = parts(keys)
        word = "-".join([*(MODIFIERS[name][2] for name in held), key])
        command = "sh -c " + shlex.quote(f"echo {keys} >> {shlex.quote(str(marks))}")
        bound.append(
            f"<keybind key={quoteattr(word)}><action name='Execute'><command>{command}</command></action></keybind>"
        )
    head = '<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard>'
    return f"{head}{''.join(bound)}</keyboard></openbox_config>"


def listen(how: str, marks: Path) -> None:
    """Until it is ended."""
    display = Display()
    root = display.screen().root
    names = {}
    for keys in TABLE:
        held, key = parts(keys)
        names[keycode(display, key), sum(MODIFIERS[name][1] for name in held)] = keys
    if how == "grabs":
        for code, mask in names:
            refused = CatchError()
            root.grab_key(code, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
            display.sync()
            assert refused.get_error() is None, names[code, mask]
    else:
        window = root.create_window(50, 50, 300, 200, 0, X.CopyFromParent, event_mask=X.KeyPressMask)
        window.set_wm_name("listener")
        window.map()
        display.sync()
        time.sleep(0.5)
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
    display.sync()
    print("up", flush=True)
    with marks.open("a", encoding="utf-8") as file:
        while True:
            event = display.next_event()
            if event.type == X.KeyPress and (name := names.get((event.detail, event.state & MEANT))):
                print(name, file=file, flush=True)


if __name__ == "__main__":
    listen(sys.argv[1], Path(sys.argv[2]))
