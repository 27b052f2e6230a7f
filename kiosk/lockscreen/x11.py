"""The few X calls that Tk does not offer, on a connection of our own."""

from ctypes import POINTER, byref, c_int, c_ubyte, c_uint, c_ulong, c_void_p

from kiosk.lockscreen.x_connection import KEY_PRESS as KEY_PRESS
from kiosk.lockscreen.x_connection import NoDisplay as NoDisplay
from kiosk.lockscreen.x_connection import XConnection, load
from kiosk.lockscreen.x_structs import Idle, ReadAttributes, Rectangle, WindowAttributes

MAP_NOTIFY, UNMAP_NOTIFY, CONFIGURE_NOTIFY = 19, 18, 22
STRUCTURE_NOTIFY, SUBSTRUCTURE_NOTIFY = 1 << 17, 1 << 19
GRAB_SUCCESS, GRAB_ASYNC, CURRENT_TIME, VIEWABLE = 0, 1, 0, 2
_OVERRIDE_REDIRECT, _BACK_PIXEL, _BORDER_PIXEL, _EVENT_MASK = 1 << 9, 1 << 1, 1 << 3, 1 << 11


class X11(XConnection):
    """One connection. Window ids are plain ints; every method is one or two requests."""

    def keycode(self, keysym: int) -> int:
        """The key that gives this keysym; 0 where the keyboard has none."""
        return int(self._x.XKeysymToKeycode(self._d, c_ulong(keysym))) & 0xFF

    def grab_key(self, keycode: int, modifiers: int) -> None:
        """Let this key with exactly these modifiers come to us alone, whoever has the keyboard."""
        if keycode:
            self._x.XGrabKey(self._d, keycode, c_uint(modifiers), c_ulong(self.root), 0, GRAB_ASYNC, GRAB_ASYNC)

    def overlay(self) -> int:
        """The Composite overlay window, above every window of the screen; 0 where the extension is missing.

        And where a compositor has it, on a desktop of somebody's own: that shows our window above all, like any other.
        """
        if self.own_desktop and self.has_compositor():
            return 0
        composite = load("libXcomposite.so.1", "libXcomposite.so")
        if composite is None:
            return 0
        major, minor = c_int(0), c_int(3)
        composite.XCompositeQueryVersion.argtypes = [c_void_p, POINTER(c_int), POINTER(c_int)]
        composite.XCompositeGetOverlayWindow.restype = c_ulong
        composite.XCompositeGetOverlayWindow.argtypes = [c_void_p, c_ulong]
        if not composite.XCompositeQueryVersion(self._d, byref(major), byref(minor)):
            return 0
        return int(composite.XCompositeGetOverlayWindow(self._d, self.root))

    def window(self, parent: int, box: tuple[int, int, int, int], pixel: int) -> int:
        """A plain window (x, y, width, height) that no window manager touches; unmapped."""
        wanted = WindowAttributes(background_pixel=pixel, border_pixel=pixel, override_redirect=1)
        mask = c_ulong(_OVERRIDE_REDIRECT | _BACK_PIXEL | _BORDER_PIXEL)
        x, y, width, height = box
        return int(
            self._x.XCreateWindow(
                self._d, c_ulong(parent), x, y, width, height, 0, self.depth, 1, c_void_p(0), mask, byref(wanted)
            )
        )

    def attributes(self, window: int) -> tuple[int, int, int] | None:
        """(width, height, map state) of a window; None when it is gone."""
        got = ReadAttributes()
        if not self._x.XGetWindowAttributes(self._d, window, byref(got)):
            return None
        return got.width, got.height, got.map_state

    def parent(self, window: int) -> int:
        """The window that holds this one; 0 when it is gone."""
        return self._tree(window)[0]

    def children(self, window: int) -> list[int]:
        """The windows in this one, lowest first."""
        return self._tree(window)[1]

    def _tree(self, window: int) -> tuple[int, list[int]]:
        root, above, found, count = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
        done = self._x.XQueryTree(self._d, c_ulong(window), byref(root), byref(above), byref(found), byref(count))
        inside = found[: count.value] if done and found else []
        if found:
            self._x.XFree(found)
        return (above.value if done else 0), list(inside)

    def throw_out(self, window: int) -> None:
        """End the connection of whoever made this window, and with it every window and grab of theirs."""
        self._x.XKillClient(self._d, c_ulong(window))

    def listen(self, window: int, mask: int) -> None:
        """Ask for the events of `mask` on a window."""
        self._x.XSelectInput(self._d, window, mask)

    def map(self, window: int) -> None:
        """Map it, without changing its place in the stack."""
        self._x.XMapWindow(self._d, window)

    def unmap(self, window: int) -> None:
        """Unmap it."""
        self._x.XUnmapWindow(self._d, window)

    def raise_(self, window: int) -> None:
        """To the top among its siblings."""
        self._x.XRaiseWindow(self._d, window)

    def lower(self, window: int) -> None:
        """To the bottom among its siblings."""
        self._x.XLowerWindow(self._d, c_ulong(window))

    def reparent(self, window: int, parent: int) -> None:
        """Put it into another window, at its origin."""
        self._x.XReparentWindow(self._d, window, parent, 0, 0)

    def move(self, window: int, x: int, y: int) -> None:
        """To this corner of its parent."""
        self._x.XMoveWindow(self._d, window, x, y)

    def place(self, window: int, y: int, width: int, height: int) -> None:
        """At the left edge, this far down, this large."""
        self._x.XMoveWindow(self._d, window, 0, y)
        self._x.XResizeWindow(self._d, window, width, height)

    def background(self, window: int, pixel: int) -> None:
        """One colour as the ground that the server itself paints."""
        self._x.XSetWindowBackground(self._d, window, pixel)
        self._x.XClearWindow(self._d, window)

    def no_background(self, window: int) -> None:
        """No ground: where it comes to be seen, the screen keeps what stood there until somebody paints."""
        self._x.XSetWindowBackgroundPixmap(self._d, c_ulong(window), c_ulong(0))

    def tile(self, window: int, blocks: "list[int]", side: int) -> None:
        """A row of square blocks of these colours as the ground that the server itself paints."""
        pixmap = self._x.XCreatePixmap(self._d, c_ulong(window), side * len(blocks), side, self.depth)
        gc = self._x.XCreateGC(self._d, pixmap, 0, None)
        for place, pixel in enumerate(blocks):
            self._x.XSetForeground(self._d, gc, pixel)
            self._x.XFillRectangle(self._d, pixmap, gc, place * side, 0, side, side)
        self._x.XSetWindowBackgroundPixmap(self._d, window, pixmap)
        self._x.XClearWindow(self._d, window)
        self._x.XFreeGC(self._d, gc)
        self._x.XFreePixmap(self._d, pixmap)

    def grab(self, window: int) -> bool:
        """Take keyboard and pointer for this connection, at once or not at all: the keys then reach nobody."""
        keyboard = self.grab_keyboard(window)
        pointer = self._x.XGrabPointer(self._d, window, 1, 0, GRAB_ASYNC, GRAB_ASYNC, 0, 0, CURRENT_TIME)
        return bool(keyboard and pointer == GRAB_SUCCESS)

    def grab_keyboard(self, window: int) -> bool:
        """Take the keyboard alone, or be refused it at once."""
        return bool(self._x.XGrabKeyboard(self._d, window, 1, GRAB_ASYNC, GRAB_ASYNC, CURRENT_TIME) == GRAB_SUCCESS)

    def ungrab(self) -> None:
        """Give keyboard and pointer back."""
        self._x.XUngrabKeyboard(self._d, c_ulong(CURRENT_TIME))
        self._x.XUngrabPointer(self._d, c_ulong(CURRENT_TIME))
        self.flush()

    def straighten(self, window: int, box: tuple[int, int, int, int]) -> None:
        """Whole, seen, touched, and at its place again: any client may cut, move or hide any window of a display."""
        x, y, width, height = box
        # Else a window manager, or whoever says to be one, is asked whether it may be mapped.
        ours = WindowAttributes(override_redirect=1)
        self._x.XChangeWindowAttributes(self._d, c_ulong(window), c_ulong(_OVERRIDE_REDIRECT), byref(ours))
        self._x.XMoveResizeWindow(self._d, c_ulong(window), x, y, width, height)
        self._x.XSetWindowBorderWidth(self._d, c_ulong(window), 0)
        self._x.XUndefineCursor(self._d, c_ulong(window))
        if (xext := load("libXext.so.6", "libXext.so")) is not None:
            for kind in (0, 1, 2):  # ShapeBounding, ShapeClip, ShapeInput; ShapeSet to no mask: all of it
                xext.XShapeCombineMask(self._d, c_ulong(window), kind, 0, 0, c_ulong(0), 0)

    def round_corners(self, window: int, width: int, height: int, radius: int) -> None:
        """Cut the corners off a window by the Shape extension; they stay square where it is missing."""
        xext = load("libXext.so.6", "libXext.so")
        if xext is None:
            return
        rows = []
        for y in range(height):
            from_edge = min(y, height - 1 - y)
            cut = 0
            if from_edge < radius:
                cut = radius - round((radius**2 - (radius - from_edge - 0.5) ** 2) ** 0.5)
            rows.append(Rectangle(cut, y, width - 2 * cut, 1))
        shape = (Rectangle * len(rows))(*rows)
        xext.XShapeCombineRectangles(
            self._d,
            c_ulong(window),
            0,
            0,
            0,
            byref(shape),
            len(rows),
            0,
            0,  # ShapeBounding, ShapeSet, Unsorted
        )
        self.flush()

    def pointer(self) -> tuple[int, int, int]:
        """Where the pointer is, and which buttons and modifiers are held, as a mask."""
        root, child, x, y, ix, iy, mask = c_ulong(), c_ulong(), c_int(), c_int(), c_int(), c_int(), c_uint()
        self._x.XQueryPointer(self._d, c_ulong(self.root), *map(byref, (root, child, x, y, ix, iy, mask)))
        return x.value, y.value, mask.value

    def is_down(self, keycode: int) -> bool:
        """Whether this one key is held just now, whoever gets it."""
        held = (c_ubyte * 32)()
        self._x.XQueryKeymap(self._d, held)
        return bool(keycode and held[keycode // 8] >> keycode % 8 & 1)

    def idle_seconds(self) -> float | None:
        """Seconds without key, pointer or touch anywhere on the screen; None without MIT-SCREEN-SAVER."""
        if not hasattr(self, "_saver"):
            # Tk itself links against libXss, so it is there wherever Tk is.
            self._saver = load("libXss.so.1", "libXss.so")
            self._idle = Idle()
        if self._saver is None or not self._saver.XScreenSaverQueryInfo(self._d, c_ulong(self.root), byref(self._idle)):
            return None
        return float(self._idle.idle) / 1000
