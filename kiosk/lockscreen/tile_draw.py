"""Drawing one tile of a question where `tiles` has placed it."""

from typing import Any

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.tiles import Option, Tile, above, check, chip, digit_width, edge, is_quiet, words_height


def draw_tiles(p: Painter, tiles: list[Tile], question: dict[str, Any], chosen: tuple[int, ...]) -> None:
    """All tiles of a question; in one row the pictures stand at one height, however many lines the words take."""
    for tile in tiles:
        high = max(words_height(p, other) for other in tiles if other.box.y == tile.box.y)
        _draw_tile(p, tile, question["options"][tile.number], question, tile.number in chosen, high)


def _draw_tile(
    p: Painter, tile: Tile, option: Option, question: dict[str, Any], chosen: bool, high: int
) -> None:  # fmt: skip
    look, box = p.look, tile.box
    card = p.card(box, "chosen" if chosen else "tile")
    beside = tile.kind != "tall"
    spot = _draw_digit(p, tile, card, chosen)
    if question["kind"] == "several":
        _draw_check(p, box, "round" if is_quiet(question, option) else "box", chosen, beside)
    if beside:
        left = spot.right
        if tile.picture:
            left += edge(p)
            middle = box.y + (box.h - tile.picture) // 2
            p.picture(option["picture"], left + tile.picture // 2, middle, tile.picture, box)
        left += tile.picture + look.px(14 if tile.picture else 12)
        _draw_words(p, tile, left, box.y + (box.h - words_height(p, tile)) // 2, "w")
        return
    free = above(p, box, question["kind"] == "several")
    space = max(0, box.h - free - tile.picture - look.px(10) - high)
    start = box.y + free + min(space // 2, space - look.px(4))
    if tile.picture:
        p.picture(option["picture"], box.x + box.w // 2, start, tile.picture, box)
        start += tile.picture + look.px(10)
    _draw_words(p, tile, box.x + box.w // 2, start, "c")


def _draw_digit(p: Painter, tile: Tile, card: shapes.Card, chosen: bool) -> Box:
    """The key's digit, in a little square where there is room; returns its place."""
    look, box, side, gap = p.look, tile.box, chip(p), edge(p)
    beside = tile.kind != "tall"
    bare = beside and not tile.picture
    top = box.y + (box.h - side) // 2 if beside else box.y + gap - look.px(2)
    spot = Box(box.x + gap, top, digit_width(p) if bare else side, side)
    if not bare:
        p.card(spot, "chip_chosen" if chosen else "chip", 11 if look.scale > 1 else 8)
    ink = card.ink if look.contrast else look.ink_soft
    y = spot.y + (side - round(look.small * HEADING)) // 2
    p.write(str(tile.number + 1), spot.x + spot.w // 2, y, look.small, ink, bold=True, anchor="c", inside=box)
    return spot


def _draw_check(p: Painter, box: Box, kind: str, chosen: bool, beside: bool) -> None:
    size, gap = check(p), edge(p)
    y = box.y + (box.h - size) // 2 if beside else box.y + gap
    p.image(shapes.box_file(kind, size, chosen, p.look.contrast), box.right - gap - size, y, size, box)


def _draw_words(p: Painter, tile: Tile, x: int, y: int, anchor: str) -> None:
    look = p.look
    ink = look.ink
    below = p.write(tile.label, x, y, tile.size, ink, bold=True, anchor=anchor, inside=tile.box)
    if tile.sublabel:
        p.write(tile.sublabel, x, below.bottom, look.body, ink, anchor=anchor, inside=tile.box)
