"""Rectangles, and the PNG files of the build as Tk images."""

import sys
import tkinter
from pathlib import Path
from typing import NamedTuple

from kiosk.translations import web_ui_dir


class Box(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    def holds(self, x: int, y: int) -> bool:
        """Whether a point is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, by: int) -> "Box":
        """Smaller by this on every side."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


class Pictures:
    """PNG files as Tk images, each loaded once and kept while `keep` calls mention it."""

    def __init__(self, tk: tkinter.Misc) -> None:
        self._tk = tk.tk
        self._folder = Path(web_ui_dir() / "built" / "pictures")
        self._loaded: dict[str, str] = {}
        self._used: set[str] = set()
        self._missing: set[str] = set()

    def get(self, name: str) -> str:
        """The Tk image of a file; an empty image, and one line on stderr, where the build left it out."""
        self._used.add(name)
        if name not in self._loaded:
            image = str(self._tk.call("image", "create", "photo"))
            self._loaded[name] = image
            try:
                self._tk.call(image, "read", str(self._folder / name))
            except tkinter.TclError:
                self._complain(name)
        return self._loaded[name]

    def part(self, name: str, key: str, box: Box) -> str:
        """A rectangle cut out of a picture, as an image of its own."""
        full = f"{name}#{key}"
        self._used.add(full)
        if full not in self._loaded:
            source = self.get(name)
            image = str(self._tk.call("image", "create", "photo", "-width", box.w, "-height", box.h))
            self._loaded[full] = image
            try:
                self._tk.call(image, "copy", source, "-from", box.x, box.y, box.right, box.bottom)
            except tkinter.TclError:
                self._complain(full)
        return self._loaded[full]

    def drop(self, name: str) -> None:
        """Free a picture that was only needed to cut parts from."""
        image = self._loaded.pop(name, None)
        if image:
            self._tk.call("image", "delete", image)

    def sweep(self) -> None:
        """Free what was not asked for since the last sweep."""
        for name in self._loaded.keys() - self._used:
            self.drop(name)
        self._used.clear()

    def _complain(self, name: str) -> None:
        if name not in self._missing:
            self._missing.add(name)
            print(f"picture missing: {name} (build the assets again)", file=sys.stderr)
