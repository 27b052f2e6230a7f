"""A feed that was saved in a folder, with its files beside it: on a stick, or in a library of calibre.

A file is found by the name that its address ends in (Kiwix's without `.meta4`). calibre's addresses have only the
number of the book (`/get/epub/7`): there the folder `Author/Title (7)` of its library is looked into.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kiosk.content.items import ENDINGS, Pack
from kiosk.content.naming import slug
from kiosk.content.opds1.entries import Entry, Link
from kiosk.content.opds1.pages import Found, pack_of, pages
from kiosk.translations import _

_CALIBRE = re.compile(r"/get/([A-Za-z0-9_]+)/(\d{1,9})(?:/|$)")
_BOOK = re.compile(r" \((\d{1,9})\)$")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def feed_beside(path: Path, theme: str) -> Pack:
    """The pack that the feed at `path` makes, all of one theme. ValueError, in words, when it makes none."""
    files = Beside(path.resolve().parent)
    entries: list[Entry] = []
    title, total, lists = "", 0, list[tuple[str, str]]()
    for _address, page in pages(path.name, files.page):
        title, total = title or page.title, max(total, page.total)
        entries += page.entries
        lists += page.catalogues
    if not entries and lists:
        raise ValueError(
            _(
                "it is a list of catalogues; add one of these: {addresses}",
                addresses=", ".join(one for _t, one in lists),
            )
        )
    pack = pack_of(slug(path.stem, "opds"), theme, title, entries, files.file, files.picture)
    if total > len(entries):
        told = _("{n} of the catalogue's {total} entries are in this file", n=len(entries), total=total)
        return Pack(pack.id, pack.title, pack.items, {}, None, (*pack.problems, told), pack.sources)
    return pack


class Beside:
    """The files of one folder, as a feed in it means them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._books: dict[str, Path] | None = None

    def page(self, address: str) -> tuple[str, bytes] | None:
        """Another page of the feed, where it was saved too."""
        found = self._named(address)
        return (str(found), found.read_bytes()) if found is not None else None

    def file(self, link: Link) -> Found | None:
        """The file of an entry."""
        found = self._of_calibre(link.href, link.ending) or self._named(link.href)
        if found is None or found.suffix.lower() not in ENDINGS:
            return None
        return Found(found.relative_to(self._folder).as_posix(), found)

    def picture(self, link: Link) -> Found | None:
        """The cover of an entry."""
        found = self._of_calibre(link.href, "") or self._named(link.href)
        if found is None or found.suffix.lower() not in _PICTURES:
            return None
        return Found(found.relative_to(self._folder).as_posix(), found)

    def _named(self, address: str) -> Path | None:
        place = unquote(urlsplit(address).path)
        for name in (place.lstrip("/"), Path(place).name, Path(place).name.removesuffix(".meta4")):
            path = (self._folder / name).resolve() if name and "\0" not in name else self._folder
            if path.is_relative_to(self._folder) and path.is_file():
                return path
        return None

    def _of_calibre(self, address: str, ending: str) -> Path | None:
        found = _CALIBRE.search(urlsplit(address).path)
        if found is None:
            return None
        if self._books is None:
            folders = [path for path in self._folder.glob("*/*") if path.is_dir() and not path.is_symlink()]
            self._books = {book[1]: path for path in folders if (book := _BOOK.search(path.name))}
        folder = self._books.get(found[2])
        wanted = [ending] if ending else list(_PICTURES)
        files = sorted(folder.iterdir()) if folder is not None else []
        return next((one for one in files if one.suffix.lower() in wanted and one.is_file()), None)
