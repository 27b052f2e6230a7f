"""The time bar: the minutes left, and the few things a citizen may ask for while the PC is theirs.

A strip at the top of the screen that no window manager touches; whatever is put over it, it comes back by the X
server's own events. It never takes the keyboard (bar/keys.py has the few keys that reach it) and decides nothing: it
tells the service what was touched.
"""

import math
import time
import tkinter
from pathlib import Path
from typing import Any

from kiosk.lockscreen.app import Prefs, check_font, give_back_in, number, say, start_tk
from kiosk.lockscreen.bar import words as bar_words
from kiosk.lockscreen.bar.idle import Watch
from kiosk.lockscreen.bar.key_tips import KeyTips
from kiosk.lockscreen.bar.keys import BarKeys
from kiosk.lockscreen.bar.sheet import Sheet
from kiosk.lockscreen.bar.sound import Sound
from kiosk.lockscreen.bar.strip import Strip
from kiosk.lockscreen.bar.talk import Talk
from kiosk.lockscreen.bar.touch import Elsewhere
from kiosk.lockscreen.connection import Connection
from kiosk.lockscreen.draw import Box, Pictures
from kiosk.lockscreen.ground import Ground
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.monitors import Monitors
from kiosk.lockscreen.x11 import X11
from kiosk.settings import Paths, home_dir

GIVE_UP_SECONDS = 30.0
IDLE_MS, IDLE_WORTH_TELLING = 1000, 5.0
# The session's programs start first.
WARM_MS = 3000


class Bar:
    """One bar process, for one session."""

    def __init__(self, x: X11, socket_path: Path) -> None:
        self.x = x
        self.tk = start_tk("Kiosk-bar", x)
        self.state: dict[str, Any] = {}
        self.talk = Talk(self)
        self.sound = Sound(self)
        self.elsewhere = Elsewhere(self)
        self._fonts: dict[str, tkinter.Label] = {}
        self._told_idle = False
        self._watch: Watch | None = None
        self._drawn: object = None
        self._key = self.prefs.key()
        self._monitors = Monitors(x)
        self.view = self._view() or Box(0, 0, 1366, 768)
        self.look = Look(self.view.w, self.view.h)
        self.ground = Ground(x)
        self._window()
        self.pictures = Pictures(self.tk)
        self.strip = Strip(self)
        self.sheet = Sheet(self)
        self.keys, self.key_tips = BarKeys(self), KeyTips(self)
        self.connection = Connection(self.tk, socket_path, self._on_state, self._nothing, self._nothing)

    def _window(self) -> None:
        self.tk.geometry(f"{self.look.width}x{self.look.bar}+{self.view.x}+{self.view.y}")
        self.tk.configure(background=self.look.dark_ground)
        self.canvas = tkinter.Canvas(self.tk, highlightthickness=0, borderwidth=0, background=self.look.dark_ground)
        self.canvas.pack(fill="both", expand=True)
        self.tk.update_idletasks()
        self.x.watch_errors(tk_is_there=True)
        self.tk.bind("<Visibility>", self._on_visibility)
        self.canvas.bind("<Button>", lambda _event: self.elsewhere.own_key())
        self.canvas.bind("<ButtonRelease-1>", self._on_release)

    def run(self) -> int:
        """Until the process is ended, or the service stays away."""
        self.tk.after(1, self._begin)
        give_back_in(self.tk)
        self.tk.mainloop()
        return 0

    def _begin(self) -> None:
        self.connection.connect()
        check_font(self.tk, self.look.family)
        self._tick()

    def _nothing(self) -> None:
        """The bar stays as it is while the service is restarted; the lock covers meanwhile."""

    def _on_state(self, state: dict[str, Any]) -> None:
        before, self.state = self.state, state
        if before and (before.get("page_voice") != state.get("page_voice") or not self.prefs.voice):
            self.sound.quiet()
        self.talk.hear(before, state)
        self.redraw()

    def _tick(self) -> None:
        self.tk.after(IDLE_MS, self._tick)
        if not self.connection.connected and self.connection.silent_for() > GIVE_UP_SECONDS:
            self.tk.destroy()
            return
        self._fit_screen()
        self.ground.lay(self.look.light_ground)
        self._tell_idle()
        self.keys.read()
        self.redraw()
        self.key_tips.look()

    def _fit_screen(self) -> None:
        """The screen may be given another size, or other monitors, while the session runs."""
        view = self._view()
        if view is not None and view != self.view:
            self.view, self.look, self._drawn = view, Look(view.w, view.h), None
            self.tk.geometry(f"{view.w}x{self.look.bar}+{view.x}+{view.y}")

    def _view(self) -> Box | None:
        """Where the bar and its sheets belong: on the primary monitor."""
        screen = self.x.attributes(self.x.root)
        return self._monitors.view(*screen[:2]) if screen else None

    def _tell_idle(self) -> None:
        idle = self.idle_seconds()
        if idle is None:
            return
        if idle > IDLE_WORTH_TELLING or self._told_idle:
            self._told_idle = idle > IDLE_WORTH_TELLING
            self.connection.send("idle", seconds=round(idle, 1))

    def idle_seconds(self) -> float | None:
        """As the X server says; where it lacks the extension, as we have seen ourselves."""
        idle = None if self._watch is not None else self.x.idle_seconds()
        if idle is None:
            self._watch = self._watch or Watch()
            idle = self._watch.seconds()
        return idle

    def _on_visibility(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if str(event.state) != "VisibilityUnobscured":
            self.x.raise_(self.toplevel(self.tk))
            self.x.flush()

    def toplevel(self, window: tkinter.Misc) -> int:
        """The X window that the root window holds: the parent of what Tk calls the window's id."""
        own = int(window.winfo_id())
        above = self.x.parent(own)
        return above if above not in (0, self.x.root) else own

    def holds(self, x: int, y: int) -> bool:
        """Whether a place of the screen is on the strip or on the sheet."""
        return self.view._replace(h=self.look.bar).holds(x, y) or self.sheet.holds(x, y)

    def _on_release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self.elsewhere.own_key()
        for target in reversed(self.strip.painter.targets):
            if target.box.holds(event.x, event.y):
                target.action()
                break
        self.redraw()

    # What is shown

    @property
    def prefs(self) -> Prefs:
        """The session's choices."""
        return Prefs.of(self.state)

    @property
    def is_class(self) -> bool:
        """Whether a training class has this PC: nobody's own session, so nobody here ends it."""
        return self.state.get("state") == "class"

    def say(self, text: str, **values: object) -> str:
        """A sentence in the citizen's language."""
        return say(self.prefs, text, **values)

    def minutes(self) -> int:
        """Minutes left, begun ones counted whole."""
        return math.ceil((self.state.get("seconds_left") or 0) / 60)

    def last_seconds(self) -> int | None:
        """The seconds left once they are counted one by one (policy session.last_screen_seconds); None before."""
        seconds = math.ceil(self.state.get("seconds_left") or 0)
        return seconds if 0 < seconds <= (self.state.get("last_screen_seconds") or 0) else None

    def amount(self, megabytes: int) -> str:
        """An amount of data as people read it on a stick: 3,4 GB."""
        if megabytes < 1000:
            return f"{megabytes} MB"
        tenths = round(megabytes / 100) / 10
        return f"{number(self.prefs, int(tenths) if tenths >= 10 or tenths == int(tenths) else tenths)} GB"

    def time_words(self) -> str:
        """The minutes left; at the very end the seconds. A class has no minutes of its own until it is warned."""
        seconds = self.last_seconds()
        if seconds is not None:
            return self.say("{n} seconds left", n=seconds)
        if self.is_class and self.state.get("warning") is None:
            return self.say("Training class")
        return self.say("{n} minutes left", n=self.minutes())

    def redraw(self) -> None:
        """Bar and sheet, where what they show has changed."""
        content, prefs, state = self.talk.sheet(), self.prefs, self.state
        if not state:
            return
        shown = (
            prefs.key(), self.is_class, self.time_words(), self.talk.may_ask_more(), bool(self.talk.notice),
            state.get("help_asked"), state.get("typing"), self.talk.one_stick(), state.get("print"),
            (state.get("extension") or {}).get("offered"),
        )  # fmt: skip
        if self._drawn is None or prefs.key() != self._key:
            self._key = prefs.key()
            self.look = Look(self.look.width, self.look.height, prefs.large, prefs.contrast)
            self.pictures.sweep()
            self.tk.after(WARM_MS, self._warm)
        # The sheet first: it is what somebody waits for.
        self.sheet.show(content)
        if shown != self._drawn:
            self._drawn = shown
            self.strip.draw(self.look)
            self.hold_fonts(self.canvas)
        self.elsewhere.watch(content is not None and content.kind != "idle")
        self.sound.read(content)

    def _warm(self) -> None:
        """Have a warning's pictures and type at hand before the first one comes: it is drawn where nobody sees it."""
        self.sheet.prepare(bar_words.rehearsed(self))

    def hold_fonts(self, canvas: tkinter.Canvas) -> None:
        """Tk forgets a font with the last words set in it and takes a millisecond to find it again: never let it go."""
        texts = [item for item in canvas.find_all() if str(canvas.type(item)) == "text"]
        for font in {str(canvas.tk.call(canvas, "itemcget", item, "-font")) for item in texts} - self._fonts.keys():
            self._fonts[font] = tkinter.Label(self.tk, font=font)

    @staticmethod
    def now_ms() -> int:
        """Milliseconds, to tell a double click by."""
        return round(time.monotonic() * 1000)


def run_bar(x: X11) -> int:
    """Everything after the connection to the X server."""
    return Bar(x, Paths(home_dir()).socket).run()
