"""The sheets under the bar: warnings, more time, finishing, "are you still there?". They never take the keyboard."""

import tkinter
from typing import TYPE_CHECKING

from kiosk.lockscreen.bar_talk import Content
from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.look import RING_STEPS, Look, largest
from kiosk.lockscreen.widgets import Button, put

if TYPE_CHECKING:
    from kiosk.lockscreen.bar import Bar


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
        self._canvas.bind("<ButtonRelease-1>", self._on_release)
        self._shown: object = None
        self._box = Box(0, 0, 0, 0)

    def show(self, content: Content | None) -> None:
        """This sheet, or none."""
        shown = (content, self._bar.prefs.key(), self._bar.look.width)
        if shown == self._shown:
            return
        self._shown = shown
        if content is None:
            self._window.wm_withdraw()
            return
        self.painter.look = self._bar.look
        if content.kind == "idle":
            self._idle(content)
        else:
            self._notice(content)
        self._canvas.update_idletasks()

    def first(self) -> None:
        """What Enter does: the first button of the sheet that is shown, if it has any."""
        content = self._bar.talk.sheet()
        if content is None:
            return
        if content.kind == "idle":
            self._bar.talk.still_here()
            return
        for button in self._buttons(content)[:1]:
            button.action()

    def _on_visibility(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if str(event.state) != "VisibilityUnobscured" and event.widget is self._window:
            self._bar.x.raise_(self._bar.toplevel(self._window))
            self._bar.x.flush()

    def _on_release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        for target in reversed(self.painter.targets):
            if target.box.holds(event.x, event.y):
                target.action()
                break
        else:
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

    def _buttons(self, content: Content) -> list[Button]:
        bar, talk = self._bar, self._bar.talk
        buttons = []
        if content.extend:
            minutes = (bar.state.get("extension") or {}).get("minutes", 0)
            buttons.append(Button("extend", bar.say("Add {n} minutes", n=minutes), "plus", "act", talk.more))
        if content.finish:
            sure = content.back
            buttons.append(Button("finish", bar.say("Finish"), "door_open" if sure else "", "act" if sure else "plain",
                                  talk.finish_now if sure else talk.finish))  # fmt: skip
        if content.back:
            buttons.append(Button("back", bar.say("Back"), "back", "plain", talk.close))
        return buttons

    def _notice(self, content: Content) -> None:
        p, look = self.painter, self._bar.look
        pad, wide = look.px(36), min(look.px(820), look.width - 2 * look.margin)
        ring = largest(RING_STEPS, look.px(120)) if content.tall >= 0 else 0
        left = pad + look.px(4) + (ring + look.px(36) if ring else 0)
        room = wide - left - pad
        longest = max(content.text.replace("? ", ". ").split(". "), key=len)
        size = p.fit(longest, room, max(look.label, min(look.title, look.px(38))), look.label)
        lines = p.lines(content.text, size, True, room)
        step = round(size * HEADING)
        upper = max(ring, step * len(lines))
        buttons, high = self._buttons(content), look.px(96)
        keys = self._keys(content, buttons)
        hint = p.lines(keys, look.small, False, wide - 2 * pad) if keys else []
        tall = pad * 2 + upper + (look.px(32) + high if buttons else 0)
        below = tall - pad + look.px(16)
        tall += look.px(16) + round(look.small * HEADING) * len(hint) if hint else 0
        p.begin(look, look.card, Box(0, 0, wide, tall))
        p.card(Box(0, 0, wide, tall), "sheet")
        if ring:
            self._ring(pad + look.px(4) + ring // 2, pad + upper // 2, ring, content, "light", look.title, look.ink)
        p.write(lines, left, pad + (upper - step * len(lines)) // 2, size, look.ink, bold=True)
        if buttons:
            self._button_row(buttons, Box(pad, pad + upper + look.px(32), wide - 2 * pad, high), size)
        if hint:
            p.write(hint, pad, below, look.small, look.ink_soft)
        self._place(Box((look.width - wide) // 2, look.bar + look.px(24), wide, tall), look.radius)

    def _keys(self, content: Content, buttons: list[Button]) -> str:
        """What works by keyboard here."""
        if content.keys:
            return self._bar.say("Keyboard: Windows key with 1 Menu, 2 More time, 3 Help, 4 Finish, Esc to close.")
        if buttons:
            return self._bar.say("Keyboard: Windows + Enter: {button}. Windows + Esc: close.", button=buttons[0].text)
        return ""

    def _ring(
        self, x: int, y: int, room: int, content: Content, tone: str, size: int, colour: str
    ) -> None:  # fmt: skip
        p = self.painter
        p.ring(x, y, room, content.tall, tone)
        size = p.fit(str(content.number), round(room * 0.6), size, p.look.small)
        p.write(str(content.number), x, y - round(size * HEADING) // 2, size, colour, bold=True, anchor="c")

    def _button_row(self, buttons: list[Button], box: Box, size: int) -> None:
        p, look = self.painter, self._bar.look
        gap, size = look.px(16), min(size, max(look.label, look.px(34)))
        if len(buttons) == 1:
            put(p, buttons[0], box, size)
            return
        needs = [p.width(b.text, size, True) + (size * 2 if b.sign else 0) + look.px(40) for b in buttons]
        first = max(round((box.w - gap) * 0.5), min(needs[0], box.w - gap - needs[1]))
        put(p, buttons[0], Box(box.x, box.y, first, box.h), size)
        put(p, buttons[1], Box(box.x + first + gap, box.y, box.w - gap - first, box.h), size)

    def _idle(self, content: Content) -> None:
        bar, p, look = self._bar, self.painter, self._bar.look
        page = Box(0, 0, look.width, look.height - look.bar)
        p.begin(look, look.dark_ground, page)
        middle = page.h // 2 - look.px(8)
        ring = largest(RING_STEPS, min(look.width * 0.3, page.h * 0.6))
        centre = round(look.width * 0.236) if look.name != "1024x768" else look.margin + ring // 2
        self._idle_ring(p, look, centre, middle, ring, content)
        left = round(look.width * 0.434) if look.name != "1024x768" else look.margin * 2 + ring
        room = look.width - look.margin - left
        size = p.fit(content.text, room, look.title, look.body)
        head = p.lines(content.text, size, True, room)
        rest = p.lines(bar.say("The session will end in {n} seconds.", n=content.number), look.body, False, room)
        high = look.px(120), look.px(88)
        total = round(size * HEADING) * len(head) + round(look.body * BODY) * len(rest) + sum(high) + look.px(64)
        box = p.write(head, left, middle - total // 2, size, look.on_dark, bold=True)
        box = p.write(rest, left, box.bottom + look.px(8), look.body, look.on_dark, leading=BODY)
        here = Button("still_here", bar.say("I'm still here"), "hand", "act", bar.talk.still_here)
        finish = Button("finish", bar.say("Finish"), "", "dark", bar.talk.finish)
        put(p, here, Box(left, box.bottom + look.px(36), room, high[0]), round(look.label * 1.3))
        put(p, finish, Box(left, box.bottom + look.px(36) + high[0] + look.px(20), room, high[1]), look.label)
        hint = p.lines(bar.say("Keyboard: Windows + Enter."), look.small, False, room)
        p.write(hint, left, page.h - look.px(64), look.small, look.on_dark_soft)
        self._place(Box(0, look.bar, page.w, page.h), 1)

    def _idle_ring(self, p: Painter, look: Look, x: int, y: int, ring: int, content: Content) -> None:
        p.ring(x, y, ring, content.tall, "dark")
        big = round(ring * 0.31)
        unit = self._bar.say("seconds")
        top = y - round((big + look.label * HEADING) / 2)
        box = p.write(str(content.number), x, top, big, look.on_dark, bold=True, anchor="c", leading=1.0)
        p.write(unit, x, box.bottom, look.label, look.on_dark, anchor="c")
