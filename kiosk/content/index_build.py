"""The search index as it is made: one SQLite file, written aside by one process and never changed once it is in use.

Texts come in tidy and in parts; of a part the index keeps the words twice, with marks and folded, and the text itself
compressed, for snippets and so that the next index can be made from this one without reading any PDF again.
A part's number is its item's number times 65,536 plus its place in the item.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.content.folding import VERSION, fold, marked, tidy, words
from kiosk.content.items import File, Item, Part

SHIFT = 16
MAX_PARTS = (1 << SHIFT) - 1
# Longer stretches are cut at a paragraph, so that finding the place of a snippet stays cheap.
LONGEST_PART = 16_000
# Rises with the tables below.
SCHEMA = 1
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (
    no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pack TEXT NOT NULL,
    theme TEXT NOT NULL, language TEXT NOT NULL,
    format TEXT NOT NULL, audience TEXT NOT NULL, added TEXT NOT NULL, featured INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX items_by_theme ON items (theme, no);
CREATE INDEX items_by_day ON items (added, no);
CREATE INDEX items_featured ON items (no) WHERE featured;
CREATE TABLE titles_exact (title TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (title, no)) WITHOUT ROWID;
CREATE TABLE files (
    pack TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL,
    PRIMARY KEY (pack, path)) WITHOUT ROWID;
CREATE TABLE parts (no INTEGER PRIMARY KEY, place TEXT NOT NULL, label TEXT NOT NULL, text BLOB NOT NULL);
CREATE TABLE words (word TEXT NOT NULL, spelling TEXT NOT NULL, parts INTEGER NOT NULL,
    PRIMARY KEY (word, spelling)) WITHOUT ROWID;
CREATE VIRTUAL TABLE titles USING fts5 (
    marked, folded, content='', tokenize="unicode61 remove_diacritics 0", prefix='1 2 3');
CREATE VIRTUAL TABLE texts USING fts5 (
    head_marked, body_marked, head_folded, body_folded, content='', tokenize="unicode61 remove_diacritics 0");
"""
_fold = lru_cache(maxsize=60_000)(fold)


class IndexTrouble(Exception):
    """The index cannot be read, or not be written; the text says why."""


class IndexWriter:
    """A new index at `path`, empty or begun as a copy of the last one. Use as a context manager, then `finish`."""

    def __init__(self, path: "Path | sqlite3.Connection", copied: bool = False) -> None:
        self._db = path if isinstance(path, sqlite3.Connection) else sqlite3.connect(path)
        self._counts: Counter[tuple[str, str]] = Counter()
        # A half made file is thrown away whole, so nothing here needs a journal on the disk.
        self._db.execute("PRAGMA journal_mode = MEMORY")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA cache_size = -16000")
        if not copied:
            self._db.executescript(_TABLES)
            self._db.executemany(
                "INSERT INTO facts VALUES (?, ?)", [("schema", str(SCHEMA)), ("folding", str(VERSION))]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise IndexTrouble(str(error)) from error

    def add(self, item: Item, parts: Iterable[Part]) -> None:
        """One item with its text. An item of that id must not be there; see remove."""
        row = (item.id, item.pack, item.theme, item.language, item.format, item.audience, item.added, item.featured)
        made = self._db.execute(
            "INSERT INTO items (id, pack, theme, language, format, audience, added, featured, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, item.as_json()),
        )
        no = int(made.lastrowid or 0)
        titles = [tidy(title) for title in (item.title, item.title_en) if title]
        for title in titles:
            self._db.execute(
                "INSERT OR IGNORE INTO titles_exact VALUES (?, ?)", (" ".join(map(_fold, words(title))), no)
            )
        head = _both(title := " ".join(titles))
        self._db.execute("INSERT INTO titles (rowid, marked, folded) VALUES (?, ?, ?)", (no, *head))
        for place, part in enumerate(_parts_of(item, parts)):
            self._add_part((no << SHIFT) + place, title, part, 1)
        if len(self._counts) > 100_000:
            self._write_counts()

    def _add_part(self, no: int, title: str, part: Part, sign: int) -> None:
        head = _both(title)
        row = (no, head[0], (body := _both(part.text))[0], head[1], body[1])
        columns = "rowid, head_marked, body_marked, head_folded, body_folded"
        if sign > 0:
            packed = zlib.compress(part.text.encode(), 3)
            self._db.execute("INSERT INTO parts VALUES (?, ?, ?, ?)", (no, part.place, part.label, packed))
            self._db.execute(f"INSERT INTO texts ({columns}) VALUES (?, ?, ?, ?, ?)", row)
        else:
            self._db.execute(f"INSERT INTO texts (texts, {columns}) VALUES ('delete', ?, ?, ?, ?, ?)", row)
        titles = words(title) if no & MAX_PARTS == 0 else []
        for spelling in {word.lower() for word in [*titles, *words(part.text)]}:
            self._counts[_fold(spelling), spelling] += sign

    def add_files(self, pack: str, files: Iterable[File]) -> None:
        """Which objects the files of a pack are."""
        rows = [(pack, one.path, one.sha256, one.size, one.type) for one in files]
        self._db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)

    def remove(self, item_ids: Iterable[str]) -> None:
        """Take items out, with all that was written for them."""
        for item_id in item_ids:
            row = self._db.execute("SELECT no, data FROM items WHERE id = ?", (item_id,)).fetchone()
            if row is not None:
                self._remove(*row)

    def remove_files(self, pack: str) -> None:
        """Forget which objects the files of a pack are."""
        self._db.execute("DELETE FROM files WHERE pack = ?", (pack,))

    def _remove(self, no: int, data: str) -> None:
        item = item_of(data)
        titles = " ".join(tidy(title) for title in (item.title, item.title_en) if title)
        head = _both(titles)
        self._db.execute("INSERT INTO titles (titles, rowid, marked, folded) VALUES ('delete', ?, ?, ?)", (no, *head))
        first, last = no << SHIFT, (no << SHIFT) + MAX_PARTS
        rows = self._db.execute("SELECT no, text FROM parts WHERE no BETWEEN ? AND ?", (first, last)).fetchall()
        for part_no, text in rows:
            self._add_part(part_no, titles, Part(zlib.decompress(text).decode()), -1)
        self._db.execute("DELETE FROM parts WHERE no BETWEEN ? AND ?", (first, last))
        for title in (item.title, item.title_en):
            key = " ".join(map(_fold, words(tidy(title))))
            self._db.execute("DELETE FROM titles_exact WHERE title = ? AND no = ?", (key, no))
        self._db.execute("DELETE FROM items WHERE no = ?", (no,))

    def _write_counts(self) -> None:
        self._db.executemany(
            """INSERT INTO words VALUES (?, ?, ?)
               ON CONFLICT (word, spelling) DO UPDATE SET parts = parts + excluded.parts""",
            [(*word, count) for word, count in self._counts.items() if count],
        )
        self._counts.clear()

    def finish(self) -> None:
        """Write all of it, and bring it into the form that is read fastest."""
        self._write_counts()
        self._db.execute("DELETE FROM words WHERE parts <= 0")
        for table in ("titles", "texts"):
            self._db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self._db.commit()

    def close(self) -> None:
        """Let go of the file; what was not finished is lost."""
        self._db.close()


def item_of(data: str) -> Item:
    """An item as the index keeps it."""
    return Item.from_data(json.loads(data))


def _both(text: str) -> tuple[str, str]:
    """The words of tidy text with marks, and folded."""
    found = words(text)
    return " ".join(map(marked, found)), " ".join(map(_fold, found))


def _parts_of(item: Item, parts: Iterable[Part]) -> list[Part]:
    """The parts, tidy and none too long; the first always there, with the summary before it."""
    made: list[Part] = []
    for part in parts:
        made += [Part(text, part.place, tidy(part.label)) for text in _cut(tidy(part.text))]
    summary = tidy(item.summary)
    if not made:
        made = [Part(summary)]
    elif summary and not made[0].text.startswith(summary):
        made[0] = Part(f"{summary}\n{made[0].text}", made[0].place, made[0].label)
    return made[:MAX_PARTS]


def _cut(text: str) -> list[str]:
    """Pieces of at most LONGEST_PART characters, cut at a line where there is one, else at a blank."""
    pieces = []
    while len(text) > LONGEST_PART:
        at = max(text.rfind("\n", LONGEST_PART // 2, LONGEST_PART), 0) or text.rfind(" ", 0, LONGEST_PART)
        at = at if at > 0 else LONGEST_PART
        pieces.append(text[:at])
        text = text[at:].lstrip()
    return [*pieces, text]
