"""The cover: a plain window in the Composite overlay, above every window there is, up before Tk is even loaded.

    root └ overlay └ shield (ours, one colour) ├ Tk's toplevel (screens)
                                               └ marker

A window that raises itself in a loop cannot get above the overlay. Standby means that the overlay is unmapped and the
session is seen; covering is one map request and one round trip, with no Tk and no picture in the way. Without the
Composite extension the shield stands in the root window and only restacking defends it.

After a session the standby covers, and its successor takes its place: mapped behind it from the first moment, so that
the screen stays covered whoever dies, and left alone when its page is painted, so that nobody sees a blank between.
"""

import time
from typing import NamedTuple

from kiosk.lockscreen import marker
from kiosk.lockscreen.ground import is_ground
from kiosk.lockscreen.x11 import STRUCTURE_NOTIFY, SUBSTRUCTURE_NOTIFY, UNMAP_NOTIFY, VIEWABLE, X11

PATINA_DEEP = 0x073630
# A lock that stood by during a session makes room for the fresh one: two that both insist would restack for ever.
YIELDING_INTERVAL = 0.05
# Event types from here on belong to extensions (X.h, LASTEvent and up).
EXTENSIONS = 64
# A window of the session at least this large, as a share of the screen's sides, is something to see.
SEEN = 0.3


class Happened(NamedTuple):
    """Some window around us moved; somebody had unmapped us; the screen has another size or other monitors now."""

    disturbed: bool
    unmapped: bool
    resized: bool


class Cover:
    """Covers from the moment it is made. `token` is this process's marker; `behind`: its forerunner still covers."""

    def __init__(self, x: X11, behind: bool = False) -> None:
        self.x = x
        self.token = marker.token()
        self.covered = False
        self.yielding = False
        self._last_raise = 0.0
        self._ground = PATINA_DEEP
        self._page = 0
        self._overlay = x.overlay()
        self.behind = behind and bool(self._overlay)
        parent = self._overlay or x.root
        width, height, _state = x.attributes(x.root) or (1024, 768, 0)
        self.width, self.height = width, height
        self.shield = x.window(parent, (0, 0, width, height), PATINA_DEEP)
        self._marker = x.window(self.shield, (0, height - marker.HEIGHT, marker.WIDTH, marker.HEIGHT), PATINA_DEEP)
        x.tile(self._marker, marker.colours(self.token, PATINA_DEEP), marker.SIDE)
        x.map(self._marker)
        self.cover()
        # Events come on a connection that asks nothing: a round trip would read them into a queue where nobody looks.
        self.watch = X11()
        self.watch.listen(parent, STRUCTURE_NOTIFY | SUBSTRUCTURE_NOTIFY)
        self._stay_on_top()
        # Between a killed lock and its successor the bare root window shows: let it be as dark as we are.
        x.background(x.root, PATINA_DEEP)
        x.flush()

    def cover(self) -> bool:
        """Be above everything now. True when the server says that our window can be seen."""
        self.covered = True
        self._straighten()
        if self._overlay:
            self.x.map(self._overlay)
        if self.behind:
            self.x.lower(self.shield)
        self.x.map(self.shield)
        if not self.behind:
            self.x.raise_(self.shield)
        if self.yielding:
            self._alone_in_the_overlay()
        return self.seen()

    def _alone_in_the_overlay(self) -> None:
        """No program of a session belongs above all windows: what waited there for us is thrown out of the X server.

        Only by a lock that stood by, when it covers: no other lock of ours is there yet.
        """
        for window in self.x.children(self._overlay) if self._overlay else ():
            if window != self.shield:
                self.x.throw_out(window)

    def make_way(self) -> None:
        """A successor will take our place: what stands on the screen stays there when our windows go, one by one."""
        self.x.no_background(self.shield)
        self.x.flush()

    def painted(self, windows: tuple[int, ...]) -> None:
        """The page stands in `windows` of Tk, behind the forerunner, who may go now.

        Until `ground_again` they have no ground: where they come to be seen the server then leaves on the screen what
        stood there, until Tk paints over it.
        """
        self.behind = False
        for window in (self.shield, self._page, *windows):
            self.x.no_background(window)
        self.x.sync()

    def ground_again(self) -> None:
        """The forerunner is gone: a ground for the shield as before, and the top of the stack for good."""
        self.x.background(self.shield, self._ground)
        self.x.raise_(self.shield)
        self.x.flush()

    def _straighten(self) -> None:
        """What stands between us and the screen was unwatched for an hour: as it should be, before it is mapped."""
        whole = (0, 0, self.width, self.height)
        if self._overlay:
            self.x.reparent(self.shield, self._overlay)
            self.x.straighten(self._overlay, whole)
        self.x.straighten(self.shield, whole)
        self.x.background(self.shield, self._ground)
        self.x.straighten(self._marker, (0, self.height - marker.HEIGHT, marker.WIDTH, marker.HEIGHT))

    def seen(self) -> bool:
        """One round trip: is the marker mapped, all that holds it, and nothing of our own before it?

        What a living program takes off the screen (Composite) the server calls viewable all the same: that is killed
        next, and what outlives it is the sweep's.
        """
        if self.behind:
            return False
        found = self.x.attributes(self._marker)
        return found is not None and found[2] == VIEWABLE

    def uncover(self) -> None:
        """Stand by: the session is seen, we wait unmapped."""
        self.covered = False
        self.yielding = True
        # Two connections have no common order: what the other one asked for must have happened before we unmap,
        # or a map that is still under way would cover the session again.
        self.watch.sync()
        self.x.unmap(self._overlay or self.shield)
        self.x.sync()

    def session_seen(self) -> bool:
        """Whether a large window is mapped under us: a browser's, or the frame that a window manager gave it."""
        for window in self.x.children(self.x.root):
            found = self.x.attributes(window) if window not in (self.shield, self._overlay) else None
            large = found and found[2] == VIEWABLE and found[0] > SEEN * self.width and found[1] > SEEN * self.height
            if large and not is_ground(self.x, window):
                return True
        return False

    def adopt(self, tk_window: int) -> None:
        """Take Tk's toplevel (the id from winfo_id; its X parent is the true toplevel) under the marker."""
        self.watch.watch_errors(tk_is_there=True)
        self.x.watch_errors(tk_is_there=True)
        wrapper = self.x.parent(tk_window)
        self._page = wrapper if wrapper not in (0, self.x.root) else tk_window
        self.x.reparent(self._page, self.shield)
        self.x.raise_(self._marker)
        self.x.sync()

    def move_page(self, x: int, y: int) -> None:
        """Where Tk's toplevel stands in the shield: Tk itself does not know of its new parent."""
        self.x.move(self._page, x, y)
        self.x.raise_(self._marker)
        self.x.sync()

    def ground(self, colour: int) -> None:
        """Follow the screen's ground colour, so that the marker stays invisible on it."""
        if colour == self._ground:
            return
        self._ground = colour
        self.x.background(self.shield, colour)
        self.x.tile(self._marker, marker.colours(self.token, colour), marker.SIDE)
        self.x.sync()

    def handle_events(self) -> Happened:
        """Answer what happened around us. Call again soon after a disturbance: sending may have read the next one."""
        disturbed = resized = unmapped = False
        for kind, _where, window in self.watch.events():
            unmapped |= kind == UNMAP_NOTIFY and self.covered and window in (self.shield, self._overlay)
            disturbed |= window != self.shield or kind == UNMAP_NOTIFY
            resized |= kind >= EXTENSIONS  # RandR's: no other extension's are asked for
        if disturbed:
            self._stay_on_top()
            resized |= self._resize()
        return Happened(disturbed, unmapped, resized)

    def _stay_on_top(self) -> None:
        now = time.monotonic()
        if not self.covered or self.behind or (self.yielding and now - self._last_raise < YIELDING_INTERVAL):
            return
        self._last_raise = now
        if self._overlay:
            self.watch.map(self._overlay)
        self.watch.map(self.shield)
        self.watch.raise_(self.shield)
        self.watch.flush()

    def _resize(self) -> bool:
        found = self.x.attributes(self.x.root)
        if found is None or found[:2] == (self.width, self.height):
            return False
        self.width, self.height = found[:2]
        self.x.place(self.shield, 0, self.width, self.height)
        self.x.place(self._marker, self.height - marker.HEIGHT, marker.WIDTH, marker.HEIGHT)
        return True
