"""Which number each button of the strip has: shown below it for as long as somebody holds the Windows key.

Nothing listens for that key: once a second it is looked whether it is held, and only then more often. So the row costs
nobody who does not look for it anything, and is there for who wonders what the keyboard can do.
"""

import tkinter
from typing import TYPE_CHECKING

from kiosk.lockscreen.bar.keys import DIGITS
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.keys import SUPER
from kiosk.messages import LIVE

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

LOOK_MS = 200
# The strip's names, where they are not the acts'.
ACTS = {"hub": "show_time"}


class KeyTips:
    """`look` is called once a second; the row's window is made when it is first wanted."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._window: tkinter.Toplevel | None = None
        self.painter: Painter | None = None
        self._shown: object = None

    def look(self) -> None:
        """Show the numbers where the Windows key is held and no sheet hangs there, which tells its own keys."""
        held = bool(self._bar.x.pointer()[2] & SUPER) and self._bar.state.get("state") in LIVE
        self.show(held and self._bar.talk.sheet() is None)
        if self._shown is not None:
            self._bar.tk.after(LOOK_MS, self.look_again)

    def look_again(self) -> None:
        """While it is there, until the key is let go."""
        if self._shown is not None:
            self.look()

    def show(self, on: bool) -> None:
        """The row, or none."""
        bar = self._bar
        targets = tuple((target.name, target.box) for target in bar.strip.painter.targets)
        shown = (targets, bar.prefs.key(), bar.view) if on else None
        if shown == self._shown:
            return
        self._shown = shown
        if not on:
            if self._window is not None:
                self._window.wm_withdraw()
            return
        if self._window is None or self.painter is None:
            self._window, self.painter = self._make()
        high = self._draw(self.painter)
        view = bar.view
        self._window.wm_geometry(f"{view.w}x{high}+{view.x}+{view.y + bar.look.bar}")
        self._window.wm_deiconify()
        bar.hold_fonts(self.painter.canvas)

    def _make(self) -> tuple[tkinter.Toplevel, Painter]:
        window = tkinter.Toplevel(self._bar.tk, background=self._bar.look.dark_ground)
        window.wm_withdraw()
        window.wm_overrideredirect(True)
        canvas = tkinter.Canvas(window, highlightthickness=0, borderwidth=0)
        canvas.pack(fill="both", expand=True)
        return window, Painter(canvas, self._bar.look, self._bar.pictures)

    def _draw(self, p: Painter) -> int:
        """The row as if the strip had grown; returns its height."""
        bar, look = self._bar, self._bar.look
        side = look.px(40)
        top = look.px(4)
        row = Box(0, 0, look.width, top + side + look.px(8))
        p.begin(look, look.dark_ground, row)
        names = {name: str(digit) for digit, name in enumerate(DIGITS)}
        first = row.right
        for target in bar.strip.painter.targets:
            digit = names.get(ACTS.get(target.name, target.name))
            if digit is None:
                continue
            chip = Box(target.box.x + (target.box.w - side) // 2, top, side, side)
            first = min(first, chip.x)
            p.card(chip, "dark_on", 11 if look.scale > 1 else 8)
            ink = look.on_accent if look.contrast else look.ink
            line = top + (side - round(look.small * HEADING)) // 2
            p.write(digit, chip.x + side // 2, line, look.small, ink, bold=True, anchor="c", inside=chip)
        words = next((text for text in (bar.say("Hold the Windows key and press the number:"), "Windows +")
                      if p.width(text, look.small, True) <= first - look.px(40)), "")  # fmt: skip
        if words:
            line = top + (side - round(look.small * HEADING)) // 2
            p.write(words, look.px(20), line, look.small, look.on_dark, bold=True)
        if look.contrast:
            p.rectangle(Box(0, row.h - 3, row.w, 3), look.on_dark)
        return row.h
