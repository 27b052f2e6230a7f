"""A connection to the X server through ctypes: opening it, its events, and living with its errors.

ctypes starts in 10 ms where python-xlib takes 40, and the lock must cover before anything else is loaded. Nothing here
may end the process because of an X error: a window of the citizen can vanish between any two calls.
"""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

from kiosk.lockscreen.x_structs import Event, KeyEvent, ReadAttributes

KEY_PRESS = 2

Handler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


# Xlib and Tk hold bare pointers to these, so they live as long as the process.
_handlers: list[object] = []


class NoDisplay(Exception):
    """No X server answers at DISPLAY."""


def load(*names: str) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


class XConnection:
    """One connection. Window ids are plain ints; every method is one or two requests."""

    def __init__(self) -> None:
        xlib = load("libX11.so.6", "libX11.so")
        if xlib is None:
            raise NoDisplay("libX11 is not installed")
        self._x = xlib
        self._declare()
        display = xlib.XOpenDisplay(None)
        if not display:
            raise NoDisplay("no X server answers")
        self._d = c_void_p(display)
        self.root: int = xlib.XDefaultRootWindow(self._d)
        self.depth: int = xlib.XDefaultDepth(self._d, xlib.XDefaultScreen(self._d))
        self.watch_errors()

    @property
    def own_desktop(self) -> bool:
        """Whether an ordinary user has started us on their own: what is theirs there stays as it is."""
        return bool(os.environ.get("KIOSK_OWN_DESKTOP"))

    def has_compositor(self) -> bool:
        """Whether a program shows all windows of this screen by way of its own (EWMH)."""
        x, name = self._x, f"_NET_WM_CM_S{self._x.XDefaultScreen(self._d)}"
        x.XInternAtom.argtypes, x.XInternAtom.restype = [c_void_p, c_char_p, c_int], c_ulong
        x.XGetSelectionOwner.argtypes, x.XGetSelectionOwner.restype = [c_void_p, c_ulong], c_ulong
        return bool(x.XGetSelectionOwner(self._d, x.XInternAtom(self._d, name.encode(), 0)))

    def _declare(self) -> None:
        x = self._x
        x.XOpenDisplay.restype = x.XSetErrorHandler.restype = x.XCreateGC.restype = c_void_p
        for name in ("XDefaultRootWindow", "XCreateWindow", "XCreatePixmap"):
            getattr(x, name).restype = c_ulong
        for name in ("XMapWindow", "XUnmapWindow", "XRaiseWindow", "XDestroyWindow", "XClearWindow", "XFreePixmap"):
            getattr(x, name).argtypes = [c_void_p, c_ulong]
        for name in ("XSetWindowBackgroundPixmap", "XSetWindowBackground"):
            getattr(x, name).argtypes = [c_void_p, c_ulong, c_ulong]
        x.XSetForeground.argtypes = [c_void_p, c_void_p, c_ulong]
        x.XFillRectangle.argtypes = [c_void_p, c_ulong, c_void_p, c_int, c_int, c_uint, c_uint]
        x.XFreeGC.argtypes = [c_void_p, c_void_p]
        x.XCreateGC.argtypes = [c_void_p, c_ulong, c_ulong, c_void_p]
        x.XSelectInput.argtypes = [c_void_p, c_ulong, c_long]
        x.XReparentWindow.argtypes = [c_void_p, c_ulong, c_ulong, c_int, c_int]
        x.XResizeWindow.argtypes = [c_void_p, c_ulong, c_uint, c_uint]
        x.XMoveWindow.argtypes = [c_void_p, c_ulong, c_int, c_int]
        x.XGetWindowAttributes.argtypes = [c_void_p, c_ulong, POINTER(ReadAttributes)]
        x.XGrabKeyboard.argtypes = [c_void_p, c_ulong, c_int, c_int, c_int, c_ulong]
        x.XGrabPointer.argtypes = [c_void_p, c_ulong, c_int, c_uint, c_int, c_int, c_ulong, c_ulong, c_ulong]

    def watch_errors(self, tk_is_there: bool = False) -> None:
        """Never let an X error end the process, as Xlib does by itself; once Tk has come, it hears of its own."""
        mine = self._d.value

        def handle(display: int | None, event: int | None) -> int:
            if display != mine and tk_is_there:
                before(display, event)
            return 0

        _handlers.append(Handler(handle))
        before = Handler(self._x.XSetErrorHandler(_handlers[-1]))

    @property
    def display(self) -> c_void_p:
        """Xlib's Display, for the extensions that have a file of their own."""
        return self._d

    @property
    def library(self) -> ctypes.CDLL:
        """libX11 itself, for the same."""
        return self._x

    def fileno(self) -> int:
        """The connection's descriptor, readable when events wait."""
        return int(self._x.XConnectionNumber(self._d))

    def events(self) -> list[tuple[int, int, int]]:
        """The events that have come: (type, window reporting, window concerned)."""
        found, event = [], Event()
        while self._x.XPending(self._d):
            self._x.XNextEvent(self._d, byref(event))
            found.append((event.type, event.event, event.window))
        return found

    def pressed(self) -> list[int]:
        """The keycodes of the presses that have come; other events are dropped, and so is what a program made up."""
        found, event = [], Event()
        while self._x.XPending(self._d):
            self._x.XNextEvent(self._d, byref(event))
            if event.type == KEY_PRESS and not event.send_event:
                found.append(KeyEvent.from_buffer_copy(event).keycode)
        return found

    def sync(self) -> None:
        """Return when the server has done all that was asked."""
        self._x.XSync(self._d, 0)

    def flush(self) -> None:
        """Send what was asked, without waiting."""
        self._x.XFlush(self._d)
