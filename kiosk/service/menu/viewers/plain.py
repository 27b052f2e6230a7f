"""An item as plain text of ours: to be read aloud where its own page stands in a frame, and to be saved and taken home.

The reader of PDFs and the packs' own pages cannot be read aloud where they are; their words, pictures and links can.
"""

import base64
import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from flask import abort, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from kiosk.content import zim
from kiosk.content.catalogue import harmless
from kiosk.content.clean_html import clean
from kiosk.content.extract.html_text import decode
from kiosk.content.items import Item, Part
from kiosk.content.library import Library
from kiosk.content.zim_reading import NoPage, ZimReader
from kiosk.service.menu.viewers.inside import LARGEST_PAGE, PAGES, address, site_folder
from kiosk.settings import Paths, home_dir
from kiosk.sound import playable
from kiosk.web.sending import Sending

# Pages of a PDF that are shown together, files that are worth taking home whole, and pictures that fit into a text.
TOGETHER, LARGEST_SAVED, LARGEST_PICTURES = 5, 64 << 20, 4 << 20
WHOLE = {"pdf": ".pdf", "epub": ".epub", "audio": ""}
_REFUSED = {ord(one): " " for one in '\\/:*?"<>|'} | {number: " " for number in range(32)}


class Plain:
    """`render(template, item, **values)` makes a page of ours."""

    def __init__(self, library: Library, sending: Sending, zims: ZimReader, render: Callable[..., Answer]) -> None:
        self._library, self._sending, self._zims, self._render = library, sending, zims, render

    def listen(self, item: Item, place: str) -> Answer:
        """The page on which an item that is shown in a frame is read aloud. OSError, NoPage, Unreadable."""
        if item.format == "pdf":
            return self._pages(item)
        if item.format != "zim" and site_folder(item) is None:
            abort(404)  # it stands in a page of ours as it is
        html = self._framed(item, place)
        shown = f"/items/{item.id}/in/{quote(place)}" if place else f"/items/{item.id}"
        return self._render("plain", item, text=Markup(html), shown=shown, before="", after="", labels=[])

    def _pages(self, item: Item) -> Answer:
        parts = [part for part in self._library.parts(item) if part.text.strip() != item.summary]
        asked = request.args.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
        first = (max(1, number) - 1) * TOGETHER
        here, base = parts[first : first + TOGETHER], f"/items/{item.id}/listen"
        before = f"{base}?page={number - 1}" if first else ""
        after = f"{base}?page={number + 1}" if len(parts) > first + TOGETHER else ""
        shown = f"/items/{item.id}" + (f"?{here[0].place}" if here and here[0].place.startswith("page=") else "")
        return self._render("plain", item, text="", shown=shown, before=before, after=after, labels=_paragraphs(here))

    def _framed(self, item: Item, place: str) -> str:
        """A page of a pack or an archive, made harmless; its links lead to the same view of other pages."""
        place, data = self._page(item, place)

        def picture(source: str) -> str:
            return address(item, _beside(place, source)) if not source.startswith(("data:", "http", "//")) else ""

        def link(target: str) -> str:
            file, hash_, anchor = target.partition("#")
            if not file:
                return target
            return "" if ":" in file else f"/items/{item.id}/listen/{quote(_beside(place, file))}{hash_}{anchor}"

        return clean(decode(data), picture, link)

    def _page(self, item: Item, place: str) -> tuple[str, bytes]:
        if item.format == "zim":
            if not zim.available():
                abort(404)
            path, _file = self._library.file(item)
            place = place or self._zims.first_path(path)
            page = self._zims.page(path, place)
            if page.elsewhere:
                place = page.elsewhere
                page = self._zims.page(path, place)
            if page.kind.partition(";")[0].strip().lower() not in PAGES[:2] or len(page.data) > LARGEST_PAGE:
                raise NoPage(place)
            return place, bytes(page.data)
        place = place or item.file
        if not place.startswith(site_folder(item) or ""):
            abort(404)
        path, file = self._library.file(item, place)
        if file.type not in PAGES[:2] or path.stat().st_size > LARGEST_PAGE:
            abort(404)
        return place, path.read_bytes()

    def save(self, item: Item, place: str) -> Answer:
        """The item as a file to take home: as it is where that is one file, else its text as one page."""
        if item.format in WHOLE:
            path, file = self._library.file(item)
            if path.stat().st_size > LARGEST_SAVED:
                abort(404)
            answer = self._sending.file(path, file.type, file.sha256 or f"{path.stat().st_mtime_ns:x}")
            return _named(answer, item.title, WHOLE[item.format] or PurePosixPath(item.file).suffix)
        framed = item.format == "zim" or (item.format == "html" and site_folder(item) is not None)
        if not framed and item.format != "html":
            abort(404)
        text = self._framed_words(item, place) if framed else harmless(self._library.file(item)[0], self._drawn(item))
        page = render_template("menu/saved.html", item=item, text=Markup(text))
        return _named(Answer(page, mimetype="text/html"), item.title, ".html")

    def _framed_words(self, item: Item, place: str) -> str:
        return clean(decode(self._page(item, place)[1]))

    def _drawn(self, item: Item) -> Callable[[str], str]:
        """Pictures as part of the text, as long as there is room."""
        left, base = [LARGEST_PICTURES], posixpath.dirname(item.file)

        def picture(source: str) -> str:
            found = posixpath.normpath(posixpath.join(base, unquote(source)))
            if found.startswith(("..", "/")):
                return ""
            try:
                path, file = self._library.file(item, found)
                size = path.stat().st_size
                if not file.type.startswith("image/") or size > left[0]:
                    return ""
                left[0] -= size
                return f"data:{file.type};base64,{base64.b64encode(path.read_bytes()).decode()}"
            except OSError:
                return ""

        return picture


def saves(item: Item) -> bool:
    """Whether the page of an item offers to save it."""
    return item.format in (*WHOLE, "html", "zim")


def other_view(item: Item, view: str) -> str:
    """The address of another view (`listen`, `save`) of the place of an item that is shown now."""
    _items, _in, place = request.path.removeprefix(f"/items/{item.id}").partition("/")
    inside = place.partition("/")[2]
    return f"/items/{item.id}/{view}" + (f"/{quote(inside)}" if inside else "")


def recorded(item: Item) -> str:
    """The name of the site's own recording of this item, if there is one that can be played."""
    name = item.id.replace("/", "_")
    return name if playable(Paths(home_dir()).audio / item.language / f"{name}.ogg") else ""


def _beside(place: str, target: str) -> str:
    found = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(target)))
    return found.lstrip("/") if not found.startswith("..") else ""


def _paragraphs(parts: list[Part]) -> list[tuple[str, list[str]]]:
    return [(part.label, [line for line in part.text.split("\n") if line.strip()]) for part in parts]


def _named(answer: Answer, title: str, ending: str) -> Answer:
    """To be kept under the item's title, which any stick takes."""
    name = " ".join(title.translate(_REFUSED).split())[:80].rstrip(". ") or "kiosk"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + ending)}"
    return answer
