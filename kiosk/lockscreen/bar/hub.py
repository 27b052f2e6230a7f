"""The sheet with everything that can be done: 96 px buttons in columns, each with its key as on the sign-in's tiles."""

from typing import TYPE_CHECKING

from kiosk.lockscreen.bar.acts import Act
from kiosk.lockscreen.bar.content import Content
from kiosk.lockscreen.bar.draw import Head, Placing, buttons_of, place, sheet_pad, strokes
from kiosk.lockscreen.bar.keys import key_of
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.widgets import fill_row, sign_size

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

COLUMNS, TONES = 3, 10


def hub(bar: "Bar", p: Painter, content: Content) -> Placing:
    """Draw it below the bar."""
    look, pad = bar.look, sheet_pad(bar.look)
    wide = min(look.px(1180), look.width - 2 * look.margin)
    head, gap = Head(p, content, wide), look.px(14)
    rows, looks = _rows(content), [act for act in content.buttons if not act.key]
    hint = p.lines(bar.say("Keyboard: hold the Windows key and press the number. Esc closes."), look.small, False,
                   wide - 2 * pad)  # fmt: skip
    grid = pad + head.high + look.px(24)
    # Short of height the buttons lose some of theirs, then the sentence goes: each button shows its key.
    for high, said in ((96, hint), (88, hint), (80, hint), (80, [])):
        high, low = look.px(high), look.tool
        reading = grid + len(rows) * (high + gap)
        below = reading + low + look.px(14)
        tall = below + (round(look.small * HEADING) * len(said) + look.px(20) if said else pad - look.px(14))
        if place(look, wide, tall)[0].bottom <= look.height:
            break
    p.begin(look, look.card, Box(0, 0, wide, tall))
    p.card(Box(0, 0, wide, tall), "sheet")
    head.draw(pad)
    for number, row in enumerate(rows):
        _row(bar, p, content, row, Box(pad, grid + number * (high + gap), wide - 2 * pad, high), gap)
    fill_row(p, buttons_of(bar, tuple(looks)), Box(pad, reading, wide - 2 * pad, low), look.small, gap)
    if said:
        p.write(said, pad, below, look.small, look.ink_soft)
    return place(look, wide, tall)


def _rows(content: Content) -> list[list[tuple[Act | None, int]]]:
    """(act, columns) of each place, row by row: the one in rice takes two, None is the volume, the way out is last.

    The rows share the places evenly and all fill the width. What has no key is no act of these rows: how to read
    stands in a low one below.
    """
    *acts, finish = (act for act in content.buttons if act.key)
    order: list[Act | None] = [*acts, *([None] if content.share is not None else []), finish]
    cells = [(act, 2 if act is not None and act.style == "act" else 1) for act in order]
    count = -(-sum(span for _act, span in cells) // COLUMNS)
    rows: list[list[tuple[Act | None, int]]] = []
    for left in range(count, 0, -1):
        share = -(-sum(span for _act, span in cells) // left)
        row: list[tuple[Act | None, int]] = []
        while cells and sum(span for _act, span in row) < share:
            row.append(cells.pop(0))
        rows.append(row)
    return rows


def _row(
    bar: "Bar", p: Painter, content: Content, row: list[tuple[Act | None, int]], area: Box, gap: int
) -> None:  # fmt: skip
    """One row of places, from edge to edge."""
    parts = sum(span for _act, span in row)
    each, x = (area.w - (parts - 1) * gap) // parts, area.x
    for act, span in row:
        box = Box(x, area.y, span * (each + gap) - gap, area.h)
        x = box.right + gap
        if act is not None:
            _button(bar, p, act, box)
        elif content.share is not None:
            _volume(bar, p, content.share, box)


def _button(bar: "Bar", p: Painter, act: Act, box: Box) -> None:
    """The key in its little square, the sign, the word; the sign gives way before the word does."""
    look = p.look
    card = p.card(box, act.style)
    chip = _chip(p, act.key, Box(box.x + look.px(12), box.y, 0, box.h), act.style)
    left = chip.right + look.px(12)
    room = box.right - look.px(10) - left
    sign = sign_size(p, look.label) if act.sign else 0
    if sign and p.width(act.text, look.label, True) + sign + look.px(12) > room:
        sign = 0 if _two_lines(p, act.text, room - sign - look.px(12)) is None else sign
    words = room - (sign + look.px(12) if sign else 0)
    size, lines = look.label, [act.text]
    if p.width(act.text, size, True) > words:
        size = look.small
        lines = p.lines(act.text, size, True, words, 2)
    if sign:
        p.sign(act.sign, left, box.y + box.h // 2, sign, card.ink)
        left += sign + look.px(12)
    step = round(size * HEADING)
    p.write(lines, left, box.y + (box.h - step * len(lines)) // 2, size, card.ink, bold=True, inside=box)
    p.target(act.name, box, lambda: bar.talk.act(act.name))


def _two_lines(p: Painter, text: str, room: int) -> list[str] | None:
    """The word in two lines of small type, if it fits so."""
    lines = p.lines(text, p.look.small, True, room, 2)
    return lines if max(p.width(line, p.look.small, True) for line in lines) <= room else None


def _chip(p: Painter, digit: str, cell: Box, style: str) -> Box:
    """The key's digit in its square, in the middle of a cell's height."""
    look = p.look
    side = look.px(36 if not look.large else 40)
    spot = Box(cell.x, cell.y + (cell.h - side) // 2, side, side)
    p.card(spot, "chip_chosen" if style == "act" and not look.contrast else "chip", 11 if look.scale > 1 else 8)
    ink = look.ink if look.contrast else look.ink_soft
    y = spot.y + (side - round(look.small * HEADING)) // 2
    p.write(digit, spot.x + side // 2, y, look.small, ink, bold=True, anchor="c", inside=spot)
    return spot


def _volume(bar: "Bar", p: Painter, level: tuple[int, int], box: Box) -> None:
    """Softer, how loud it is in strokes, louder."""
    look, side = p.look, p.look.px(88)
    for name, sign, x in (("quieter", "minus", box.x), ("louder", "plus", box.right - side)):
        cell = Box(x, box.y, side, box.h)
        card = p.card(cell, "plain")
        size = 32 if look.scale == 1 else 44
        chip = _chip(p, key_of(name), Box(cell.x + look.px(8), cell.y, 0, cell.h), "plain")
        p.sign(sign, chip.right + look.px(6), cell.y + cell.h // 2, size, card.ink)
        p.target(name, cell, lambda name=name: bar.talk.act(name))  # type: ignore[misc]
    room = box.w - 2 * side - look.px(8)
    middle, word = box.x + box.w // 2, bar.say("Sound")
    p.write(word, middle, box.y + look.px(6), look.small, look.ink, bold=True, anchor="c", inside=box)
    wide = min(room, TONES * round(9 * look.scale))
    strokes(p, middle - wide // 2, box.y + look.px(8) + round(look.small * HEADING), level, room)
