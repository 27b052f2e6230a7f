"""EPUBs that are being read: chapters made harmless, with their pictures and their links to one another."""

import posixpath
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kiosk.content.clean_html import clean
from kiosk.content.extract.epub_text import Epub
from kiosk.content.extract.html_text import decode

MOST_OPEN = 2
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError, OSError)


class NoBook(Exception):
    """It cannot be read: damaged, encrypted, or no EPUB."""


@dataclass(frozen=True)
class Chapter:
    """A chapter as it stands in a page of ours. `number` counts the spine from 1."""

    number: int
    title: str
    html: str


class Books:
    """The books that were read last. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, Epub] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def _book(self, path: Path) -> Iterator[Epub]:
        with self._lock:
            try:
                if path not in self._open:
                    self._open[path] = Epub(path)
                self._open.move_to_end(path)
                while len(self._open) > MOST_OPEN:
                    self._open.popitem(last=False)[1].close()
                yield self._open[path]
            except FileNotFoundError:
                raise
            except (KeyError, *_BROKEN) as error:
                raise NoBook(str(error)) from None

    def contents(self, path: Path) -> list[str]:
        """The titles of all chapters, "" where one has none. NoBook, FileNotFoundError."""
        with self._book(path) as book:
            if book.encrypted or not book.chapters:
                raise NoBook("encrypted")
            return [book.titles.get(name, "") for name in book.chapters]

    def chapter(self, path: Path, number: int, picture: Callable[[str], str], link: Callable[[int], str]) -> Chapter:
        """A chapter; `picture` gives the address of a file of the book, `link` of a chapter. IndexError, NoBook."""
        with self._book(path) as book:
            if not 1 <= number <= len(book.chapters):
                raise IndexError(number)
            name = book.chapters[number - 1]
            numbers = {one: place for place, one in reversed(list(enumerate(book.chapters, 1)))}
            names = set(book.names())

            def shown(source: str) -> str:
                place = _place(name, source)
                return picture(place) if place in names else ""

            def led(target: str) -> str:
                file, hash_, anchor = target.partition("#")
                place = _place(name, file) if file else name
                found = numbers.get(place)
                if found is None:
                    return ""
                return f"#{anchor}" if found == number and anchor else link(found) + hash_ + anchor

            html = clean(decode(book.read(name)), shown, led)
            return Chapter(number, book.titles.get(name, ""), html)

    def read(self, path: Path, name: str) -> bytes:
        """One file of a book. FileNotFoundError, NoBook."""
        with self._book(path) as book:
            if name not in book.names():
                raise FileNotFoundError(name)
            return book.read(name)


def _place(base: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(target)))
