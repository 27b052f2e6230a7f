"""A province that publishes and a station that updates: for the tests of updates."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from pack_support import pack, pages

from kiosk.clock import Reading
from kiosk.content.checking import verify
from kiosk.content.imports import silent
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.outcome import Updated, Wishes
from kiosk.content.updates.progress import alone
from kiosk.content.updates.publishing import Published, publish
from kiosk.content.updates.sources import Source, source_of
from kiosk.content.updates.trust import Trust
from kiosk.content.updates.updating import Update

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone.utc)
PAGE = "Bài {0} về {1}\nNội dung của bài {0}: " + "trồng lúa nước, nuôi gà, phòng bệnh cho trẻ em. " * 12


def reading(days: float = 0, trusted: bool = True) -> Reading:
    """A look at the clock, so many days after the province first published."""
    return Reading(1000.0, "boot", NOW + timedelta(days=days), trusted)


class Province:
    """Packs in `folder`, keys beside it, the tree in `out`."""

    def __init__(self, home: Path) -> None:
        self.folder, self.out, self.keys = home / "packs", home / "tree", Keys(home / "keys")
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.keys.there():
            self.keys.make(NOW)
        self._days = 0

    def pack(self, name: str, texts: dict[str, str], more: dict[str, bytes] | None = None) -> None:
        """A pack of pages, new or changed."""
        manifest, files = pages(name, texts)
        pack(self.folder / name, manifest, {**files, **(more or {})})

    def publish(self, theme: str = "") -> Published:
        """The next edition, a day after the last."""
        self._days += 1
        return publish(self.folder, self.out, self.keys, NOW + timedelta(days=self._days - 1), silent, theme=theme)

    @property
    def root(self) -> bytes:
        """What stations trust."""
        return (self.keys.folder / "root.json").read_bytes()


class Station:
    """A library that is updated."""

    def __init__(self, home: Path, province: Province | None = None) -> None:
        self.shelves = Shelves(home / "content")
        if province is not None:
            Trust(home / "content" / "trust").accept(province.root)

    def update(
        self, source: Source | str | Path, wishes: Wishes | None = None, days: float = 0, trusted: bool = True
    ) -> Updated:
        """One update; cuts are tried again at once."""
        found = source_of(str(source)) if isinstance(source, str | Path) else source
        with alone(self.shelves.root):
            update = Update(
                self.shelves, found, reading(days, trusted), wishes or Wishes(), silent, pause=lambda _seconds: None
            )
            return update.run()[0]

    def titles(self) -> list[str]:
        """All items, as a citizen sees them."""
        library = Library(self.shelves.root)
        try:
            return sorted(item.title for item in library.items())
        finally:
            library.close()

    def faults(self) -> list[object]:
        """What is not whole."""
        return [*verify(self.shelves)[1]]

    def left(self) -> list[str]:
        """What lies about that should have gone."""
        root = self.shelves.root
        return [str(path) for path in (*root.glob("staging"), *root.glob("arriving/*"), *root.glob("objects/.*"))]

    def found(self, text: str) -> list[str]:
        """What a search finds."""
        library = Library(self.shelves.root)
        try:
            return [hit.item.id for hit in library.search(text).hits]
        finally:
            library.close()
