"""How staff call their page on a covered screen: the emblem held for three seconds, or Ctrl+Alt+Q.

Neither is met by chance, and each works where the other does not: by mouse and finger, and by keyboard. While the
emblem is held the strokes round it grow, one after the other: whoever began it knowing nothing sees that it does
something, and lets go. Keys and clicks that do nothing else on these pages do not call it either.
"""

import time
from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import Box
from kiosk.lockscreen.look import RING_STEPS, largest

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

HOLD_SECONDS = 3.0
STROKES = 60
STEP_MS = round(1000 * HOLD_SECONDS / STROKES)
ASTRAY = 30  # so far off the emblem a finger may slip
PAGES = ("start", "goodbye", "closed", "out_of_order", "class")


class Gesture:
    """The holding of the emblem. `allowed`: whether staff may be asked for on the page in front."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._since: float | None = None
        self._page = ""

    @property
    def allowed(self) -> bool:
        """A page that waits for nobody in particular, and a service that could answer."""
        lock = self._lock
        here = lock.page in PAGES and not lock.deaf and lock.cover.covered
        return here and lock.connection.up and not lock.state.get("staff")

    def pressed(self, x: int, y: int) -> None:
        """The pointer or a finger went down there, in pixels of the page."""
        emblem = self._lock.painter.held
        if emblem is None or self._since is not None or not self.allowed or not emblem.holds(x, y):
            return
        self._since, self._page = time.monotonic(), self._lock.page
        self._step()

    def moved(self, x: int, y: int) -> None:
        """Off the emblem it counts no longer."""
        emblem = self._lock.painter.held
        if self._since is not None and (emblem is None or not emblem.inset(-ASTRAY).holds(x, y)):
            self.released()

    def released(self) -> None:
        """Let go."""
        self._since = None
        self._lock.canvas.delete("held")

    def chord(self) -> None:
        """By keyboard."""
        if self.allowed:
            self._lock.staff.begin()

    def _step(self) -> None:
        if self._since is None:
            return
        held = time.monotonic() - self._since
        if not self.allowed or self._lock.page != self._page:
            self.released()
        elif held >= HOLD_SECONDS:
            self.released()
            self._lock.staff.begin()
        else:
            self._draw(1 + int(STROKES * held / HOLD_SECONDS))
            self._lock.tk.after(STEP_MS, self._step)

    def _draw(self, tall: int) -> None:
        """Only what changed, or all of it where the page was drawn anew meanwhile."""
        canvas, p = self._lock.canvas, self._lock.painter
        if p.held is None:
            return
        middle = p.held.y + p.held.h // 2
        size = largest(RING_STEPS, 2 * middle)
        file, cell = shapes.ring_file(size, "dark", p.look.contrast), shapes.ring_cell(size)
        fresh = not canvas.find_withtag("held")
        for stroke in range(STROKES):
            tag = f"held{stroke}"
            grown = stroke < tall
            if not fresh and not (grown and canvas.find_withtag(f"short{stroke}")):
                continue
            part = p.pictures.part(file, f"{stroke}.{0 if grown else 1}", _cell(stroke, grown, cell))
            canvas.delete(tag)
            x, y = shapes.ring_place(size, stroke)
            tags = ("held", tag) if grown else ("held", tag, f"short{stroke}")
            left, top = p.held.x + p.held.w // 2 - size // 2, middle - size // 2
            canvas.create_image(left + x, top + y, image=part, anchor="nw", tags=tags)


def _cell(stroke: int, grown: bool, cell: int) -> Box:
    return Box(stroke * cell, 0 if grown else cell, cell, cell)
