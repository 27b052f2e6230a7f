"""The lock: decides from the service's state what is shown, and whether the screen is covered at all.

It fails closed: covered from its first moment, on a lost or silent line, and in every state except an open session
with time left. It never decides about sessions; it tells the service what was touched.
"""

import time
import tkinter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.lockscreen.app import Prefs, check_font, give_back_in, say
from kiosk.lockscreen.citizen import Citizen
from kiosk.lockscreen.connection import Connection
from kiosk.lockscreen.cover import Cover
from kiosk.lockscreen.dark import Dark
from kiosk.lockscreen.first_window import FirstWindow
from kiosk.lockscreen.hold import Hold
from kiosk.lockscreen.input import Input
from kiosk.lockscreen.look import Look, bar_height
from kiosk.lockscreen.pages import PAGES, SHOWN, moving, page_of
from kiosk.lockscreen.patience import Patience
from kiosk.lockscreen.screens.common import Keys
from kiosk.lockscreen.staff.entry import StaffEntry
from kiosk.lockscreen.staff.gesture import Gesture
from kiosk.lockscreen.ticket_entry import TicketEntry
from kiosk.lockscreen.visit import Visit
from kiosk.lockscreen.voice.reader import Reader
from kiosk.lockscreen.window import Window
from kiosk.messages import LIVE
from kiosk.settings import Paths, home_dir

CHECK_MS, AGAIN_MS = 500, 3
KEY_PRESS = 2  # the X protocol's number of this event
# "": nothing is drawn yet. A fresh lock hears from the service in a moment, and says nothing that it would take back.
DEAF_PAGES = ("", "connecting", "opening")
FIRST_WORD_SECONDS = 0.7


class Lock:
    """One lock process. `state` is the service's last message; `visit` the answers of the citizen before us."""

    def __init__(self, cover: Cover, socket_path: Path) -> None:
        self.cover = cover
        self.window = Window(cover)
        self.tk, self.canvas, self.painter = self.window.tk, self.window.canvas, self.window.painter
        self.tk.tk.createfilehandler(cover.watch, tkinter.READABLE, self._on_x)
        self.tk.tk.createfilehandler(cover.x, tkinter.READABLE, self._swallow)
        self.state: dict[str, Any] = {}
        self.choice: Prefs | None = None
        self.visit = Visit()
        self.ticket = TicketEntry()
        self.staff, self.gesture = StaffEntry(self), Gesture(self)
        self.aside = ""  # a page that the citizen has opened beside the one that is due: rules, ticket, help
        self.page, self.keys = "", Keys()
        self.wall: Callable[[], float] = time.time
        self.turned = time.monotonic()
        self.patience = Patience(self)
        self.citizen = Citizen(self)
        self.said = ""  # what the last state says of what is shown
        self._drawn: object = None
        self._draw_due = False
        self.first_window = FirstWindow(self)
        self.hold = Hold(self.tk, cover)
        self.dark = Dark(self)
        self.reader = Reader(self)
        self.input = Input(self)
        self.connection = Connection(self.tk, socket_path, self._on_state, self._on_lost, self._on_up)
        self.connection.on_staff = self.staff.hear

    @property
    def look(self) -> Look:
        """The look of the page as it stands."""
        return self.window.look

    def run(self) -> None:
        """Until the process is ended."""
        self.tk.after(1, self._begin)
        give_back_in(self.tk)
        self.tk.mainloop()

    def _begin(self) -> None:
        self.connection.connect()
        check_font(self.tk, self.look.family)
        self.redraw()
        self._on_x(None, 0)
        self._check()

    # What the service says

    def _on_up(self) -> None:
        if self.cover.covered and self.cover.seen():
            self._say_covered()

    def _on_state(self, state: dict[str, Any]) -> None:
        before, turn, self.state = self.state.get("state"), self.state.get("staff"), state
        self.said = repr([state.get(name) for name in SHOWN])
        if self._may_open():
            self._uncover()
        else:
            self._cover()
        self.ticket.hear(state.get("ticket"))
        if turn != state.get("staff"):
            self._turn_of_staff(state.get("staff"))
        self._turn(before, state["state"])
        self.first_window.look()
        self.redraw_soon()

    def _turn_of_staff(self, stage: object) -> None:
        """Staff come or go: whatever was touched here before is nobody's any more."""
        if stage == "ending" and self.cover.covered and not self.cover.behind:
            self.cover.make_way()
        self.staff.close()
        self.aside, self.choice = "", None if stage is None else self.choice

    def _turn(self, before: object, now: object) -> None:
        """Another state, another citizen: nothing of the one before stays."""
        if now == before:
            return
        if now == "ending" and self.cover.covered and not self.cover.behind:
            self.cover.make_way()
        self.patience.turned()
        self.visit.begin()
        self.aside = self.aside if self.aside == "help" and now in ("free", "asking") else ""
        self.ticket.clear()
        self.staff.close()
        if now == "free" and before is not None:
            self.choice, self.citizen.dismissed = None, False

    def _on_lost(self) -> None:
        self._cover()
        self.staff.close()
        self.redraw_soon()

    def _may_open(self) -> bool:
        state = self.state
        if state.get("staff") == "open":
            return state.get("cover") is False
        return state.get("state") in LIVE and (state.get("seconds_left") or 0) > 0 and state.get("cover") is False

    def _cover(self) -> None:
        if self.cover.covered:
            return
        if self.cover.cover():
            self._say_covered()

    def _say_covered(self) -> None:
        # The bar's height goes along: only a process that draws knows the screen, and windows must keep off the bar.
        self.connection.send("covered", marker=self.cover.token, bar=bar_height(self.window.view.w, self.window.view.h))

    def _uncover(self) -> None:
        if not self.cover.covered:
            return
        self.reader.stop()
        self.hold.want("")
        self.cover.uncover()
        self.connection.send("uncovered")

    # What is shown

    @property
    def prefs(self) -> Prefs:
        """The choices in force: the citizen's own while they are before us, the session's on its goodbye."""
        if self.page in ("goodbye", "opening") and self.choice is None:
            return Prefs.of(self.state)
        return self.choice or Prefs(str(self.state.get("lang") or "vi"))

    def redraw_soon(self) -> None:
        """Draw when Tk is idle, once."""
        if not self._draw_due:
            self._draw_due = True
            self.tk.after_idle(self.redraw)

    def settle(self) -> None:
        """Draw what is due before the next key: typed ahead, it belongs to the page that its forerunner has turned."""
        if self._draw_due:
            self.redraw()

    def redraw(self) -> None:
        """Draw what the state asks for, if anything of it changed."""
        self._draw_due = False
        page = page_of(self)
        if not self.page and not self.state and time.monotonic() < self.turned + FIRST_WORD_SECONDS:
            self._hold_keys()
            return
        if page != self.page:
            self.page, self.turned = page, time.monotonic()
        prefs = self.prefs
        own = self.visit.key(), self.ticket.key(), self.staff.key(), moving(self)
        shown = (page, prefs.key(), own, self.window.view, self.input.focus, self.said, self.reader.speaking)
        if shown != self._drawn:
            self._drawn = shown
            self._draw(prefs)
        self.reader.follow()
        self._hold_keys()
        if self.state.get("state") == "asking" and not self.state.get("questions"):
            self.citizen.sign_in()

    def _draw(self, prefs: Prefs) -> None:
        self.window.dress(prefs.large, prefs.contrast)
        self.keys = PAGES[self.page](self, self.painter)
        self.input.draw_focus(self.painter)
        self.window.drawn()
        if self.cover.behind:
            self.window.behind_no_more()
            self._on_up()

    def _hold_keys(self) -> None:
        if not self.cover.covered:
            return
        self.hold.want("deaf" if self.deaf else "tk")

    @property
    def deaf(self) -> bool:
        """Whether the screen in front only tells something and hears no touch."""
        return self.state.get("state") in ("ending", *LIVE) or self.page in DEAF_PAGES

    def say(self, text: str, **values: object) -> str:
        """A sentence in the citizen's language."""
        return say(self.prefs, text, **values)

    def fee(self) -> str:
        """What START says of fees; empty when use is free."""
        fee = self.state.get("fee") or {}
        return str(fee.get(self.prefs.lang) or fee.get("vi") or "")

    # What time and the X server bring

    def _check(self) -> None:
        self.tk.after(CHECK_MS, self._check)
        self.cover.x.events()
        if not self.connection.up and not self.cover.covered:
            self._cover()
        self.patience.check()
        self.dark.check()
        if self.cover.covered:
            self.input.check()
            self.hold.check()
        self.window.follow()  # not every change of the monitors is told as an event
        self.redraw()

    def _swallow(self, _file: object, _mask: int) -> None:
        """Keys and clicks that a grab of ours caught while nothing may be typed."""
        if any(kind == KEY_PRESS for kind, _where, _window in self.cover.x.events()):
            self.reader.touched()
            self.reader.obeyed()

    def _on_x(self, _file: object, _mask: int) -> None:
        happened = self.cover.handle_events()
        if happened.disturbed:
            # Xlib may read events while it sends, and then the descriptor stays quiet: look once more.
            self.tk.after(AGAIN_MS, self._on_x, None, 0)
        if happened.unmapped:
            self.hold.again()
        if happened.resized and self.window.follow():
            self.redraw_soon()


def run_lock(cover: Cover) -> int:
    """Everything after the cover is up."""
    Lock(cover, Paths(home_dir()).socket).run()
    return 0
