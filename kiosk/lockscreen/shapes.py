"""The parts that screens are put together from: which PNG files there are, and what each style of card looks like.

Shared by the build, which renders them, and the screens, which place them. Pure: no Tk.
"""

import math
from functools import cache
from typing import NamedTuple

from kiosk.lockscreen.look import tokens

SIGNS = (
    "back", "next", "plus", "check", "contrast", "larger", "help", "door", "door_open", "home", "hand", "lock",
    "usb", "clock", "tool", "plug", "warn", "family", "book", "listen", "print", "down", "eject", "save", "minus",
    "message", "no", "ticket", "erase",
)  # fmt: skip
LARGE_SIGNS = ("door", "tool", "family", "clock", "help", "ticket")
ACCENTS = ("#F6C445", "#FFD60A")
SIGN_COLOURS = ("#0E2A26", "#0B4A43", "#FFFFFF", "#DCE9E3", "#000000", *ACCENTS)
EMBLEM_COLOURS = ("#0B4A43", *ACCENTS)
STROKE_COLOURS = ("#F6C445", "#7FA39B", "#0B4A43", "#6E8580", "#FFD60A", "#FFFFFF")
BOX_SIZES = (44, 62)
RADII = (8, 11, 16, 22)
# Of the card `disc` only: half of 64 pixels at each scale.
DISCS = (32, 45)


class Card(NamedTuple):
    """Border width, border colour, fill and the colour of words on it."""

    border: int
    line: str
    fill: str
    ink: str


CARDS = (
    "tile", "chosen", "plain", "patina", "main", "act", "quiet", "on", "chip", "chip_chosen", "dark", "dark_strong",
    "dark_on", "sheet", "disc",
)  # fmt: skip


@cache
def card(style: str, contrast: bool) -> Card:
    """How a style of card looks. In high contrast: black, white lines, yellow for the chosen and the main act."""
    colour, border, high = tokens()["colour"], tokens()["border"], tokens()["high_contrast"]
    if contrast:
        black, white, yellow = high["ground"], high["ink"], high["select"]
        if style in ("main", "act", "on", "dark_on"):
            return Card(0, yellow, yellow, high["on_select"])
        if style == "chosen":
            return Card(border["high_contrast_selected"], yellow, black, white)
        return Card(0 if style.startswith("chip") else border["high_contrast"], white, black, white)
    line, white, deep, ink = colour["line"], colour["card"], colour["patina_deep"], colour["ink"]
    patina, mist, paper, rice = colour["patina"], colour["mist"], colour["paper"], colour["rice"]
    return {
        "tile": Card(border["card"], line, white, ink),
        "chosen": Card(border["selected"], patina, mist, ink),
        "plain": Card(border["card"], line, white, ink),
        "patina": Card(border["card"], patina, white, patina),
        "main": Card(0, patina, patina, white),
        "act": Card(0, rice, rice, ink),
        "quiet": Card(0, mist, mist, patina),
        "on": Card(0, patina, patina, white),
        "chip": Card(0, paper, paper, colour["ink_soft"]),
        "chip_chosen": Card(0, white, white, colour["ink_soft"]),
        "dark": Card(2, colour["spent_on_dark"], deep, white),
        "dark_strong": Card(3, mist, deep, white),
        "dark_on": Card(0, mist, mist, ink),
        "sheet": Card(4, deep, white, ink),
        "disc": Card(0, mist, mist, patina),
    }[style]


def stroke_heights(scale: float) -> tuple[int, int]:
    """(tall, short) strokes of the time bar."""
    stroke = tokens()["stroke"]
    tall = round(float(stroke["bar"]["height"]) * scale)
    return tall, round(tall * float(stroke["spent_height"]))


@cache
def stroke_sizes() -> tuple[tuple[int, int], ...]:
    """Width and height of upright strokes: the bar's, as narrow as it may need them, then the sign-in's."""
    sizes = [(width, high) for scale in (1.0, 1.4) for width in (2, 3, 4, 5, 6, 7) for high in stroke_heights(scale)]
    return (*sizes, (14, 52), (14, 18), (20, 72), (20, 25))


def ring_cell(size: int) -> int:
    """The side of the square in which one stroke of a ring of this size stands."""
    ring: dict[str, float] = tokens()["stroke"]["ring"]
    return math.ceil((ring["outer"] - ring["inner"]) * size / 2 + ring["width"] * size) + 2


def ring_place(size: int, stroke: int) -> tuple[int, int]:
    """Where the cell of stroke 0–59 has its corner, from the ring's own corner."""
    ring, angle = tokens()["stroke"]["ring"], math.radians(stroke * 6)
    middle, cell = (ring["inner"] + ring["outer"]) / 2 * size / 2, ring_cell(size)
    return (
        round(size / 2 + middle * math.sin(angle) - cell / 2),
        round(size / 2 - middle * math.cos(angle) - cell / 2),
    )


def ring_colours(tone: str, contrast: bool) -> tuple[str, str]:
    """(tall, short) strokes' colours on a dark or light ground."""
    if contrast:
        return "#FFD60A", "#FFFFFF"
    colour = tokens()["colour"]
    return (colour["rice"], colour["spent_on_dark"]) if tone == "dark" else (colour["patina"], colour["spent_on_light"])


def sun_size(ring: int) -> int:
    """The sun that stands inside a ring of this size."""
    return round(ring * 0.56)


def _mode(contrast: bool) -> str:
    return "-c" if contrast else ""


def picture_file(name: str, size: int, contrast: bool) -> str:
    """people/… and groups/…"""
    return f"{name}-{size}{_mode(contrast)}.png"


def sign_file(name: str, size: int, colour: str) -> str:
    """A sign in one colour."""
    return f"signs/{name}-{size}-{colour[1:]}.png"


def emblem_file(size: int, colour: str) -> str:
    """The small emblem in one colour."""
    return f"emblem/{size}-{colour[1:]}.png"


def card_file(style: str, radius: int, contrast: bool) -> str:
    """The four corners of a card, as a circle-like square of twice the radius."""
    return f"cards/{style}-{radius}{_mode(contrast)}.png"


def box_file(kind: str, size: int, on: bool, contrast: bool) -> str:
    """The box in a tile's corner: `box` for several, `round` for one that excludes the rest."""
    return f"boxes/{kind}-{'on' if on else 'off'}-{size}{_mode(contrast)}.png"


def stroke_file(width: int, height: int, colour: str) -> str:
    """One upright stroke with round ends."""
    return f"strokes/{width}x{height}-{colour[1:]}.png"


def drum_file(size: int, contrast: bool) -> str:
    """The START drum."""
    return f"drum/{size}{_mode(contrast)}.png"


def ring_file(size: int, tone: str, contrast: bool) -> str:
    """The sheet with a ring's strokes."""
    return f"rings/{size}-{tone}{_mode(contrast)}.png"


def sun_file(ring: int, contrast: bool) -> str:
    """The sun inside a ring of this size."""
    return f"suns/{ring}{_mode(contrast)}.png"
