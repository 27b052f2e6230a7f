"""Packs as they lie in folders, read once and not imported: what ships with the program, and what a test makes.

A pack that cannot be read is left out and told in `problems`: one bad pack must not empty the menu. What a station
offers is its Library (library.py), into which such packs are imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.content.clean_html import Address, clean
from kiosk.content.items import THEMES, Item, Pack, Theme
from kiosk.content.packs import NAME, read_folder

__all__ = ["NAME", "THEMES", "Catalogue", "Item", "Theme"]

MAX_TEXT = 1_000_000  # bytes of one HTML text


@dataclass(frozen=True)
class Catalogue:
    """All packs of some folders. `problems`: one line for each pack or item that was left out, for the log."""

    items: tuple[Item, ...] = ()
    problems: tuple[str, ...] = ()
    packs: dict[str, Pack] = field(default_factory=dict)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> "Catalogue":
        """Every pack in or right under `folders`; an item met twice stays as first met."""
        items: dict[str, Item] = {}
        problems: list[str] = []
        packs: dict[str, Pack] = {}
        for folder in folders:
            for manifest in sorted({*folder.glob("pack.toml"), *folder.glob("*/pack.toml")}):
                try:
                    pack = read_folder(manifest.parent)
                except ValueError as error:
                    problems.append(f"{manifest}: {error}")
                    continue
                problems += [f"{manifest}: {problem}" for problem in pack.problems]
                if pack.id not in packs:
                    packs[pack.id] = pack
                    items.update((item.id, item) for item in pack.items)
        return cls(tuple(items.values()), tuple(problems), packs)

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def of_theme(self, code: str, language: str) -> list[Item]:
        """A theme's items, those in the reader's language first."""
        return sorted((item for item in self.items if item.theme == code), key=lambda item: item.language != language)

    def path(self, item: Item, place: str = "") -> Path:
        """Where the item's file lies, or another file of its pack. FileNotFoundError when it is not there."""
        folder = self.packs[item.pack].folder if item.pack in self.packs else None
        path = folder and (folder / (place or item.file)).resolve()
        if not path or not folder or not path.is_relative_to(folder) or not path.is_file():
            raise FileNotFoundError(place or item.file)
        return path

    def text(self, item: Item) -> str:
        """The item as harmless HTML (see clean_html). OSError when the file is gone or too large."""
        return harmless(self.path(item))


def harmless(path: Path, picture: Address | None = None) -> str:
    """An HTML file made harmless; `picture` says by which address one of its pictures is had, see clean_html.

    OSError when it is gone or too large.
    """
    if path.stat().st_size > MAX_TEXT:
        raise OSError("too large")
    return clean(path.read_text(encoding="utf-8", errors="replace"), picture)
