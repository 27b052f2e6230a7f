"""The search index as it is read: one SQLite file that nobody changes any more, and every question asked of it.

Here is what there is; what is looked for is in index_search.py.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from kiosk.content.folding import VERSION
from kiosk.content.index_build import SCHEMA, SHIFT, IndexTrouble, IndexWriter, item_of
from kiosk.content.index_search import Searching
from kiosk.content.items import FACETS, Facets, File, Item, Part


class Index(Searching):
    """An index that is open. Not for several threads at once: Library sees to that."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @classmethod
    def open(cls, path: Path) -> "Index":
        """The index at `path`. IndexTrouble when it is none, or of another version of this program."""
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            db = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise IndexTrouble(str(error)) from None
        try:
            found = dict(db.execute("SELECT name, value FROM facts").fetchall())
        except sqlite3.Error as error:
            db.close()
            raise IndexTrouble(str(error)) from None
        if (found.get("schema"), found.get("folding")) != (str(SCHEMA), str(VERSION)):
            db.close()
            raise IndexTrouble("an index of another version")
        db.execute("PRAGMA cache_size = -4000")
        return cls(db)

    @classmethod
    def in_memory(cls, shelf: Iterable[tuple[Item, Sequence[Part]]], files: Iterable[tuple[str, File]] = ()) -> "Index":
        """A small index that needs no file: what a station shows while its disk takes nothing."""
        db = sqlite3.connect(":memory:", check_same_thread=False)
        writer = IndexWriter(db)
        for item, parts in shelf:
            writer.add(item, parts)
        for pack, file in files:
            writer.add_files(pack, [file])
        writer.finish()
        return cls(db)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def sound(self) -> bool:
        """Whether SQLite finds nothing wrong with the file."""
        try:
            return [row[0] for row in self._db.execute("PRAGMA quick_check(1)")] == ["ok"]
        except sqlite3.Error:
            return False

    # What there is

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        row = self._db.execute("SELECT data FROM items WHERE id = ?", (item_id,)).fetchone()
        return None if row is None else item_of(row[0])

    def items(
        self, theme: str = "", newest: int = 0, featured: bool = False, links: bool = True
    ) -> list[Item]:  # fmt: skip
        """All items in the order of their packs; of one theme; the `newest` so many; those that are featured."""
        asked, values = f"SELECT data FROM items WHERE {_shown(links)}", list[str | int]()
        if newest:
            asked, values = f"{asked} ORDER BY added DESC, no DESC LIMIT ?", [newest]
        elif featured:
            asked += " AND featured ORDER BY no"
        elif theme:
            asked, values = f"{asked} AND theme = ? ORDER BY no", [theme]
        else:
            asked += " ORDER BY no"
        return [item_of(data) for (data,) in self._db.execute(asked, values)]

    def page(
        self, theme: str, wanted: Facets, language: str, first: int, count: int, links: bool = True
    ) -> tuple[list[Item], int]:
        """`count` items of a theme from the `first` on, those in `language` first; and how many there are."""
        where, values = f"theme = ? AND {_shown(links)}", [theme]
        for name, value in wanted.chosen():
            where, values = f"{where} AND {name} = ?", [*values, value]
        total = self._db.execute(f"SELECT count(*) FROM items WHERE {where}", values).fetchone()[0]
        rows = self._db.execute(
            f"SELECT data FROM items WHERE {where} ORDER BY language <> ?, no LIMIT ? OFFSET ?",
            [*values, language, count, first],
        )
        return [item_of(data) for (data,) in rows], int(total)

    def facets(self, theme: str, links: bool = True) -> dict[str, tuple[str, ...]]:
        """The languages, formats and audiences that the items of a theme have, the most frequent first."""
        found = {}
        for name in FACETS:
            asked = f"SELECT {name} FROM items WHERE theme = ? AND {_shown(links)} GROUP BY {name}"
            rows = self._db.execute(f"{asked} ORDER BY count(*) DESC, {name}", (theme,))
            found[name] = tuple(str(value) for (value,) in rows)
        return found

    def counts(self, links: bool = True) -> dict[str, int]:
        """How many items each theme has."""
        asked = f"SELECT theme, count(*) FROM items WHERE {_shown(links)} GROUP BY theme"
        return dict(self._db.execute(asked).fetchall())

    def themes(self) -> dict[str, str]:
        """Item id -> theme, for reports."""
        return dict(self._db.execute("SELECT id, theme FROM items").fetchall())

    def archives(self) -> list[Item]:
        """The ZIM files: they bring their own index."""
        rows = self._db.execute("SELECT data FROM items WHERE format = 'zim' ORDER BY no")
        return [item_of(data) for (data,) in rows]

    def file(self, pack: str, path: str) -> File | None:
        """The file at that place of a pack."""
        row = self._db.execute(
            "SELECT path, sha256, size, type FROM files WHERE pack = ? AND path = ?", (pack, path)
        ).fetchone()
        return None if row is None else File(*row)

    def files(self, pack: str) -> list[File]:
        """All files of a pack."""
        rows = self._db.execute("SELECT path, sha256, size, type FROM files WHERE pack = ? ORDER BY path", (pack,))
        return [File(*row) for row in rows]

    def parts(self, item_id: str) -> list[Part]:
        """An item's text as it was extracted, with its summary before it."""
        row = self._db.execute("SELECT no FROM items WHERE id = ?", (item_id,)).fetchone()
        if row is None:
            return []
        first = row[0] << SHIFT
        rows = self._db.execute(
            "SELECT text, place, label FROM parts WHERE no >= ? AND no < ? ORDER BY no", (first, first + (1 << SHIFT))
        )
        return [Part(zlib.decompress(text).decode(), place, label) for text, place, label in rows]


def _shown(links: bool) -> str:
    return "1" if links else "format <> 'link'"
