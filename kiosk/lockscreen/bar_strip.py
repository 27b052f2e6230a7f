"""What stands in the bar's strip: as many signs and as wide strokes as the screen has room for."""

from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.widgets import Button, sign_size

if TYPE_CHECKING:
    from kiosk.lockscreen.bar import Bar

# Ways to fit, best first: (words as large as the minutes, signs, emblem, stroke width, gap, more every ten[, strokes]).
# A stroke is a minute everywhere; where sixty have no room, the last twenty or ten stand for themselves.
LADDER = (
    (True, True, True, 5, 2, 4), (True, True, True, 4, 2, 3), (True, True, True, 4, 1, 3), (False, True, True, 4, 2, 3),
    (False, True, True, 4, 1, 3), (True, True, True, 3, 1, 3), (False, True, True, 3, 1, 3),
    (False, True, False, 3, 1, 3), (False, False, True, 4, 2, 3), (False, False, True, 4, 1, 3),
    (False, False, True, 3, 1, 3), (False, False, False, 3, 1, 3), (False, True, False, 2, 1, 2),
    (False, False, False, 2, 1, 2), (False, False, False, 4, 2, 3, 20), (False, False, False, 3, 1, 2, 20),
    (False, False, False, 4, 2, 0, 10), (False, False, False, 3, 1, 0, 10), (False, False, False, 2, 1, 0, 10),
    (False, False, False, 0, 0, 0),
)  # fmt: skip


class Strip:
    """Draws the strip and knows its targets."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self.painter = Painter(bar.canvas, bar.look, bar.pictures)

    def _buttons(self) -> list[Button]:
        talk = self._bar.talk
        told = bool(self._bar.state.get("help_asked"))
        buttons = [Button("menu", self._bar.say("Menu"), "home", "bar", talk.menu)]
        if talk.may_ask_more():
            buttons.append(Button("more", self._bar.say("More time"), "plus", "bar", talk.more))
        helping = self._bar.say("Staff told") if told else self._bar.say("Help")
        buttons.append(Button("help", helping, "check" if told else "help", "bar", talk.help))
        buttons.append(Button("finish", self._bar.say("Finish"), "door_open", "bar_finish", talk.finish))
        return buttons

    def draw(self, look: Look) -> None:
        """Everything in the strip."""
        p = self.painter
        p.begin(look, look.dark_ground, Box(0, 0, look.width, look.bar))
        buttons, words = self._buttons(), self._bar.time_words()
        # The widest words of the countdown, so that nothing moves from second to second.
        last = self._bar.state.get("last_screen_seconds") if self._bar.last_seconds() is not None else None
        longest = self._bar.say("{n} seconds left", n=last) if last else self._bar.say("{n} minutes left", n=60)
        widest = max(p.width(longest, look.bar_text, True), p.width(words, look.bar_text, True))
        for large, signs, emblem, wide, gap, ten, *fewer in LADDER:
            size = max(round(look.bar_text * 0.875), look.small) if large else min(look.small, look.bar_text)
            widths = [_button_width(p, b, size, signs) for b in buttons]
            wide, gap, ten = (round(part * look.scale) for part in (wide, gap, ten))
            aside = look.px(24 if signs else 12)
            left = look.px(20 if emblem else 16) + (look.px(58) if emblem else 0)
            count = fewer[0] if fewer else 60
            strokes = _row_width(count, wide, gap, ten) + 2 * aside if wide else look.px(16)
            if left + widest + strokes + sum(widths) <= look.width:
                break
        if emblem:
            p.emblem(look.px(20), look.bar // 2, look.px(44), look.accent)
        p.write(words, left, (look.bar - round(look.bar_text * HEADING)) // 2, look.bar_text, look.on_dark, bold=True)
        p.target("time", Box(0, 0, look.width - sum(widths), look.bar), self._bar.talk.show_time)
        if wide:
            self._strokes(left + widest + aside, count, wide, gap, ten)
        self._draw_buttons(buttons, widths, size, signs)
        if look.contrast:
            p.rectangle(Box(0, look.bar - 3, look.width, 3), look.on_dark)
        self._bar.canvas.update_idletasks()

    def _strokes(self, x: int, count: int, wide: int, gap: int, ten: int) -> None:
        p, look = self.painter, self.painter.look
        tall, short = shapes.stroke_heights(look.scale)
        left = min(count, self._bar.minutes())
        fresh, spent = shapes.ring_colours("dark", look.contrast)
        for stroke in range(count):
            high, colour = (tall, fresh) if stroke < left else (short, spent)
            p.image(shapes.stroke_file(wide, high, colour), x, (look.bar - high) // 2)
            x += wide + gap + (ten if stroke % 10 == 9 else 0)

    def _draw_buttons(self, buttons: list[Button], widths: list[int], size: int, signs: bool) -> None:
        p, look = self.painter, self.painter.look
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


def _row_width(count: int, wide: int, gap: int, ten: int) -> int:
    return count * wide + (count - 1) * gap + (count - 1) // 10 * ten


def _button_width(p: Painter, button: Button, size: int, signs: bool) -> int:
    sign = sign_size(p, size) + p.look.px(12) if signs else 0
    return p.width(button.text, size, True) + sign + p.look.px(2 * 16 if signs else 2 * 12)
