"""How the tiles of a question share the page: every arrangement is measured, and the best that fits is drawn.

Two kinds of tile: `tall` with its picture above the words, `side` with it before them. Short of room, the picture gives
way, then the arrangement; never the type.
"""

from typing import Any, NamedTuple

from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.look import PICTURE_STEPS, largest

SMALLEST = 64
# Kinds of tile with the largest picture each may have before its words; without a picture only when nothing else fits.
KINDS = (("tall", 0), ("side", 104), ("side", 80), ("side", 64), ("side", 0))
Option = dict[str, Any]


class Tile(NamedTuple):
    """One option placed: where, which kind, its picture's size, its words in lines."""

    number: int
    box: Box
    kind: str
    picture: int
    label: list[str]
    sublabel: list[str]
    size: int
    boxes: bool


class Wording(NamedTuple):
    """An option's words in the citizen's language."""

    label: str
    sublabel: str


def is_quiet(question: dict[str, Any], option: Option) -> bool:
    """Options that stand apart: "none of these", "prefer not to say", "I don't remember"."""
    alone = "*" in (option.get("excludes") or ())
    if question["kind"] == "several":
        return alone
    return any(code.endswith("_U") for code in option["codes"]) and len(option["codes"]) == 1


def arrange(p: Painter, question: dict[str, Any], words: list[Wording], area: Box) -> list[Tile]:
    """The arrangement with the largest pictures; when none fits, the one that overflows least."""
    options = question["options"]
    quiet = [n for n, option in enumerate(options) if is_quiet(question, option)]
    main = [n for n in range(len(options)) if n not in quiet]
    several = question["kind"] == "several"
    plans: list[list[Tile]] = []
    for columns in range(1, 6):
        if several and quiet and main:
            plans += _with_quiet_row(p, main, quiet, columns, words, area)
        elif quiet and main and columns == 1:
            plans.append(_one_row(p, main, quiet, words, area))
        if len(options) == columns and quiet and not several:
            continue
        for kind, most in KINDS:
            rows = _rows([*main, *quiet], columns)
            plans.append(_grid(p, rows, kind, words, area, several, most))
    return max(plans, key=lambda tiles: _score(p, tiles))


def _score(p: Painter, tiles: list[Tile]) -> float:
    if not tiles:
        return -1e9
    score = float(min(tile.picture for tile in tiles if tile.kind != "row") if any(
        tile.kind != "row" for tile in tiles) else 0)  # fmt: skip
    score = min(score, p.look.px(200))
    for tile in tiles:
        score -= 45 * max(0, len(tile.label) - 2) + 45 * max(0, len(tile.sublabel) - 1)
        score -= 1000 * (tile.picture < SMALLEST) + 100_000 * _overflows(p, tile)
    heights = {tile.box.h for tile in tiles if tile.kind != "row"}
    last = max(tiles, key=lambda tile: tile.number)
    lonely = sum(tile.box.w > p.look.width * 0.8 and tile is not last for tile in tiles) if len(tiles) > 2 else 0
    return score - 12 * (len(heights) > 1) - 40 * lonely + 20 * (tiles[0].kind == "tall") - 8 * _ragged(tiles)


def _ragged(tiles: list[Tile]) -> bool:
    """Whether a row stays partly empty."""
    ends = {max(tile.box.right for tile in tiles if tile.box.y == y) for y in {tile.box.y for tile in tiles}}
    return max(ends) - min(ends) > 2


def _overflows(p: Painter, tile: Tile) -> bool:
    room = label_room(p, tile.kind, tile.box, tile.picture, tile.boxes)
    wide = any(p.width(line, tile.size, True) > room for line in tile.label)
    wide = wide or any(p.width(line, p.look.body) > room for line in tile.sublabel)
    high = words_height(p, tile)
    if tile.kind == "tall":
        high += above(p, tile.box, tile.boxes) + (tile.picture + p.look.px(10) if tile.picture else 0)
    return wide or high > tile.box.h - 2 * p.look.px(5) or tile.box.h < p.look.tool


def words_height(p: Painter, tile: Tile) -> int:
    """The height of a tile's words."""
    label = round(tile.size * HEADING) * len(tile.label)
    return label + round(p.look.body * HEADING) * len(tile.sublabel)


def _rows(numbers: list[int], columns: int) -> list[list[int]]:
    return [numbers[start : start + columns] for start in range(0, len(numbers), columns)]


def _split(total: int, parts: int, gap: int) -> list[tuple[int, int]]:
    """(offset, length) of parts that share a length with gaps between, to the pixel."""
    edges = [round(part * (total + gap) / parts) for part in range(parts + 1)]
    return [(start, end - start - gap) for start, end in zip(edges, edges[1:], strict=False)]


def _grid(
    p: Painter, rows: list[list[int]], kind: str, words: list[Wording], area: Box, boxes: bool, most: int
) -> list[Tile]:  # fmt: skip
    columns, tiles = max(map(len, rows)), []
    gap = p.look.gap if len(rows) < 4 and columns < 5 else p.look.px(10)
    for row, (top, high) in zip(rows, _split(area.h, len(rows), gap), strict=True):
        share = len(row) if len(row) == 1 or kind == "side" else columns
        for number, (left, wide) in zip(row, _split(area.w, share, gap), strict=False):
            box = Box(area.x + left, area.y + top, wide, high)
            tiles.append(_tile(p, number, box, kind, words[number], boxes, most))
    picture, size = min(tile.picture for tile in tiles), min(tile.size for tile in tiles)
    return [tile._replace(picture=picture, size=size) for tile in tiles]


def _one_row(p: Painter, main: list[int], quiet: list[int], words: list[Wording], area: Box) -> list[Tile]:
    """One row in which the quiet options are narrower: as `02_question1`."""
    gap, units = p.look.gap, len(main) * 1.0 + len(quiet) * 0.54
    one = (area.w - gap * (len(main) + len(quiet) - 1)) / units
    tiles, x = [], float(area.x)
    for number in [*main, *quiet]:
        wide = one if number in main else one * 0.54
        box = Box(round(x), area.y, round(x + wide) - round(x), area.h)
        tiles.append(_tile(p, number, box, "tall", words[number], False))
        x += wide + gap
    picture = min(tile.picture for tile in tiles)
    size = min(tile.size for tile in tiles if tile.number in main)
    return [tile._replace(picture=picture, size=size if tile.number in main else tile.size) for tile in tiles]


def _with_quiet_row(
    p: Painter, main: list[int], quiet: list[int], columns: int, words: list[Wording], area: Box
) -> list[list[Tile]]:
    """The answers in rows of `columns`, the options that exclude the rest in a low row below them."""
    low = p.look.px(96) if p.look.name != "1024x768" else p.look.px(88)
    gap = p.look.gap
    above = Box(area.x, area.y, area.w, area.h - low - gap)
    plans = []
    for kind, most in KINDS:
        tiles = _grid(p, _rows(main, columns), kind, words, above, True, most)
        for number, (left, wide) in zip(quiet, _split(area.w, len(quiet), gap), strict=True):
            box = Box(area.x + left, above.bottom + gap, wide, low)
            tiles.append(_tile(p, number, box, "row", words[number], True))
        plans.append(tiles)
    return plans


def edge(p: Painter) -> int:
    """From a tile's edge to what stands in it."""
    return p.look.px(14 if p.look.name != "1024x768" else 10)


def chip(p: Painter) -> int:
    """The side of the little square with the digit."""
    return p.look.px(36) if not p.look.large else p.look.px(40)


def digit_width(p: Painter) -> int:
    """The digit where there is no room for its square."""
    return p.width("0", p.look.small, True)


def check(p: Painter) -> int:
    """The side of the box to tick."""
    return p.look.px(44)


def label_room(p: Painter, kind: str, box: Box, picture: int, boxes: bool) -> int:
    """How wide a line of words may be in a tile."""
    if kind == "tall":
        return box.w - 2 * p.look.px(11)
    lead = chip(p) + edge(p) + picture + p.look.px(14) if picture else digit_width(p) + p.look.px(12)
    return box.w - 2 * edge(p) - lead - (check(p) + p.look.px(8) if boxes else 0)


def _tile(p: Painter, number: int, box: Box, kind: str, words: Wording, boxes: bool, most_picture: int = 104) -> Tile:
    look = p.look
    if kind == "tall":
        picture, size = 0, _label_size(p, words.label, box.w - 2 * p.look.px(11))
    else:
        fits = largest(PICTURE_STEPS, min(box.h - 2 * look.px(10), look.px(most_picture)))
        picture, size = fits if most_picture and fits <= box.h - look.px(8) else 0, look.label
        if kind == "row":
            picture = min(picture, look.px(64))
    room = label_room(p, kind, box, picture, boxes)
    most = 3 if kind == "tall" else 2
    label = p.lines(words.label, size, True, room, most)
    sublabel = p.lines(words.sublabel, look.body, False, room, most) if words.sublabel else []
    tile = Tile(number, box, kind, picture, label, sublabel, size, boxes)
    if kind == "tall":
        left = box.h - words_height(p, tile) - above(p, box, boxes) - 2 * look.px(10)
        # With nothing kept free above it, the picture stands between the digit and its mirror image.
        room_w = _beside_digit(p, box) if above(p, box, boxes) == 0 else box.w - 2 * edge(p)
        steps = [step for step in PICTURE_STEPS if step <= min(left, room_w, look.px(208))]
        tile = tile._replace(picture=max(steps, default=0))
    return tile


def above(p: Painter, box: Box, boxes: bool) -> int:
    """What must stay free above a tall tile's picture for the digit and the box."""
    if boxes:
        return check(p) + edge(p)
    return 0 if _beside_digit(p, box) >= p.look.px(96) else chip(p) + edge(p)


def _beside_digit(p: Painter, box: Box) -> int:
    """How wide a centred picture may be beside the digit."""
    return box.w - 2 * (chip(p) + edge(p) + p.look.px(8))


def _label_size(p: Painter, text: str, room: int) -> int:
    """The label's size, larger where a whole line fits easily."""
    return p.fit(text, room - p.look.px(24), round(p.look.label * 1.26), p.look.label)
