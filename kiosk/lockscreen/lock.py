"""The lock: decides from the service's state what is shown, and whether the screen is covered at all.

It fails closed: covered from its first moment, on a lost or silent line, and in every state except an open session
with time left. It never decides about sessions; it tells the service what was touched.
"""

import time
import tkinter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.lockscreen.app import Prefs, check_font, say, start_tk
from kiosk.lockscreen.citizen import Citizen
from kiosk.lockscreen.connection import Connection
from kiosk.lockscreen.cover import Cover
from kiosk.lockscreen.draw import Painter, Pictures
from kiosk.lockscreen.hold import Hold
from kiosk.lockscreen.input import Input
from kiosk.lockscreen.look import Look, bar_height
from kiosk.lockscreen.pages import PAGES, SHOWN, page_of
from kiosk.lockscreen.screens.common import Keys
from kiosk.lockscreen.visit import Visit
from kiosk.settings import Paths, home_dir

CHECK_MS, AGAIN_MS = 500, 3
DEAF_PAGES = ("connecting", "opening")


class Lock:
    """One lock process. `state` is the service's last message; `visit` the answers of the citizen before us."""

    def __init__(self, cover: Cover, socket_path: Path) -> None:
        self.cover = cover
        self.tk = start_tk("Kiosk-lock")
        self.state: dict[str, Any] = {}
        self.choice: Prefs | None = None
        self.visit = Visit()
        self.page, self.keys = "", Keys()
        self.wall: Callable[[], float] = time.time
        self.last_touch = self.turned = time.monotonic()
        self.citizen = Citizen(self)
        self._said = ""  # what the last state says of what is shown
        self._drawn: object = None
        self._draw_due = False
        self._window()
        self.hold = Hold(self.tk, cover)
        self.input = Input(self)
        self.connection = Connection(self.tk, socket_path, self._on_state, self._on_lost, self._on_up)

    def _window(self) -> None:
        self.look = Look(self.cover.width, self.cover.height)
        self.tk.geometry(f"{self.look.width}x{self.look.height}+0+0")
        self.tk.configure(background=self.look.dark_ground)
        self.canvas = tkinter.Canvas(self.tk, highlightthickness=0, borderwidth=0, background=self.look.dark_ground)
        self.canvas.pack(fill="both", expand=True)
        self.tk.update_idletasks()
        self.cover.adopt(self.tk.winfo_id())
        self.tk.tk.createfilehandler(self.cover.watch, tkinter.READABLE, self._on_x)
        self.tk.tk.createfilehandler(self.cover.x, tkinter.READABLE, self._swallow)
        self.pictures = Pictures(self.tk)
        self.painter = Painter(self.canvas, self.look, self.pictures)

    def run(self) -> None:
        """Until the process is ended."""
        self.tk.after(1, self._begin)
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
        before, self.state = self.state.get("state"), state
        self._said = repr([state.get(name) for name in SHOWN])
        if self._may_open():
            self._uncover()
        else:
            self._cover()
        if state["state"] == "free" and before not in (None, "free"):
            self.choice, self.citizen.dismissed = None, False
            self.last_touch = time.monotonic()
        if state["state"] == "asking":
            if before != "asking":
                self.visit.begin()
                self.last_touch = time.monotonic()
        else:
            self.visit.leave()
        self.redraw_soon()

    def _on_lost(self) -> None:
        self._cover()
        self.redraw_soon()

    def _may_open(self) -> bool:
        state = self.state
        return state.get("state") == "open" and (state.get("seconds_left") or 0) > 0 and state.get("cover") is False

    def _cover(self) -> None:
        if self.cover.covered:
            return
        if self.cover.cover():
            self._say_covered()

    def _say_covered(self) -> None:
        # The bar's height goes along: only a process that draws knows the screen, and windows must keep off the bar.
        self.connection.send("covered", marker=self.cover.token, bar=bar_height(self.cover.width, self.cover.height))

    def _uncover(self) -> None:
        if not self.cover.covered:
            return
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

    def redraw(self) -> None:
        """Draw what the state asks for, if anything of it changed."""
        self._draw_due = False
        page = page_of(self)
        if page != self.page:
            self.page, self.turned = page, time.monotonic()
        prefs = self.prefs
        clock = int(self.wall() // 60) if page == "closed" else 0
        size = self.cover.width, self.cover.height
        shown = (page, prefs.key(), self.visit.key(), clock, size, self.input.focus, self._said)
        if shown != self._drawn:
            self._drawn = shown
            self._draw(prefs)
        self._hold_keys()
        if page == "question" and not self.state.get("questions"):
            self.citizen.sign_in()

    def _draw(self, prefs: Prefs) -> None:
        self.painter.look = self.look = Look(self.cover.width, self.cover.height, prefs.large, prefs.contrast)
        self.keys = PAGES[self.page](self, self.painter)
        self.input.draw_focus(self.painter)
        ground = str(self.canvas.cget("background"))
        self.tk.configure(background=ground)
        self.canvas.update_idletasks()
        self.cover.ground(int(ground[1:], 16))
        self.pictures.sweep()

    def _hold_keys(self) -> None:
        if not self.cover.covered:
            return
        ending = self.state.get("state") in ("ending", "open")
        self.hold.want("deaf" if ending or self.page in DEAF_PAGES else "tk")

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
        untouched = time.monotonic() - self.last_touch
        if untouched > float(self.state.get("sign_in_reset_seconds") or 180):
            if self.page == "question":
                self.citizen.cancel()
            elif self.page == "start":
                self.choice = None
            self.last_touch = time.monotonic()
        self.redraw()

    def _swallow(self, _file: object, _mask: int) -> None:
        """Keys and clicks that a grab of ours caught while nothing may be typed."""
        self.cover.x.events()

    def _on_x(self, _file: object, _mask: int) -> None:
        happened = self.cover.handle_events()
        if happened.disturbed:
            # Xlib may read events while it sends, and then the descriptor stays quiet: look once more.
            self.tk.after(AGAIN_MS, self._on_x, None, 0)
        if happened.unmapped:
            self.hold.again()
        if happened.resized:
            self.tk.geometry(f"{self.cover.width}x{self.cover.height}+0+0")
            self.redraw_soon()


def run_lock(cover: Cover) -> int:
    """Everything after the cover is up."""
    Lock(cover, Paths(home_dir()).socket).run()
    return 0
