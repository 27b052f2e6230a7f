"""The time bar: the minutes left as words and as strokes, and the few things a citizen may ask for while the PC is theirs.

A strip at the top of the screen that no window manager touches; whatever is put over it, it comes back by the X server's
own events. It never takes the keyboard and decides nothing: it tells the service what was touched.
"""

import math
import tkinter
from typing import Any

from kiosk.lockscreen import shapes
from kiosk.lockscreen.app import Prefs, check_font, say, start_tk
from kiosk.lockscreen.bar_sheet import Sheet
from kiosk.lockscreen.bar_talk import Talk
from kiosk.lockscreen.connection import Connection
from kiosk.lockscreen.draw import HEADING, Box, Painter, Pictures
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.widgets import Button, sign_size
from kiosk.lockscreen.x11 import X11
from kiosk.settings import Paths, home_dir

GIVE_UP_SECONDS = 30.0
IDLE_MS, IDLE_WORTH_TELLING = 1000, 5.0
# Ways to fit, best first: (words as large as the minutes, signs, emblem, stroke width, gap, extra gap every ten).
LADDER = (
    (True, True, True, 5, 2, 4), (True, True, True, 4, 2, 3), (True, True, True, 4, 1, 3), (False, True, True, 4, 2, 3),
    (False, True, True, 4, 1, 3), (True, True, True, 3, 1, 3), (False, True, True, 3, 1, 3),
    (False, True, False, 3, 1, 3), (False, False, True, 4, 2, 3), (False, False, True, 4, 1, 3),
    (False, False, True, 3, 1, 3), (False, False, False, 3, 1, 3), (False, True, False, 2, 1, 2),
    (False, False, False, 2, 1, 2), (False, False, False, 0, 0, 0),
)  # fmt: skip


class Bar:
    """One bar process, for one session."""

    def __init__(self, x: X11, socket_path: str) -> None:
        self.x = x
        self.tk = start_tk("Kiosk-bar")
        self.state: dict[str, Any] = {}
        self.talk = Talk(self)
        self._told_idle = False
        self._drawn: object = None
        width, height, _state = x.attributes(x.root) or (1366, 768, 0)
        self.look = Look(width, height)
        self._window()
        self.pictures = Pictures(self.tk)
        self.painter = Painter(self.canvas, self.look, self.pictures)
        self.sheet = Sheet(self)
        self.connection = Connection(self.tk, socket_path, self._on_state, self._nothing, self._nothing)

    def _window(self) -> None:
        self.tk.geometry(f"{self.look.width}x{self.look.bar}+0+0")
        self.tk.configure(background=self.look.dark_ground)
        self.canvas = tkinter.Canvas(self.tk, highlightthickness=0, borderwidth=0, background=self.look.dark_ground)
        self.canvas.pack(fill="both", expand=True)
        self.tk.update_idletasks()
        self.x.watch_errors()
        self.tk.bind("<Visibility>", self._on_visibility)
        self.canvas.bind("<ButtonRelease-1>", self._on_release)

    def run(self) -> int:
        """Until the process is ended, or the service stays away."""
        self.tk.after(1, self._begin)
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
        self.talk.hear(before, state)
        self.redraw()

    def _tick(self) -> None:
        self.tk.after(IDLE_MS, self._tick)
        if not self.connection.connected and self.connection.silent_for() > GIVE_UP_SECONDS:
            self.tk.destroy()
            return
        self._tell_idle()
        self.redraw()

    def _tell_idle(self) -> None:
        idle = self.x.idle_seconds()
        if idle is None:
            return
        if idle > IDLE_WORTH_TELLING or self._told_idle:
            self._told_idle = idle > IDLE_WORTH_TELLING
            self.connection.send("idle", seconds=round(idle, 1))

    def _on_visibility(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if str(event.state) != "VisibilityUnobscured":
            self.x.raise_(self.toplevel(self.tk))
            self.x.flush()

    def toplevel(self, window: tkinter.Misc) -> int:
        """The X window that the root window holds: the parent of what Tk calls the window's id."""
        own = int(window.winfo_id())
        above = self.x.parent(own)
        return above if above not in (0, self.x.root) else own

    def _on_release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        for target in reversed(self.painter.targets):
            if target.box.holds(event.x, event.y):
                target.action()
                break
        self.redraw()

    # What is shown

    @property
    def prefs(self) -> Prefs:
        """The session's choices."""
        return Prefs.of(self.state)

    def say(self, text: str, **values: object) -> str:
        """A sentence in the citizen's language."""
        return say(self.prefs, text, **values)

    def minutes(self) -> int:
        """Minutes left, begun ones counted whole."""
        return math.ceil((self.state.get("seconds_left") or 0) / 60)

    def time_words(self) -> str:
        """The minutes left; in the last one the seconds."""
        seconds = int(self.state.get("seconds_left") or 0)
        if 0 < seconds < 60:
            return self.say("{n} seconds left", n=seconds)
        return self.say("{n} minutes left", n=self.minutes())

    def redraw(self) -> None:
        """Bar and sheet, where what they show has changed."""
        prefs = self.prefs
        shown = (prefs.key(), self.time_words(), self.talk.may_ask_more(), self.state.get("help_asked"))
        if shown != self._drawn and self.state:
            self._drawn = shown
            self.look = Look(self.look.width, self.look.height, prefs.large, prefs.contrast)
            self._draw()
        self.sheet.show(self.talk.sheet())

    def _buttons(self) -> list[Button]:
        talk = self.talk
        told = bool(self.state.get("help_asked"))
        buttons = [Button("menu", self.say("Menu"), "home", "bar", talk.menu)]
        if talk.may_ask_more():
            buttons.append(Button("more", self.say("More time"), "plus", "bar", talk.more))
        helping = self.say("Staff told") if told else self.say("Help")
        buttons.append(Button("help", helping, "check" if told else "help", "bar", talk.help))
        buttons.append(Button("finish", self.say("Finish"), "door_open", "bar_finish", talk.finish))
        return buttons

    def _draw(self) -> None:
        p, look = self.painter, self.look
        p.begin(look, look.dark_ground, Box(0, 0, look.width, look.bar))
        buttons, words = self._buttons(), self.time_words()
        widest = max(p.width(self.say("{n} minutes left", n=60), look.bar_text, True),
                     p.width(words, look.bar_text, True))  # fmt: skip
        for large, signs, emblem, wide, gap, ten in LADDER:
            size = max(round(look.bar_text * 0.875), look.small) if large else min(look.small, look.bar_text)
            widths = [_button_width(p, b, size, signs) for b in buttons]
            wide, gap, ten = (round(part * look.scale) for part in (wide, gap, ten))
            left = look.px(20 if emblem else 16) + (look.px(58) if emblem else 0)
            strokes = (60 * wide + 59 * gap + 5 * ten + look.px(24) * 2) if wide else look.px(16)
            if left + widest + strokes + sum(widths) <= look.width:
                break
        if emblem:
            p.emblem(look.px(20), look.bar // 2, look.px(44), look.accent)
        p.write(words, left, (look.bar - round(look.bar_text * HEADING)) // 2, look.bar_text, look.on_dark, bold=True)
        p.target("time", Box(0, 0, look.width - sum(widths), look.bar), self.talk.show_time)
        if wide:
            self._strokes(left + widest + look.px(24), wide, gap, ten)
        self._draw_buttons(buttons, widths, size, signs)
        if look.contrast:
            p.rectangle(Box(0, look.bar - 3, look.width, 3), look.on_dark)
        self.canvas.update_idletasks()
        self.pictures.sweep()

    def _strokes(self, x: int, wide: int, gap: int, ten: int) -> None:
        p, look = self.painter, self.look
        tall, short = shapes.stroke_heights(look.scale)
        left = min(60, self.minutes())
        fresh, spent = shapes.ring_colours("dark", look.contrast)
        for stroke in range(60):
            high, colour = (tall, fresh) if stroke < left else (short, spent)
            p.image(shapes.stroke_file(wide, high, colour), x, (look.bar - high) // 2)
            x += wide + gap + (ten if stroke % 10 == 9 else 0)

    def _draw_buttons(self, buttons: list[Button], widths: list[int], size: int, signs: bool) -> None:
        p, look = self.painter, self.look
        x = look.width - sum(widths)
        for button, width in zip(buttons, widths, strict=True):
            box, finish = Box(x, 0, width, look.bar), button.style == "bar_finish"
            if finish and not look.contrast:
                p.rectangle(box, look.on_dark_soft)
            else:
                p.rectangle(Box(x, 0, 2, look.bar), look.rule_dark)
            ink = look.ink if finish else look.on_dark
            sign = sign_size(p, size) if signs else 0
            word = p.width(button.text, size, True)
            left = x + (width - word - sign - (look.px(12) if sign else 0)) // 2
            if sign:
                p.sign(button.sign, left, look.bar // 2, sign, ink)
                left += sign + look.px(12)
            p.write(button.text, left, (look.bar - round(size * HEADING)) // 2, size, ink, bold=True, inside=box)
            p.target(button.name, box, button.action)
            x += width


def _button_width(p: Painter, button: Button, size: int, signs: bool) -> int:
    sign = sign_size(p, size) + p.look.px(12) if signs else 0
    return p.width(button.text, size, True) + sign + p.look.px(2 * 16)


def run_bar(x: X11) -> int:
    """Everything after the connection to the X server."""
    return Bar(x, str(Paths(home_dir()).socket)).run()


