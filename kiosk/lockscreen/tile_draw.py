"""Drawing one tile of a question where `tiles` has placed it."""

from typing import Any

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.tiles import Option, Tile, above, check, chip, digit_width, edge, is_quiet, words_height


def draw_tile(p: Painter, tile: Tile, option: Option, question: dict[str, Any], chosen: bool) -> None:
    """The card, its digit, its box, its picture and its words."""
    look, box = p.look, tile.box
    card = p.card(box, "chosen" if chosen else "tile")
    side, gap = chip(p), edge(p)
    row = tile.kind != "tall"
    top = box.y + (box.h - side) // 2 if row else box.y + gap - look.px(2)
    bare = row and not tile.picture
    spot = Box(box.x + gap, top, digit_width(p) if bare else side, side)
    if not bare:
        p.card(spot, "chip_chosen" if chosen else "chip", 11 if look.scale > 1 else 8)
    ink = card.ink if look.contrast else look.ink_soft
    digit = round(look.small * HEADING)
    p.write(str(tile.number + 1), spot.x + spot.w // 2, spot.y + (side - digit) // 2, look.small, ink, bold=True,
            anchor="c", inside=box)  # fmt: skip
    if question["kind"] == "several":
        _draw_check(p, box, "round" if is_quiet(question, option) else "box", chosen, row)
    if row:
        left = spot.right + (gap if tile.picture else 0)
        if tile.picture:
            high = box.y + (box.h - tile.picture) // 2
            p.picture(option["picture"], left + tile.picture // 2, high, tile.picture, box)
        left += tile.picture + look.px(6 if bare else 14)
        _draw_words(p, tile, left, box.y + (box.h - words_height(p, tile)) // 2, "w")
        return
    free = above(p, box, question["kind"] == "several")
    inner = tile.picture + look.px(10) + words_height(p, tile)
    space = max(0, box.h - free - inner)
    start = box.y + free + min(space // 2, space - look.px(4))
    if tile.picture:
        p.picture(option["picture"], box.x + box.w // 2, start, tile.picture, box)
        start += tile.picture + look.px(10)
    _draw_words(p, tile, box.x + box.w // 2, start, "c")


def _draw_check(p: Painter, box: Box, kind: str, chosen: bool, row: bool) -> None:
    size, gap = check(p), edge(p)
    y = box.y + (box.h - size) // 2 if row else box.y + gap
    p.image(shapes.box_file(kind, size, chosen, p.look.contrast), box.right - gap - size, y, size, box)


def _draw_words(p: Painter, tile: Tile, x: int, y: int, anchor: str) -> None:
    look = p.look
    ink = look.ink
    below = p.write(tile.label, x, y, tile.size, ink, bold=True, anchor=anchor, inside=tile.box)
    if tile.sublabel:
        p.write(tile.sublabel, x, below.bottom, look.body, ink, anchor=anchor, inside=tile.box)
