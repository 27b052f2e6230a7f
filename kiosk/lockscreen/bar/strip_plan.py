"""How the strip's buttons, words and strokes find room: signs move above their words, then go, then whole buttons."""

from typing import NamedTuple

from kiosk.lockscreen.draw import HEADING, Painter
from kiosk.lockscreen.look import SIGN_STEPS, Look, largest
from kiosk.lockscreen.widgets import Button, sign_size

# Buttons that may go, in this order.
MAY_GO = ("menu", "printing", "help", "usb", "typing")
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


def fit(p: Painter, buttons: list[Button], words: int, size: int) -> tuple[Plan, list[Button], list[int], int]:
    """The best plan that fits, the buttons it leaves, their widths, and where the words begin."""
    look, names = p.look, {button.name for button in buttons}
    going = [name for name in MAY_GO if name in names]
    wide = [plan for plan in WIDE if plan.signs != ABOVE or sign_above(look)]
    for gone in range(len(going) + 1):
        kept = [button for button in buttons if button.name not in going[:gone]]
        for plan in (*wide, *(NARROW if gone == len(going) else ())):
            parts = {key: round(getattr(plan, key) * look.scale) for key in ("wide", "gap", "ten")}
            scaled = plan._replace(**parts)
            widths = [_button_width(p, button, size, plan.signs) for button in kept]
            left = look.px(20 if plan.emblem else 16) + (look.px(58) if plan.emblem else 0)
            row = _row_width(scaled) + 2 * aside(look, plan) if plan.wide else look.px(16)
            if left + words + row + sum(widths) <= look.width:
                return scaled, kept, widths, left
    return scaled, kept, widths, left


def aside(look: Look, plan: Plan) -> int:
    """Beside the strokes, on both sides."""
    return look.px(24 if plan.signs in (1, 2) else 12)


def _row_width(plan: Plan) -> int:
    return plan.strokes * plan.wide + max(0, plan.strokes - 1) * plan.gap + max(0, plan.strokes - 1) // 10 * plan.ten


def sign_above(look: Look) -> int:
    """How large a sign may stand over a word; 0 where the bar is not high enough for both."""
    room = look.bar - round(look.small * HEADING) - look.px(2)
    return largest(SIGN_STEPS, min(room, look.px(32))) if room >= look.px(24) else 0


def has_sign(button: Button, signs: int) -> bool:
    return bool(button.sign) and (signs == 2 or (signs == 1 and button.name in KEEP_SIGNS))


def _button_width(p: Painter, button: Button, size: int, signs: int) -> int:
    size = p.look.small if signs == ABOVE else size
    if button.style == "bar_typing":
        half = max(p.width(lang, size, True) for lang in ("VI", "EN")) + p.look.px(16)
        return 2 * half + p.look.px(24)
    sign = sign_size(p, size) + p.look.px(12) if has_sign(button, signs) else 0
    return p.width(button.text, size, True) + sign + p.look.px(2 * 16 if signs == 2 else 2 * 12)
