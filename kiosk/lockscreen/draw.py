"""What the screens draw with: words, cards, pictures, rings and targets on one Tk canvas, all of it still.

Tk gives no antialiased curves, no balanced lines and no transparency: curves come as PNGs, cards are flat rectangles
with four corner pictures, lines are broken and placed here. Everything placed is noted in `boxes`, so that tests can
measure that nothing is clipped and nothing overlaps.
"""

import tkinter
from collections.abc import Callable
from typing import Literal, NamedTuple

from kiosk.lockscreen import shapes, words
from kiosk.lockscreen.look import EMBLEM_STEPS, PICTURE_STEPS, RING_STEPS, SIGN_STEPS, Look, largest
from kiosk.lockscreen.pictures import Box as Box
from kiosk.lockscreen.pictures import Pictures as Pictures

HEADING, BODY = 1.3, 1.42
TK_ANCHORS: dict[str, Literal["w", "center", "e"]] = {"w": "w", "c": "center", "e": "e"}


class Placed(NamedTuple):
    """Something drawn, for the tests that measure: kind, what it says, its box, and the box it must stay in."""

    kind: str
    what: str
    box: Box
    inside: Box


class Target(NamedTuple):
    """Something that can be touched."""

    name: str
    box: Box
    action: Callable[[], None]


class Painter:
    """Draws one screen. `begin` clears it; `targets` and `boxes` tell what stands where."""

    def __init__(self, canvas: tkinter.Canvas, look: Look, pictures: Pictures) -> None:
        self.canvas, self.look, self.pictures = canvas, look, pictures
        self.targets: list[Target] = []
        self.boxes: list[Placed] = []
        self.held: Box | None = None  # what staff hold to be asked for their PIN (staff/gesture.py)
        self.page = Box(0, 0, look.width, look.height)
        self._widths: dict[tuple[str, int, bool], int] = {}

    def begin(self, look: Look, ground: str, page: Box | None = None) -> None:
        """An empty page of one colour."""
        self.look = look
        self.page = page or Box(0, 0, look.width, look.height)
        self.canvas.delete("all")
        if str(self.canvas.cget("background")) != ground:  # not again: the window may be without one (window.py)
            self.canvas.configure(background=ground)
        self.targets, self.boxes, self.held = [], [], None

    def font(self, size: int, bold: bool = False) -> tuple[str, int, str]:
        """A font of this many pixels."""
        return (self.look.family, -size, "bold" if bold else "normal")

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """How wide one line runs, in pixels."""
        key = text, size, bold
        if key not in self._widths:
            if len(self._widths) > 4000:
                self._widths.clear()
            found = self.canvas.tk.call("font", "measure", self.font(size, bold), words.tie(text))
            self._widths[key] = int(found)
        return self._widths[key]

    def fit(self, text: str, room: int, most: int, least: int, bold: bool = True) -> int:
        """The largest size from `most` down to `least` at which the text stays on one line; else `least`."""
        for size in range(most, least, -2):
            if self.width(text, size, bold) <= room:
                return size
        return least

    def lines(self, text: str, size: int, bold: bool, width: int, most: int = 4) -> list[str]:
        """The text broken for this width."""
        return words.balance(text, width, lambda line: self.width(line, size, bold), most)

    def write(
        self, lines: list[str] | str, x: int, y: int, size: int, colour: str, *, bold: bool = False,
        anchor: str = "w", leading: float = HEADING, inside: Box | None = None,
    ) -> Box:  # fmt: skip
        """Lines placed from y down; anchor w, c or e says which side of the lines stands at x. Returns their box."""
        rows = [lines] if isinstance(lines, str) else lines
        rows = [words.tie(row) for row in rows]
        step = round(size * leading)
        widest = 0
        for number, row in enumerate(rows):
            middle = y + number * step + step // 2
            self.canvas.create_text(
                x, middle, text=row, font=self.font(size, bold), fill=colour, anchor=TK_ANCHORS[anchor]
            )
            widest = max(widest, self.width(row, size, bold))
        left = {"w": x, "c": x - widest // 2, "e": x - widest}[anchor]
        box = Box(left, y, widest, step * len(rows))
        self.boxes.append(Placed("text", " ".join(rows), box, inside or self.page))
        return box

    def rectangle(self, box: Box, colour: str) -> None:
        """A flat rectangle."""
        self.canvas.create_rectangle(box.x, box.y, box.right, box.bottom, fill=colour, outline="", width=0)

    def card(self, box: Box, style: str, radius: int | None = None) -> shapes.Card:
        """A card with round corners; returns its style, which names the colour of words on it."""
        r = radius or self.look.radius
        card = shapes.card(style, self.look.contrast)
        b = card.border
        self.rectangle(Box(box.x + r, box.y, box.w - 2 * r, box.h), card.fill)
        self.rectangle(Box(box.x, box.y + r, box.w, box.h - 2 * r), card.fill)
        if b:
            for x, y, w, h in (
                (box.x + r, box.y, box.w - 2 * r, b), (box.x + r, box.bottom - b, box.w - 2 * r, b),
                (box.x, box.y + r, b, box.h - 2 * r), (box.right - b, box.y + r, b, box.h - 2 * r),
            ):  # fmt: skip
                self.rectangle(Box(x, y, w, h), card.line)
        name = shapes.card_file(style, r, self.look.contrast)
        for key, px, py, x, y in (
            ("nw", 0, 0, box.x, box.y), ("ne", r, 0, box.right - r, box.y),
            ("sw", 0, r, box.x, box.bottom - r), ("se", r, r, box.right - r, box.bottom - r),
        ):  # fmt: skip
            self.canvas.create_image(x, y, image=self.pictures.part(name, key, Box(px, py, r, r)), anchor="nw")
        self.boxes.append(Placed("card", style, box, self.page))
        return card

    def image(self, file: str, x: int, y: int, size: int | None = None, inside: Box | None = None) -> None:
        """A picture with its corner at x, y."""
        self.canvas.create_image(x, y, image=self.pictures.get(file), anchor="nw")
        if size is not None:
            self.boxes.append(Placed("picture", file, Box(x, y, size, size), inside or self.page))

    def sign(self, name: str, x: int, middle: int, size: int, colour: str) -> int:
        """A sign, centred on a line's middle; returns the width it took."""
        size = largest(SIGN_STEPS, size)
        self.image(shapes.sign_file(name, size, colour), x, middle - size // 2)
        return size

    def picture(self, name: str, centre: int, top: int, size: int, inside: Box) -> None:
        """A drawing of people/ or groups/."""
        size = largest(PICTURE_STEPS, size)
        file = shapes.picture_file(name, size, self.look.contrast)
        self.image(file, centre - size // 2, top, size, inside)

    def emblem(self, x: int, middle: int, size: int, colour: str) -> int:
        """The small emblem; returns its width."""
        size = largest(EMBLEM_STEPS, size)
        self.image(shapes.emblem_file(size, colour), x, middle - size // 2)
        return size

    def ring(self, centre_x: int, centre_y: int, room: int, tall: int, tone: str = "dark") -> int:
        """Sixty strokes round a circle, the first `tall` of them tall; returns the ring's diameter."""
        size = largest(RING_STEPS, room)
        file, cell = shapes.ring_file(size, tone, self.look.contrast), shapes.ring_cell(size)
        for stroke in range(60):
            row = 0 if stroke < tall else 1
            part = self.pictures.part(file, f"{stroke}.{row}", Box(stroke * cell, row * cell, cell, cell))
            x, y = shapes.ring_place(size, stroke)
            self.canvas.create_image(
                centre_x - size // 2 + x, centre_y - size // 2 + y, image=part, anchor="nw", tags=(f"ring{stroke}",)
            )
        self.pictures.drop(file)
        return size

    def target(self, name: str, box: Box, action: Callable[[], None]) -> None:
        """Make a box touchable."""
        self.targets.append(Target(name, box, action))
        self.boxes.append(Placed("target", name, box, self.page))
