"""What the pages of a pack point to outside of it. For the publisher: such things do not work without the Internet.

`loads`: a picture, style, script or film from elsewhere, which a station never fetches (packs are shut in). `leads`: a
link for the reader to follow, which works only online.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

PAGES = (".html", ".htm", ".xhtml", ".svg")
MAX_PAGE = 8 << 20  # bytes of one page that are looked at
_REMOTE = re.compile(r"\s*(https?:)?//[^/\s]", re.IGNORECASE)
_STYLE = re.compile(r"(?:url\(\s*|@import\s+)[\"']?\s*((?:https?:)?//[^\"')\s;]+)", re.IGNORECASE)
_LOADING = {"src", "poster", "data", "background", "href", "xlink:href"}


@dataclass(frozen=True, slots=True)
class Reference:
    """One address outside, in a file of a pack."""

    place: str
    kind: str
    address: str

    @property
    def host(self) -> str:
        """Whose it is."""
        return urlsplit(self.address).hostname or ""


def references(files: Iterable[tuple[str, Path]]) -> Iterator[Reference]:
    """All of a pack's files, each address of a file once."""
    for place, path in files:
        for kind, address in dict.fromkeys(_of_file(place, path)):
            yield Reference(place, kind, address)


def _of_file(place: str, path: Path) -> Iterator[tuple[str, str]]:
    ending = path.suffix.lower()
    if ending == ".epub":
        try:
            with zipfile.ZipFile(path) as book:
                for entry in book.infolist():
                    if entry.file_size <= MAX_PAGE:
                        with book.open(entry) as file:
                            yield from _of_text(Path(entry.filename).suffix.lower(), file.read(MAX_PAGE))
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            return  # the import says what is wrong with it
    elif ending in (*PAGES, ".css"):
        with open(path, "rb") as opened:
            yield from _of_text(ending, opened.read(MAX_PAGE))


def _of_text(ending: str, data: bytes) -> Iterator[tuple[str, str]]:
    if ending in PAGES:
        reader = _Reader()
        reader.feed(data.decode(errors="replace"))
        yield from reader.found
    if ending in (*PAGES, ".css"):
        yield from (("loads", match[1]) for match in _STYLE.finditer(data.decode(errors="replace")))


class _Reader(HTMLParser):
    """Collects the addresses of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Which of them load something and which only lead somewhere."""
        for name, value in attrs:
            if value and name == "srcset":
                self._take("loads", *(one.split()[0] for one in value.split(",") if one.split()))
            elif value and name in _LOADING:
                leads = tag in ("a", "area") or (tag == "base" and name == "href")
                self._take("leads" if leads else "loads", value)

    def _take(self, kind: str, *addresses: str) -> None:
        self.found += [(kind, one.strip()) for one in addresses if _REMOTE.match(one)]
