"""The lock: decides from the service's state what is shown, and whether the screen is covered at all.

It fails closed: covered from its first moment, on a lost or silent line, and in every state except an open session
with time left. It never decides about sessions; it tells the service what was touched.
"""

import time
import tkinter
from collections.abc import Callable
from typing import Any

from kiosk.lockscreen.app import Prefs, check_font, say, start_tk
from kiosk.lockscreen.connection import Connection
from kiosk.lockscreen.cover import Cover
from kiosk.lockscreen.draw import Painter, Pictures
from kiosk.lockscreen.hold import Hold
from kiosk.lockscreen.input import Input
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.screens import notices, question, start
from kiosk.lockscreen.screens.common import Keys
from kiosk.lockscreen.visit import Visit
from kiosk.settings import Paths, home_dir

CHECK_MS = 250
PAGES: dict[str, Callable[["Lock", Painter], Keys]] = {
    "start": start.draw,
    "question": question.draw,
    "goodbye": notices.goodbye,
    "closed": notices.closed,
    "out_of_order": notices.out_of_order,
    "class": notices.training,
    "connecting": notices.connecting,
    "opening": notices.opening,
    "resume": notices.resume,
}
# What a screen is drawn from; when none of it changed, the second's state changes nothing.
SHOWN = (
    "state", "site", "station", "minutes", "fee", "hours", "year", "end_reason", "wiping", "resume", "help_asked",
    "clock_trusted", "questions",
)  # fmt: skip
DEAF_PAGES = ("connecting", "opening")


class Lock:
    """One lock process. `state` is the service's last message; `visit` the answers of the citizen before us."""

    def __init__(self, cover: Cover, socket_path: str) -> None:
        self.cover = cover
        self.tk = start_tk("Kiosk-lock")
        self.state: dict[str, Any] = {}
        self.choice: Prefs | None = None
        self.visit = Visit()
        self.page, self.keys = "", Keys()
        self.wall: Callable[[], float] = time.time
        self.last_touch = self.turned = time.monotonic()
        self._dismissed = False
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
        self.tk.tk.createfilehandler(self.cover.x, tkinter.READABLE, self._on_x)
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
        self._check()

    # What the service says

    def _on_up(self) -> None:
        if self.cover.covered and self.cover.seen():
            self.connection.send("covered", marker=self.cover.token)

    def _on_state(self, state: dict[str, Any]) -> None:
        before, self.state = self.state.get("state"), state
        if self._may_open():
            self._uncover()
        else:
            self._cover()
        if state["state"] == "free" and before not in (None, "free"):
            self.choice, self._dismissed = None, False
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
            self.connection.send("covered", marker=self.cover.token)

    def _uncover(self) -> None:
        if not self.cover.covered:
            return
        self.hold.want("")
        self.cover.uncover()
        self.connection.send("uncovered")

    # What is shown

    def _page(self) -> str:
        state = self.state.get("state")
        if not self.connection.up:
            # An unseen standby already shows what it will show when time is up.
            return "goodbye" if not self.cover.covered else "connecting"
        if state == "free":
            return self._free_page()
        if state == "asking":
            return "opening" if self.visit.sent or not self.state.get("questions") else "question"
        if state == "open":
            return "opening" if self.cover.covered and (self.state.get("seconds_left") or 0) > 0 else "goodbye"
        return {"ending": "goodbye", "closed": "closed", "class": "class"}.get(str(state), "out_of_order")

    def _free_page(self) -> str:
        if self.state.get("resume"):
            return "resume"
        return "goodbye" if self.state.get("end_reason") and not self._dismissed else "start"

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
        page = self._page()
        if page != self.page:
            self.page, self.turned = page, time.monotonic()
        prefs = self.prefs
        clock = int(self.wall() // 60) if page == "closed" else 0
        shown = (page, prefs.key(), self.visit.key(), clock, self.cover.width, self.cover.height, self.input.focus,
                 repr([self.state.get(name) for name in SHOWN]))  # fmt: skip
        if shown != self._drawn:
            self._drawn = shown
            self._draw(prefs)
        self._hold_keys()
        if page == "question" and not self.state.get("questions"):
            self.sign_in()

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
        if not self.connection.up and not self.cover.covered:
            self._cover()
        untouched = time.monotonic() - self.last_touch
        if untouched > float(self.state.get("sign_in_reset_seconds") or 180):
            if self.page == "question":
                self.cancel()
            elif self.page == "start":
                self.choice = None
            self.last_touch = time.monotonic()
        self.redraw()

    def _on_x(self, _file: object, _mask: int) -> None:
        resized, unmapped = self.cover.handle_events()
        if unmapped:
            self.hold.again()
        if resized:
            self.tk.geometry(f"{self.cover.width}x{self.cover.height}+0+0")
            self.redraw_soon()

    # What the citizen does

    def touched(self) -> None:
        """Somebody is there."""
        self.last_touch = time.monotonic()
        if self.state.get("state") == "asking":
            self.connection.send("touch")

    def begin(self) -> None:
        """START."""
        self.connection.send("begin")

    def cancel(self) -> None:
        """Back to START without a session."""
        self.visit.begin()
        self.choice = None
        self.connection.send("cancel")

    def back(self) -> None:
        """The question before; from the first, START."""
        if not self.visit.back():
            self.cancel()
        self.redraw_soon()

    def choose(self, number: int) -> None:
        """An option of the question in front, counted from 0."""
        found = self.visit.choose(self.state["questions"], number)
        if found == "turn":
            self.forward()
        self.redraw_soon()

    def forward(self) -> None:
        """The next question; after the last, sign in."""
        self.turned = time.monotonic()
        if not self.visit.forward(len(self.state["questions"])):
            self.sign_in()
        self.redraw_soon()

    def skip(self) -> None:
        """No answer to this one, and on."""
        self.visit.skip(self.state["questions"])
        self.forward()

    def sign_in(self) -> None:
        """Straight in, with what has been answered so far."""
        if not self.visit.sent and self.connection.send(
            "sign_in", answers=self.visit.answers(), prefs=self.prefs.message()
        ):
            self.visit.sent = True
        self.redraw_soon()

    def accept_resume(self) -> None:
        """Go on with the session that the power cut stopped."""
        self.connection.send("resume", accept=True)

    def refuse_resume(self) -> None:
        """End it; START comes."""
        self.connection.send("resume", accept=False)

    def dismiss_goodbye(self) -> None:
        """The next citizen need not wait for the goodbye to go."""
        self._dismissed = True
        self.redraw_soon()

    def ask_help(self) -> None:
        """Tell staff."""
        self.connection.send("help")

    def toggle_large(self) -> None:
        """Larger text, or back."""
        now = self.prefs
        self._prefer(Prefs(now.lang, not now.large, now.contrast))

    def toggle_contrast(self) -> None:
        """High contrast, or back."""
        now = self.prefs
        self._prefer(Prefs(now.lang, now.large, not now.contrast))

    def switch_language(self) -> None:
        """The other language."""
        now = self.prefs
        self._prefer(Prefs("en" if now.lang == "vi" else "vi", now.large, now.contrast))

    def _prefer(self, prefs: Prefs) -> None:
        self.choice = prefs
        self.redraw_soon()


def run_lock(cover: Cover) -> int:
    """Everything after the cover is up."""
    Lock(cover, str(Paths(home_dir()).socket)).run()
    return 0
