"""The window of the sheets under the bar. It never takes the keyboard, and goes where it is in nobody's way."""

import tkinter
from typing import TYPE_CHECKING

from kiosk.lockscreen.bar import draw as bar_draw
from kiosk.lockscreen.bar import hub as bar_hub
from kiosk.lockscreen.bar.content import Content
from kiosk.lockscreen.draw import Box, Painter

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

# The second click of a double click must not answer what the first one brought.
SETTLE_MS = 250
PREPARE_MS = 200


class Sheet:
    """One window for all sheets, unmapped while there is none."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._window = tkinter.Toplevel(bar.tk, background=bar.look.card)
        self._window.wm_withdraw()
        self._window.wm_overrideredirect(True)
        self._canvas = tkinter.Canvas(self._window, highlightthickness=0, borderwidth=0)
        self._canvas.pack(fill="both", expand=True)
        self.painter = Painter(self._canvas, bar.look, bar.pictures)
        self._window.bind("<Visibility>", self._on_visibility)
        self._canvas.bind("<ButtonPress-1>", self._on_press)
        self._canvas.bind("<ButtonRelease-1>", self._on_release)
        self._shown: object = None
        self._content: Content | None = None
        self._box = Box(0, 0, 0, 0)
        self._came = self._pressed = 0
        self.focus = -1

    def show(self, content: Content | None) -> None:
        """This sheet, or none."""
        if content is None or self._content is None or content.kind != self._content.kind or (
            [act.name for act in content.buttons] != [act.name for act in self._content.buttons]
        ):  # fmt: skip
            self.focus = -1
        bar = self._bar
        shown = (content, self.focus, bar.prefs.key(), bar.view)
        if shown == self._shown:
            return
        fresh = self._content is None or content is None
        self._shown, self._content = shown, content
        if content is None:
            self._window.wm_withdraw()
            return
        box, radius = self._draw(content)
        box = box._replace(x=box.x + bar.view.x, y=box.y + bar.view.y)
        self._draw_focus()
        self._place(box, radius)
        self._canvas.update_idletasks()
        if fresh:
            self._came = bar.now_ms()
        bar.hold_fonts(self._canvas)

    def prepare(self, content: Content) -> None:
        """Draw a sheet below the screen's edge, so that window, pictures and type are there when one comes."""
        if self._content is None:
            screen = self._bar.x.attributes(self._bar.x.root) or (0, 4096, 0)
            self._place(Box(0, screen[1], *self._draw(content)[0][2:]), 1)
            self._window.after(PREPARE_MS, self._prepared, content)

    def _prepared(self, content: Content) -> None:
        if self._content is None:
            self._draw(content)  # now that it is mapped, Tk really sets the words
            self._canvas.update_idletasks()
            self._bar.hold_fonts(self._canvas)
            self._window.wm_withdraw()

    def _draw(self, content: Content) -> bar_draw.Placing:
        self.painter.look = self._bar.look
        draw = {"idle": bar_draw.idle, "hub": bar_hub.hub}.get(content.kind, bar_draw.notice)
        return draw(self._bar, self.painter, content)

    # By keyboard

    def press(self) -> None:
        """The button that Tab has reached, else the first one."""
        content = self._bar.talk.sheet()
        if content is None or not content.buttons:
            return
        self._bar.talk.act(content.buttons[max(0, min(self.focus, len(content.buttons) - 1))].name)

    def next(self) -> None:
        """Go on to the next button; with no sheet there, to the sheet with everything."""
        content = self._bar.talk.sheet()
        if content is None:
            self._bar.talk.act("show_time")
        elif content.buttons:
            # Enter presses the first one by itself, so the first Tab goes to the second.
            self.focus = (max(self.focus, 0) + 1) % len(content.buttons)
            self._bar.sound.reached(content.buttons[self.focus], self.focus + 1, len(content.buttons))

    def _draw_focus(self) -> None:
        """A double frame, plain on every ground."""
        p, content = self.painter, self._content
        if self.focus < 0 or content is None or self.focus >= len(content.buttons):
            return
        name = content.buttons[self.focus].name
        box = next(target.box for target in p.targets if target.name == name)
        outer = box.inset(-p.look.px(6))
        for frame, colour in ((outer, p.look.ink), (outer.inset(p.look.px(3)), p.look.accent)):
            p.canvas.create_rectangle(
                frame.x, frame.y, frame.right, frame.bottom, outline=colour, width=p.look.px(3), fill=""
            )

    # By mouse and touch

    def _on_visibility(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if str(event.state) != "VisibilityUnobscured" and event.widget is self._window:
            self._bar.x.raise_(self._bar.toplevel(self._window))
            self._bar.x.flush()

    def holds(self, x: int, y: int) -> bool:
        """Whether a place of the screen is on the sheet, where there is one."""
        return self._content is not None and self._box.holds(x, y)

    def _on_press(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        self._bar.elsewhere.own_key()
        self._pressed = self._bar.now_ms()

    def _on_release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._bar.elsewhere.own_key()
        if self._pressed - self._came < SETTLE_MS:
            return
        for target in reversed(self.painter.targets):
            if target.box.holds(event.x, event.y):
                target.action()
                break
        else:
            # Who misses a button must not lose the sheet, where one of its buttons puts it away.
            content = self._content
            names = {act.name for act in content.buttons} if content is not None else set()
            if content is not None and content.kind != "idle" and not names & {"close", "seen"}:
                self._bar.talk.close()
        self._bar.redraw()

    def _place(self, box: Box, radius: int) -> None:
        if box != self._box:
            self._window.wm_geometry(f"{box.w}x{box.h}+{box.x}+{box.y}")
        if self._window.wm_state() != "normal":
            self._window.wm_deiconify()
        self._window.update_idletasks()
        if box != self._box:
            self._bar.x.round_corners(self._bar.toplevel(self._window), box.w, box.h, radius)
        self._box = box
