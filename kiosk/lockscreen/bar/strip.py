"""What stands in the bar's strip: the minutes as words and strokes, and the few buttons that are always at hand.

Where there is no room, signs move above their words, then go; then gaps and wide strokes, then whole buttons, which the
sheet with everything has as well; never the size of the type, and never "more time", that sheet, or the way out.
"""

from typing import TYPE_CHECKING, NamedTuple

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.look import SIGN_STEPS, Look, largest
from kiosk.lockscreen.widgets import Button, sign_size

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

# Buttons that may go, in this order.
MAY_GO = ("menu", "printing", "help", "usb", "typing")
STICK_SIGNS = {"saved": "check", "ejected": "check", "trouble": "warn", "saving": "save"}


ABOVE = 3


class Plan(NamedTuple):
    """A way to fit: which buttons have signs (2 all, ABOVE all, over words in the smallest type; 1 those that matter
    when in trouble, 0 none), the emblem, a stroke's width, the gap after it, more every ten, how many."""

    signs: int
    emblem: bool
    wide: int
    gap: int
    ten: int
    strokes: int = 60


# Best first. A stroke is a minute everywhere; where sixty have no room, the last twenty or ten stand for themselves.
WIDE = (Plan(2, True, 5, 2, 4), Plan(2, True, 4, 2, 3), Plan(2, True, 4, 1, 3), Plan(2, True, 3, 1, 3),
        Plan(2, False, 3, 1, 3), Plan(ABOVE, True, 4, 2, 3), Plan(ABOVE, True, 4, 1, 3), Plan(ABOVE, False, 4, 1, 3),
        Plan(ABOVE, False, 3, 1, 3), Plan(ABOVE, False, 2, 1, 2), Plan(1, True, 4, 1, 3), Plan(1, True, 3, 1, 3),
        Plan(1, False, 3, 1, 3), Plan(0, True, 3, 1, 3), Plan(0, False, 3, 1, 3), Plan(0, False, 2, 1, 2))  # fmt: skip
NARROW = (Plan(0, False, 4, 2, 3, 20), Plan(0, False, 3, 1, 2, 20), Plan(0, False, 4, 2, 0, 10),
          Plan(0, False, 3, 1, 0, 10), Plan(0, False, 2, 1, 0, 10), Plan(0, False, 0, 0, 0, 0))  # fmt: skip
KEEP_SIGNS = ("more", "help", "finish")


class Strip:
    """Draws the strip and knows its targets."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self.painter = Painter(bar.canvas, bar.look, bar.pictures)

    def _buttons(self) -> list[Button]:
        bar, talk = self._bar, self._bar.talk
        told = bool(bar.state.get("help_asked"))
        stick, printer = talk.one_stick(), bar.state.get("print") or {}
        buttons = []
        if talk.may_ask_more():
            # Warned, and the sheet is gone: now this is the one thing to touch.
            asks = not talk.notice and bool((bar.state.get("extension") or {}).get("offered"))
            buttons.append(Button("more", bar.say("More time"), "plus", "bar_act" if asks else "bar", talk.more))
        if bar.state.get("typing") in ("vi", "en"):
            buttons.append(Button("typing", "VI EN", "", "bar_typing", talk.typing))
        if stick is not None:
            sign = {"saved": "check", "ejected": "check", "trouble": "warn", "saving": "save"}.get(
                stick["state"], "usb"
            )
            buttons.append(Button("usb", "USB", sign, "bar", talk.usb))
        if printer.get("waiting") or printer.get("trouble"):
            words = bar.say("Print: {n}", n=printer["waiting"]) if printer.get("waiting") else bar.say("Printer")
            buttons.append(
                Button("printing", words, "warn" if printer.get("trouble") else "print", "bar", talk.printing)
            )
        buttons.append(Button("menu", bar.say("Menu"), "home", "bar", talk.menu))
        buttons.append(Button("hub", bar.say("Other things"), "down", "bar", talk.show_time))
        helping = bar.say("Staff told") if told else bar.say("Help")
        buttons.append(Button("help", helping, "check" if told else "help", "bar", talk.help))
        buttons.append(Button("finish", bar.say("Finish"), "door_open", "bar_finish", talk.finish))
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
        plan, buttons, widths, left = self._fit(widest, size)
        if plan.emblem:
            p.emblem(look.px(20), look.bar // 2, look.px(44), look.accent)
        p.write(words, left, (look.bar - round(look.bar_text * HEADING)) // 2, look.bar_text, look.on_dark, bold=True)
        p.target("time", Box(0, 0, look.width - sum(widths), look.bar), bar.talk.show_time)
        if plan.wide:
            self._strokes(left + widest + _aside(look, plan), plan)
        x = look.width - sum(widths)
        for button, width in zip(buttons, widths, strict=True):
            self._draw_button(button, Box(x, 0, width, look.bar), size, plan.signs)
            x += width
        if look.contrast:
            p.rectangle(Box(0, look.bar - 3, look.width, 3), look.on_dark)
        bar.canvas.update_idletasks()

    def _fit(self, words: int, size: int) -> tuple[Plan, list[Button], list[int], int]:
        """The best plan that fits, the buttons it leaves, their widths, and where the words begin."""
        p, look, buttons = self.painter, self.painter.look, self._buttons()
        names = {button.name for button in buttons}
        going = [name for name in MAY_GO if name in names]
        wide = [plan for plan in WIDE if plan.signs != ABOVE or _sign_above(look)]
        for gone in range(len(going) + 1):
            kept = [button for button in buttons if button.name not in going[:gone]]
            for plan in (*wide, *(NARROW if gone == len(going) else ())):
                parts = {key: round(getattr(plan, key) * look.scale) for key in ("wide", "gap", "ten")}
                scaled = plan._replace(**parts)
                widths = [_button_width(p, button, size, plan.signs) for button in kept]
                left = look.px(20 if plan.emblem else 16) + (look.px(58) if plan.emblem else 0)
                row = _row_width(scaled) + 2 * _aside(look, plan) if plan.wide else look.px(16)
                if left + words + row + sum(widths) <= look.width:
                    return scaled, kept, widths, left
        return scaled, kept, widths, left

    def _strokes(self, x: int, plan: Plan) -> None:
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
        if signs == ABOVE:
            size = look.small
        if button.style == "bar_typing":
            self._draw_typing(box, size)
            return
        if signs == ABOVE:
            self._draw_above(button, box, ink)
            return
        sign = sign_size(p, size) if _has_sign(button, signs) else 0
        word = p.width(button.text, size, True)
        left = box.x + (box.w - word - sign - (look.px(12) if sign else 0)) // 2
        if sign:
            p.sign(button.sign, left, look.bar // 2, sign, ink)
            left += sign + look.px(12)
        p.write(button.text, left, (look.bar - round(size * HEADING)) // 2, size, ink, bold=True, inside=box)

    def _draw_above(self, button: Button, box: Box, ink: str) -> None:
        """The sign over the word."""
        p, look = self.painter, self.painter.look
        size, sign = look.small, _sign_above(look)
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


def _aside(look: Look, plan: Plan) -> int:
    return look.px(24 if plan.signs in (1, 2) else 12)


def _row_width(plan: Plan) -> int:
    return plan.strokes * plan.wide + max(0, plan.strokes - 1) * plan.gap + max(0, plan.strokes - 1) // 10 * plan.ten


def _sign_above(look: Look) -> int:
    """How large a sign may stand over a word; 0 where the bar is not high enough for both."""
    room = look.bar - round(look.small * HEADING) - look.px(2)
    return largest(SIGN_STEPS, min(room, look.px(32))) if room >= look.px(24) else 0


def _has_sign(button: Button, signs: int) -> bool:
    return bool(button.sign) and (signs == 2 or (signs == 1 and button.name in KEEP_SIGNS))


def _button_width(p: Painter, button: Button, size: int, signs: int) -> int:
    size = p.look.small if signs == ABOVE else size
    if button.style == "bar_typing":
        half = max(p.width(lang, size, True) for lang in ("VI", "EN")) + p.look.px(16)
        return 2 * half + p.look.px(24)
    sign = sign_size(p, size) + p.look.px(12) if _has_sign(button, signs) else 0
    return p.width(button.text, size, True) + sign + p.look.px(2 * 16 if signs == 2 else 2 * 12)
