"""The X resources, from which Tk takes what a widget was not told: also Tcl that a canvas runs when it is drawn.

They are a property of the root window, which any client of the display writes; so a citizen's program could have code
run in the lock and in the bar, also in the lock that comes after it. Tk reads them once, when it starts.
"""

import re
import tkinter
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_ubyte, c_ulong

from kiosk.lockscreen.x_connection import XConnection

_PROPERTY_NOTIFY, _PROPERTY_CHANGE = 28, 1 << 22
_RESOURCE_MANAGER, _STRING, _REPLACE = 23, 31, 0  # Xatom.h, X.h
_MOST = 25_000  # words of four bytes that are read: as many as Tk reads
# What other programs take from there and no widget of Tk does: how letters and pointers are drawn on this PC.
_HARMLESS = re.compile(rb"(?:Xft|Xcursor)\.\w+:[ \t]*[\w.-]*")
_TRIES = 5


def without_resources(x: XConnection, start: Callable[[], tkinter.Tk]) -> tkinter.Tk:
    """What `start` makes, of which no resource that a program wrote is known.

    SystemExit where somebody writes them again and again meanwhile, TclError as `start` raises it.
    """
    x.library.XRootWindow.restype = c_ulong
    root = c_ulong(x.library.XRootWindow(x.display, 0))  # where Tk looks, whichever screen it is on
    x.library.XSelectInput(x.display, root, c_long(_PROPERTY_CHANGE))
    try:
        for _try in range(_TRIES):
            x.sync()
            x.events()
            if not _are_harmless(x, root):
                continue
            tk = start()
            x.sync()
            if not any((kind, atom) == (_PROPERTY_NOTIFY, _RESOURCE_MANAGER) for kind, _where, atom in x.events()):
                return tk
            tk.destroy()
        raise SystemExit("a program of the display writes its resources without pause")
    finally:
        x.library.XSelectInput(x.display, root, c_long(0))


def _are_harmless(x: XConnection, root: c_ulong) -> bool:
    """Whether they are; from now on they are in any case, until somebody writes them again.

    Never none at all: Tk would read a file instead.
    """
    kind, size, count, left, text = c_ulong(), c_int(), c_ulong(), c_ulong(), POINTER(c_ubyte)()
    x.library.XGetWindowProperty(
        x.display, root, c_ulong(_RESOURCE_MANAGER), c_long(0), c_long(_MOST), 0, c_ulong(0), byref(kind), byref(size),
        byref(count), byref(left), byref(text),
    )  # fmt: skip
    is_text = (kind.value, size.value) == (_STRING, 8)
    found = bytes(text[: count.value]) if is_text else b""
    if text:
        x.library.XFree(text)
    kept = b"".join(line + b"\n" for line in found.split(b"\n") if _HARMLESS.fullmatch(line))
    if is_text and not left.value and found in (kept, kept[:-1]):
        return True
    x.library.XChangeProperty(
        x.display, root, c_ulong(_RESOURCE_MANAGER), c_ulong(_STRING), 8, _REPLACE, c_char_p(kept), len(kept)
    )
    return False
