"""Buttons, and rows of buttons that give up their signs, then wrap, before any word is cut or made smaller."""

from collections.abc import Callable
from typing import NamedTuple

from kiosk.lockscreen.draw import Box, Painter
from kiosk.lockscreen.look import SIGN_STEPS, largest
from kiosk.lockscreen.shapes import Card


class Button(NamedTuple):
    """A card with a word and perhaps a sign, before the word or (`after`) behind it.

    A button whose word changes under the finger is as wide as its other word needs: nothing beside it may move.
    """

    name: str
    text: str
    sign: str
    style: str
    action: Callable[[], None]
    after: bool = False
    as_wide_as: str = ""
    keeps_sign: bool = False


def sign_size(p: Painter, size: int) -> int:
    """A sign beside words of this size."""
    return largest(SIGN_STEPS, size * 1.34)


def pad(p: Painter) -> int:
    """The space between a button's edge and its word."""
    return p.look.px(22 if p.look.name != "1024x768" else 15)


def button_width(p: Painter, button: Button, size: int, signs: bool) -> int:
    """How wide a button must be for its word on one line."""
    if not button.text:
        return p.look.tool
    sign = sign_size(p, size) + p.look.px(12) if (signs or button.keeps_sign) and button.sign else 0
    words = max(p.width(text, size, True) for text in (button.text, button.as_wide_as))
    return int(max(words + sign + 2 * pad(p), p.look.tool))


def put(p: Painter, button: Button, box: Box, size: int, signs: bool = True) -> None:
    """Draw a button and make it a target. A word too wide for the box is set in two lines of the smallest type."""
    card: Card = p.card(box, button.style)
    if not button.text:
        sign = sign_size(p, size)
        p.sign(button.sign, box.x + (box.w - sign) // 2, box.y + box.h // 2, sign, card.ink)
        p.target(button.name, box, button.action)
        return
    room = box.w - 2 * (pad(p) // 2)
    size, sign, lines = _wording(p, button, size, signs, room)
    gap = p.look.px(12) if sign else 0
    wide = max(p.width(line, size, True) for line in lines)
    left = box.x + (box.w - wide - sign - gap) // 2
    middle = box.y + box.h // 2
    step = round(size * 1.3)
    words_left = left if button.after else left + sign + gap
    p.write(lines, words_left + wide // 2, middle - step * len(lines) // 2, size, card.ink, bold=True, anchor="c",
            inside=box)  # fmt: skip
    if sign:
        p.sign(button.sign, left + wide + gap if button.after else left, middle, sign, card.ink)
    p.target(button.name, box, button.action)


def _wording(p: Painter, button: Button, size: int, signs: bool, room: int) -> tuple[int, int, list[str]]:
    """(size, sign's size, lines) for a button's word: one line a little smaller, or without sign, before two lines."""
    signs = signs or button.keeps_sign
    for sign in (sign_size(p, size), 0) if signs and button.sign else (0,):
        left = room - sign - (p.look.px(12) if sign else 0)
        fits = p.fit(button.text, left, size, max(p.look.small, size * 3 // 4))
        if p.width(button.text, fits, True) <= left:
            return fits, sign, [button.text]
    small = min(size, p.look.small)
    return small, 0, p.lines(button.text, small, True, room, 2)


def row_width(p: Painter, buttons: list[Button], size: int, signs: bool, gap: int) -> int:
    """How wide a row of buttons is."""
    return sum(button_width(p, b, size, signs) for b in buttons) + gap * max(len(buttons) - 1, 0)


def put_row(p: Painter, left: list[Button], right: list[Button], box: Box, size: int, gap: int | None = None) -> bool:
    """Buttons from the left and from the right edge of a box; False when even without signs one had to wrap."""
    gap = gap if gap is not None else p.look.px(12 if p.look.name != "1024x768" else 10)
    everything = [*left, *right]
    signs = row_width(p, everything, size, True, gap) <= box.w
    widths = [button_width(p, b, size, signs) for b in everything]
    whole = sum(widths) + gap * (len(everything) - 1) <= box.w
    if not whole:
        widths = _squeeze(p, everything, widths, size, box.w - gap * (len(everything) - 1))
    x = box.x
    for button, width in zip(left, widths, strict=False):
        put(p, button, Box(x, box.y, width, box.h), size, signs)
        x += width + gap
    x = box.right - sum(widths[len(left) :]) - gap * max(len(right) - 1, 0)
    for button, width in zip(right, widths[len(left) :], strict=True):
        put(p, button, Box(x, box.y, width, box.h), size, signs)
        x += width + gap
    return whole


Halves = tuple[list[Button], list[Button]]


def put_two_rows(p: Painter, above: Halves, below: Halves, rows: tuple[Box, Box], gap: int) -> None:
    """Two rows that fill their boxes, each of a left and a right half: the halves part at one line if they can."""
    size, wide = p.look.small, rows[0].w
    needs = [[row_width(p, half, size, True, gap) for half in halves] for halves in (above, below)]
    left, right = (max(need) for need in zip(*needs, strict=True))
    spare = wide - gap - left - right
    for halves, need, row in ((above, needs[0], rows[0]), (below, needs[1], rows[1])):
        if spare >= 0:
            first = left + spare // 2
        else:
            first = need[0] + max(0, wide - gap - sum(need)) // 2
        fill_row(p, halves[0], row._replace(w=first), size, gap)
        fill_row(p, halves[1], row._replace(x=row.x + first + gap, w=wide - first - gap), size, gap)


def fill_row(p: Painter, buttons: list[Button], box: Box, size: int, gap: int) -> None:
    """Buttons side by side from edge to edge; what they do not need is shared."""
    widths = [button_width(p, button, size, True) for button in buttons]
    spare, x = box.w - sum(widths) - gap * (len(buttons) - 1), box.x
    for place, (button, width) in enumerate(zip(buttons, widths, strict=True)):
        wide = width + spare // len(buttons) if place < len(buttons) - 1 else box.right - x
        put(p, button, Box(x, box.y, wide, box.h), size)
        x += wide + gap


def _squeeze(p: Painter, buttons: list[Button], widths: list[int], size: int, room: int) -> list[int]:
    """Let the widest buttons wrap, one after another, until the row fits."""
    widths = list(widths)
    for place in sorted(range(len(widths)), key=lambda i: -widths[i]):
        if sum(widths) <= room:
            break
        small = min(size, p.look.small)
        lines = p.lines(buttons[place].text, small, True, p.width(buttons[place].text, small, True) * 2 // 3, 2)
        widths[place] = max(p.width(line, small, True) for line in lines) + 2 * pad(p)
    return widths
