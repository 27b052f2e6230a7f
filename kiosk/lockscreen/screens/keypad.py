"""Ten digits, one to take back and one to send, as on a telephone: a person who reads no more than digits knows it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from kiosk.lockscreen.draw import HEADING, Box, Painter


class Keypad(NamedTuple):
    """What its keys do. `typed`: there is something to take back; `ready`: it may be sent; `shut`: nothing may."""

    digit: Callable[[int], None]
    erase: Callable[[], None]
    send: Callable[[], None]
    typed: bool
    ready: bool
    shut: bool


def box(p: Painter, top: int) -> Box:
    """Where it stands: on the right, from `top` down."""
    look = p.look
    high = look.height - top - look.px(20)
    wide = min(round(look.width * 0.38), round(high * 0.86))
    return Box(look.width - look.margin - wide, top, wide, high)


def draw(p: Painter, at: Box, pad: Keypad) -> None:
    """The keys."""
    look = p.look
    gap, off = look.px(12), "chip" if look.contrast else "quiet"  # what may not be touched has no border
    wide, high = (at.w - 2 * gap) // 3, (at.h - 3 * gap) // 4
    for place, digit in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, None, 0)):
        if digit is None:
            continue
        row, column = divmod(place, 3)
        spot = Box(at.x + column * (wide + gap), at.y + row * (high + gap), wide, high)
        _key(p, spot, str(digit), "plain" if not pad.shut else off, not pad.shut, partial(pad.digit, digit))
    last = at.y + 3 * (high + gap)
    erase, go = Box(at.x, last, wide, high), Box(at.x + 2 * (wide + gap), last, wide, high)
    ready, typed = pad.ready and not pad.shut, pad.typed and not pad.shut
    for spot, name, style, on, action in (
        (erase, "erase", "quiet" if pad.typed else off, typed, pad.erase),
        (go, "check", "main" if ready else off, ready, pad.send),
    ):
        card = p.card(spot, style)
        size = look.px(56)
        p.sign(name, spot.x + (spot.w - size) // 2, spot.y + spot.h // 2, size, card.ink)
        if on:
            p.target(name, spot, action)


def _key(p: Painter, spot: Box, text: str, style: str, on: bool, action: "partial[None]") -> None:
    card, size = p.card(spot, style), p.look.title
    y = spot.y + (spot.h - round(size * HEADING)) // 2
    p.write(text, spot.x + spot.w // 2, y, size, card.ink, bold=True, anchor="c", inside=spot)
    if on:
        p.target(f"digit{text}", spot, action)
