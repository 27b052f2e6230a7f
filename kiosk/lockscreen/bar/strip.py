"""What stands in the bar's strip: the minutes as words and strokes, and the few buttons that are always at hand.

Where there is no room, signs move above their words, then go; then gaps and wide strokes, then whole buttons, which the
sheet with everything has as well; never the size of the type, and never "more time", that sheet, or the way out.
"""

from functools import partial
from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.bar import strip_plan
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.widgets import Button, sign_size

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

STICK_SIGNS = {"saved": "check", "ejected": "check", "trouble": "warn", "saving": "save"}


class Strip:
    """Draws the strip and knows its targets."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self.painter = Painter(bar.canvas, bar.look, bar.pictures)

    def _buttons(self) -> list[Button]:
        bar, talk = self._bar, self._bar.talk
        act = partial(partial, talk.act)
        told = bool(bar.state.get("help_asked"))
        stick, printer = talk.one_stick(), bar.state.get("print") or {}
        buttons = []
        if talk.may_ask_more():
            # Warned, and the sheet is gone: now this is the one thing to touch.
            asks = not talk.notice and bool((bar.state.get("extension") or {}).get("offered"))
            buttons.append(Button("more", bar.say("More time"), "plus", "bar_act" if asks else "bar", act("more")))
        if bar.state.get("typing") in ("vi", "en"):
            buttons.append(Button("typing", "VI EN", "", "bar_typing", act("typing")))
        if stick is not None:
            buttons.append(Button("usb", "USB", STICK_SIGNS.get(stick["state"], "usb"), "bar", act("usb")))
        if printer.get("waiting") or printer.get("trouble"):
            words = bar.say("Print: {n}", n=printer["waiting"]) if printer.get("waiting") else bar.say("Printer")
            buttons.append(
                Button("printing", words, "warn" if printer.get("trouble") else "print", "bar", act("printing"))
            )
        buttons.append(Button("menu", bar.say("Menu"), "home", "bar", act("menu")))
        buttons.append(Button("hub", bar.say("Other things"), "down", "bar", act("show_time")))
        helping = bar.say("Staff told") if told else bar.say("Help")
        buttons.append(Button("help", helping, "check" if told else "help", "bar", act("help")))
        if not bar.is_class:
            buttons.append(Button("finish", bar.say("Finish"), "door_open", "bar_finish", act("finish")))
        return buttons

    def draw(self, look: Look) -> None:
        """Everything in the strip."""
        p, bar = self.painter, self._bar
        p.begin(look, look.dark_ground, Box(0, 0, look.width, look.bar))
        words = bar.time_words()
        # The widest words of the countdown, so that nothing moves from second to second.
        last = bar.state.get("last_screen_seconds") if bar.last_seconds() is not None else None
        longest = bar.say("{n} seconds left", n=last) if last else bar.say("{n} minutes left", n=60)
        widest = max(p.width(longest, look.bar_text, True), p.width(words, look.bar_text, True))
        size = min(max(round(look.bar_text * 0.875), look.small), look.bar_text)
        plan, buttons, widths, left = strip_plan.fit(p, self._buttons(), widest, size)
        if plan.emblem:
            p.emblem(look.px(20), look.bar // 2, look.px(44), look.accent)
        p.write(words, left, (look.bar - round(look.bar_text * HEADING)) // 2, look.bar_text, look.on_dark, bold=True)
        p.target("time", Box(0, 0, look.width - sum(widths), look.bar), partial(bar.talk.act, "show_time"))
        if plan.wide:
            self._strokes(left + widest + strip_plan.aside(look, plan), plan)
        x = look.width - sum(widths)
        for button, width in zip(buttons, widths, strict=True):
            self._draw_button(button, Box(x, 0, width, look.bar), size, plan.signs)
            x += width
        if look.contrast:
            p.rectangle(Box(0, look.bar - 3, look.width, 3), look.on_dark)
        bar.canvas.update_idletasks()

    def _strokes(self, x: int, plan: strip_plan.Plan) -> None:
        p, look = self.painter, self.painter.look
        tall, short = shapes.stroke_heights(look.scale)
        left = min(plan.strokes, self._bar.minutes())
        fresh, spent = shapes.ring_colours("dark", look.contrast)
        for stroke in range(plan.strokes):
            high, colour = (tall, fresh) if stroke < left else (short, spent)
            p.image(shapes.stroke_file(plan.wide, high, colour), x, (look.bar - high) // 2)
            x += plan.wide + plan.gap + (plan.ten if stroke % 10 == 9 else 0)

    def _draw_button(self, button: Button, box: Box, size: int, signs: int) -> None:
        p, look = self.painter, self.painter.look
        p.target(button.name, box, button.action)
        ink = look.on_dark
        if button.style == "bar_act":
            p.rectangle(box, look.accent)
            ink = look.on_accent
        elif button.style == "bar_finish" and not look.contrast:
            p.rectangle(box, look.on_dark_soft)
            ink = look.ink
        else:
            p.rectangle(Box(box.x, 0, 2, look.bar), look.rule_dark)
        if signs == strip_plan.ABOVE:
            size = look.small
        if button.style == "bar_typing":
            self._draw_typing(box, size)
            return
        if signs == strip_plan.ABOVE:
            self._draw_above(button, box, ink)
            return
        sign = sign_size(p, size) if strip_plan.has_sign(button, signs) else 0
        word = p.width(button.text, size, True)
        left = box.x + (box.w - word - sign - (look.px(12) if sign else 0)) // 2
        if sign:
            p.sign(button.sign, left, look.bar // 2, sign, ink)
            left += sign + look.px(12)
        p.write(button.text, left, (look.bar - round(size * HEADING)) // 2, size, ink, bold=True, inside=box)

    def _draw_above(self, button: Button, box: Box, ink: str) -> None:
        """The sign over the word."""
        p, look = self.painter, self.painter.look
        size, sign = look.small, strip_plan.sign_above(look)
        line = round(size * HEADING)
        top = max(look.px(1), (look.bar - sign - line) // 2 - look.px(2))  # a line has air above its letters
        p.sign(button.sign, box.x + (box.w - sign) // 2, top + sign // 2, sign, ink)
        p.write(button.text, box.x + box.w // 2, top + sign, size, ink, bold=True, anchor="c", inside=box)

    def _draw_typing(self, box: Box, size: int) -> None:
        """Two halves, the one that is typed in filled: shape and words tell it, not colour alone."""
        p, look = self.painter, self.painter.look
        half, high = (box.w - look.px(24)) // 2, look.px(44)
        for place, lang in enumerate(("vi", "en")):
            cell = Box(box.x + look.px(12) + place * half, (look.bar - high) // 2, half, high)
            chosen = self._bar.state.get("typing") == lang
            if chosen:
                p.card(cell, "dark_on", 11 if look.scale > 1 else 8)
            ink = (look.on_accent if look.contrast else look.ink) if chosen else look.on_dark
            y = (look.bar - round(size * HEADING)) // 2
            p.write(lang.upper(), cell.x + half // 2, y, size, ink, bold=True, anchor="c", inside=box)
