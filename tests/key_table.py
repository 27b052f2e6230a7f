"""The table of key combinations that mean something somewhere: to browsers, desktops, the X server, toolkits, input
methods, keyboards with extra keys. On a locked station none does anything but what the screens themselves answer.

Names are those of X11/keysymdef.h; modifiers stand before them. A sign that needs Shift is named by its key.
"""

from typing import NamedTuple


class Combination(NamedTuple):
    """A combination, what must be pressed before it, and what puts back what it did."""

    keys: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


# What a browser and a file dialog answer in a session.
BROWSER = (
    Combination("alt+Left"),
    Combination("alt+Right"),
    Combination("ctrl+t", after=("ctrl+w",)),
    Combination("ctrl+n", after=("ctrl+w",)),
    Combination("ctrl+shift+n", after=("ctrl+w",)),
    Combination("ctrl+l", after=("Escape", "Escape")),
    Combination("alt+d", after=("Escape", "Escape")),
    Combination("ctrl+o", after=("Escape",)),
    Combination("ctrl+s", after=("Escape",)),
    Combination("ctrl+p", after=("Escape",)),
    Combination("ctrl+h", after=("ctrl+w",)),
    Combination("ctrl+j", after=("ctrl+w",)),
    Combination("ctrl+f", after=("Escape",)),
    Combination("ctrl+shift+equal", after=("ctrl+0",)),
    Combination("ctrl+minus", after=("ctrl+0",)),
    Combination("ctrl+a", after=("ctrl+l", "Escape", "Escape")),
    Combination("F11", after=("F11",)),
    Combination("ctrl+shift+i", after=("ctrl+shift+i",)),
    Combination("F12", after=("F12",)),
    Combination("ctrl+u", after=("ctrl+w",)),
    Combination("ctrl+shift+b", after=("ctrl+shift+b",)),
    Combination("ctrl+shift+o", after=("ctrl+w",)),
    Combination("ctrl+Tab", before=("ctrl+t",), after=("ctrl+2", "ctrl+w")),
    Combination("ctrl+w", before=("ctrl+t",)),
    Combination("ctrl+shift+t", after=("ctrl+w",)),
    Combination("shift+Escape", after=("alt+F4",)),
    Combination("alt+f", after=("Escape",)),
    Combination("shift+F10", after=("Escape",)),
    Combination("super+d", after=("super+d",)),
    Combination("alt+Tab", before=("ctrl+n",), after=("ctrl+w",)),
    Combination("alt+F4", before=("ctrl+n",)),
    Combination("F5"),
)
# Menus, runners, terminals, other desktops, the power.
DESKTOPS = (
    "alt+space", "alt+Escape", "alt+F1", "alt+F2", "alt+F3", "alt+F5", "alt+F7", "alt+F8", "alt+F9", "alt+F10",
    "ctrl+Escape", "ctrl+alt+t", "ctrl+alt+d", "ctrl+alt+l", "ctrl+alt+Delete", "ctrl+alt+BackSpace", "ctrl+alt+Left",
    "ctrl+alt+Right", "ctrl+alt+Up", "ctrl+alt+Down", "ctrl+alt+Escape", "ctrl+alt+shift+equal", "ctrl+shift+Escape",
    "shift+alt+Left", "super+Return", "super+F1", "super+F2", "super+F3", "super+F4", "super+e", "super+l", "super+m",
    "super+r", "super+t", "super+space", "super+x", "super+Tab", "Menu", "Print", "alt+Print", "ctrl+Print",
    "XF86Explorer", "XF86HomePage", "XF86Mail", "XF86Calculator", "XF86PowerOff", "XF86Sleep", "Super_L",
)  # fmt: skip
# Another console, an end of the server, other resolutions, a grab that is broken; and what the kernel hears (SysRq).
SERVER = (
    *(f"ctrl+alt+F{number}" for number in range(1, 13)), "ctrl+alt+KP_Add", "ctrl+alt+KP_Subtract",
    "ctrl+alt+KP_Multiply", "ctrl+alt+KP_Divide", "alt+shift+Print", "ctrl+alt+Pause", "ctrl+alt+Insert",
)  # fmt: skip
# A toolkit's inspector and its signs by number; other layouts, other methods; what stands on a keyboard besides.
OTHERS = (
    "ctrl+shift+d", "ctrl+shift+u", "ctrl+period", "ctrl+q", "ctrl+shift+q", "alt+Return", "alt+Home", "F6", "F7",
    "F10", "ctrl+Return", "ctrl+shift+Delete", "ctrl+shift+w", "ctrl+space", "shift+space", "ctrl+shift+space",
    "alt+grave", "ctrl+grave", "super+grave", "alt+shift+Tab", "ctrl+shift+Tab", "Scroll_Lock", "Pause",
    "XF86AudioMute", "XF86AudioRaiseVolume", "XF86AudioLowerVolume", "XF86AudioPlay", "XF86Search", "XF86Eject",
    "XF86Back", "XF86Reload", "XF86MonBrightnessUp", "XF86Display", "XF86WLAN", "a", "x", "0",
)  # fmt: skip
# What START itself answers, by design, and how one is back at START as it was.
OURS = (
    Combination("Tab", after=("Escape",)),  # the next button
    Combination("shift+Tab", after=("Escape",)),  # the one before
    Combination("Return", after=("Escape",)),  # begins: the first question
    Combination("KP_Enter", after=("Escape",)),
    Combination("1", after=("Escape",)),  # the first way in
    Combination("Escape"),
    Combination("space", after=("Escape",)),  # says aloud what stands here
    Combination("F1", after=("Escape",)),
    Combination("F2", after=("F2",)),  # larger
    Combination("F3", after=("F3",)),  # in high contrast
    Combination("F4", after=("F4",)),  # in the other language
    Combination("ctrl+alt+q", after=("Escape",)),  # asks staff for their PIN
)
NOTHING = (*(one.keys for one in BROWSER), *DESKTOPS, *SERVER, *OTHERS)
TABLE = (*NOTHING, *(one.keys for one in OURS))
