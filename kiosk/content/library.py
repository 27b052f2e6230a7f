"""What a station offers: the one thing the menu, the reports and the nightly bundle ask about content.

It reads the shelf that is in use (shelves.py), and notices a new one by itself, between two questions: one look at a
link. So `kiosk content add` in another process is seen at the next touch, with no restart. Where there is no shelf yet,
or none that can be read, it offers the packs that ship with the program, from an index in memory.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.content import long_work
from kiosk.content.catalogue import Catalogue, harmless
from kiosk.content.extract import extract
from kiosk.content.files import Objects
from kiosk.content.index import Index
from kiosk.content.index_build import IndexTrouble
from kiosk.content.items import Facets, File, Item, Part
from kiosk.content.packs import media_type
from kiosk.content.results import Results
from kiosk.content.shelves import INDEX, Shelves
from kiosk.content.zim import Archives

log = logging.getLogger(__name__)

ALL = Facets()


class Library:
    """All items of a station. Every method may be called from any thread; each takes its turn.

    `links`: whether what lies on the Internet is among the items; without a network it would only disappoint.
    """

    def __init__(self, root: Path, shipped: Sequence[Path] = ()) -> None:
        self._shelves = Shelves(root)
        self._objects = Objects(root / "objects")
        self._catalogue = Catalogue.load(shipped)
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._shelf: Path | None = None
        self._archives = Archives()
        self.problems = self._catalogue.problems

    @classmethod
    def of_folders(cls, *folders: Path) -> "Library":
        """The packs in these folders as they lie there, with nothing imported or kept."""
        return cls(Path("/nonexistent"), folders)

    @contextmanager
    def _open(self) -> Iterator[Index]:
        with self._lock:
            shelf = self._shelves.current()
            if self._index is None or shelf != self._shelf:
                fresh = self._opened(shelf)
                if self._index is not None:
                    self._index.close()
                self._index, self._shelf = fresh, shelf
                self._archives.forget()
            yield self._index

    def _opened(self, shelf: Path | None) -> Index:
        for one in (shelf, self._shelves.previous() if shelf else None):
            try:
                if one is not None:
                    return Index.open(one / INDEX)
            except IndexTrouble as error:
                log.error("content: %s cannot be read: %s", one, error)
        return self._in_memory()

    def _in_memory(self) -> Index:
        """The shipped packs, by the words of their HTML; the rest by title, so that this is ready at once."""
        catalogue, shelf, files = self._catalogue, list[tuple[Item, Sequence[Part]]](), list[tuple[str, File]]()
        for item in catalogue.items:
            parts: Sequence[Part] = ()
            if item.format == "html":
                try:
                    parts = extract(item, lambda place, of=item: catalogue.path(of, place)).parts  # type: ignore[misc]
                except OSError:
                    pass
            shelf.append((item, parts))
        return Index.in_memory(shelf, files)

    def being_changed(self) -> dict[str, Any] | None:
        """How far a long import in another process is, see long_work.py; None when there is none."""
        return long_work.read(self._shelves.root)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._archives.forget()
            if self._index is not None:
                self._index.close()
                self._index = None

    # What there is

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        with self._open() as index:
            return index.item(item_id)

    def items(self) -> list[Item]:
        """All items."""
        with self._open() as index:
            return index.items()

    def of_theme(self, code: str, language: str) -> list[Item]:
        """A theme's items, those in the reader's language first."""
        with self._open() as index:
            return sorted(index.items(theme=code), key=lambda item: item.language != language)

    def page(
        self, theme: str, wanted: Facets = ALL, language: str = "vi", first: int = 0, count: int = 20,
        links: bool = True,
    ) -> tuple[list[Item], int]:  # fmt: skip
        """A page of a theme's items, those in the reader's language first; and how many there are."""
        with self._open() as index:
            return index.page(theme, wanted, language, first, count, links)

    def facets(self, theme: str, links: bool = True) -> dict[str, tuple[str, ...]]:
        """The languages, formats and audiences that the items of a theme have."""
        with self._open() as index:
            return index.facets(theme, links)

    def featured(self, links: bool = True) -> list[Item]:
        """Items that the packs put forward."""
        with self._open() as index:
            return index.items(featured=True, links=links)

    def newest(self, count: int, links: bool = True) -> list[Item]:
        """What came last."""
        with self._open() as index:
            return index.items(newest=count, links=links)

    def counts(self, links: bool = True) -> dict[str, int]:
        """How many items each theme has."""
        with self._open() as index:
            return index.counts(links)

    def themes(self) -> dict[str, str]:
        """Item id -> theme, for reports."""
        with self._open() as index:
            return index.themes()

    def contents(self, item: Item) -> list[tuple[str, str]]:
        """(place, label) of an item's parts that have a label: a table of contents."""
        with self._open() as index:
            return [(part.place, part.label) for part in index.parts(item.id) if part.label]

    def parts(self, item: Item) -> list[Part]:
        """An item's text, part by part, as it was extracted; the first may be its summary."""
        with self._open() as index:
            return index.parts(item.id)

    # Files

    def file(self, item: Item, place: str = "") -> tuple[Path, File]:
        """Where the item's file, or another of its pack, lies, and what it is. FileNotFoundError when it is gone."""
        place = place or item.file
        with self._open() as index:
            found = index.file(item.pack, place)
        if found is not None:
            path = self._objects.path(found.sha256)
            if not path.is_file():
                raise FileNotFoundError(place)
            return path, found
        path = self._catalogue.path(item, place)
        return path, File(place, "", path.stat().st_size, media_type(place))

    def text(self, item: Item) -> str:
        """An HTML item as harmless HTML, to stand in a page of ours. OSError when the file is gone or too large."""
        return harmless(self.file(item)[0])

    # What is looked for

    def search(self, text: str, language: str = "vi", limit: int = 10, links: bool = True) -> Results:
        """The best hits, with those inside the archives after the titles; see index.py."""
        with self._open() as index:
            results = index.search(text, language, limit, links)
            return self._archives.merged(results, self._archive_files(index), limit)

    def suggest(self, text: str, limit: int = 8, links: bool = True) -> list[Item]:
        """Items whose title has these words, the last of which may be only begun."""
        with self._open() as index:
            return index.suggest(text, limit, links)

    def _archive_files(self, index: Index) -> list[tuple[Item, Path]]:
        """The archives whose file is there: one that is gone must not stop every search."""
        there = []
        for item in index.archives():
            try:
                found = index.file(item.pack, item.file)
                there.append((item, self._objects.path(found.sha256) if found else self._catalogue.path(item)))
            except OSError as error:
                log.debug("content: %s cannot be searched: %s", item.id, type(error).__name__)
        return there
