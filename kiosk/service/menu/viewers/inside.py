"""`/inside/<item>/<place>`: the files of an item as they are, for the frames, pictures and players of our pages.

A page of a pack or an archive is shut in (policies.py); a small script at its end tells our page where the reader is,
and prints when asked to. Looked at without our frame it is sent into it.
"""

import time
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from kiosk.content import zim
from kiosk.content.extract.html_text import CHARSET
from kiosk.content.file_kinds import picture_kind
from kiosk.content.items import File, Item
from kiosk.content.library import Library
from kiosk.content.zim_reading import NoPage, TooLarge, Unreadable, ZimReader
from kiosk.service.menu.viewers.books import Books, NoBook
from kiosk.service.menu.viewers.policies import FRAMED, PDF, STILL, from_within, lent, shut_in, still
from kiosk.translations import web_ui_dir
from kiosk.web.sending import SMALL, Sending
from kiosk.web.words import Sentence, says

PAGES = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
DOCUMENT = "application/pdf"
LARGEST_PAGE = 16 << 20
STILL_TRUE_SECONDS = 1.0
NOT_THERE = says("This page is not here.")
TOO_LARGE = says("This is too large to be shown on this computer.")
DAMAGED = says("This cannot be opened on this computer. Please choose something else, or tell staff.")


def site_folder(item: Item) -> str | None:
    """The folder of an item that is a small site of its own: one that begins at `index.html`. None: a plain text."""
    place = PurePosixPath(item.file)
    if item.format != "html" or place.name != "index.html":
        return None
    return "" if place.parent == PurePosixPath(".") else f"{place.parent}/"


def address(item: Item, place: str) -> str:
    """Where a file of the item is asked for."""
    return f"/inside/{item.id}/{quote(place)}"


class Inside:
    """The view, with the archives and books that are open."""

    def __init__(self, library: Library, sending: Sending, zims: ZimReader, books: Books) -> None:
        self._library, self._sending, self._zims, self._books = library, sending, zims, books
        self._looked_up: dict[str, tuple[float, Item, tuple[Path, File] | None]] = {}

    def view(self, pack: str, name: str, place: str) -> Answer:
        """The file at `place` of an item."""
        try:
            item = self._item(f"{pack}/{name}")
            if item is None or any(part in ("..", ".") for part in place.split("/")):
                abort(404)
            match item.format:
                case "zim":
                    return self._zim(item, place)
                case "epub":
                    return self._picture_of_book(item, place)
                case _:
                    return self._file(item, place)
        except FileNotFoundError:
            return _sorry(NOT_THERE, 404)
        except (OSError, Unreadable, NoBook):
            return _sorry(DAMAGED, 500)
        except TooLarge:
            return _sorry(TOO_LARGE, 413)
        except NoPage:
            return _sorry(NOT_THERE, 404)

    def _item(self, name: str) -> Item | None:
        """The item; what was looked up a moment ago serves for the many files of one page."""
        now = time.monotonic()
        known = self._looked_up.get(name)
        if known is None or now - known[0] > STILL_TRUE_SECONDS:
            found = self._library.item(name)
            if found is None:
                return None
            if len(self._looked_up) > 50:
                self._looked_up.clear()
            # The file of an archive is looked up with it: its pages all lie there.
            known = now, found, self._library.file(found) if found.format == "zim" else None
            self._looked_up[name] = known
        return known[1]

    def _file(self, item: Item, place: str) -> Answer:
        path, file = self._library.file(item, place)
        tag = file.sha256 or _tag(path.stat())
        folder = site_folder(item)
        if folder is not None and place.startswith(folder):
            if file.type in PAGES[:2]:
                if path.stat().st_size > LARGEST_PAGE:
                    raise FileNotFoundError(place)
                return self._page(item, place, path.read_bytes(), file.type, file.sha256)
            if (sent := self._framed(item, place, file.type)) is not None:
                return sent
            answer = self._sending.file(path, file.type, tag)
            answer.headers.update(_belonging(item, file.type))
            return answer
        picture = file.type.startswith("image/")
        if not picture and place != item.file or item.format in ("html", "link") and not picture:
            abort(404)
        answer = self._sending.file(path, file.type, tag)
        answer.headers.update({"Content-Security-Policy": PDF if file.type == DOCUMENT else STILL, **FRAMED})
        return answer

    def _picture_of_book(self, item: Item, place: str) -> Answer:
        path, file = self._library.file(item)
        if place == item.poster:
            return self._file(item, place)
        data = self._books.read(path, place)
        kind = picture_kind(data)
        if not kind:
            abort(404)
        return _whole(data, kind, f"{file.sha256}-{place}", {"Content-Security-Policy": STILL, **FRAMED})

    def _zim(self, item: Item, place: str) -> Answer:
        if place == item.poster and place:
            return self._file(item, place)
        if not zim.available():
            abort(404)
        known = self._looked_up.get(item.id)
        path, file = known[2] if known is not None and known[2] is not None else self._library.file(item)
        page = self._zims.page(path, place)
        if page.elsewhere:
            found = redirect(address(item, page.elsewhere), 302)
            found.headers.update({**shut_in(address(item, "")), **lent()})
            return found
        kind = page.kind.partition(";")[0].strip().lower()
        if kind in PAGES[:2]:
            if len(page.data) > LARGEST_PAGE:
                raise TooLarge(place)
            return self._page(item, place, bytes(page.data), kind, file.sha256)
        if (sent := self._framed(item, place, kind)) is not None:
            return sent
        tag, headers = f"{file.sha256}-{quote(place)}", _belonging(item, kind)
        if page.place is not None:
            answer = self._sending.window(path, *page.place, page.kind, tag)
        elif len(page.data) > SMALL:
            answer = self._sending.memory(memoryview(page.data), page.kind, tag)
        else:
            return _whole(bytes(page.data), page.kind, tag, headers)
        answer.headers.update(headers)
        return answer

    def _page(self, item: Item, place: str, data: bytes, kind: str, etag: str) -> Answer:
        if (sent := self._framed(item, place, kind)) is not None:
            return sent
        charset = "" if CHARSET.search(data[:2048]) or kind != PAGES[0] else "; charset=utf-8"
        return _whole(data + _tail(kind), kind + charset, f"{etag}-{quote(place)}", shut_in(address(item, "")))

    @staticmethod
    def _framed(item: Item, place: str, kind: str) -> Answer | None:
        """The way into our frame, for a page or document that a browser would show by itself.

        The browser's reader of PDFs works in no sandbox: to a page that is shut in a door is given instead, which asks
        our page to open the document in a frame of its own.
        """
        if kind in (*PAGES, DOCUMENT) and request.headers.get("Sec-Fetch-Dest") == "document":
            return redirect(f"/items/{item.id}/in/{quote(place)}?again=1", 303)
        if kind == DOCUMENT and from_within():
            page = render_template("menu/inside_door.html", name=PurePosixPath(place).name)
            return Response(page, 200, shut_in(address(item, "")))
        return None


def add_inside(app: Flask, inside: Inside) -> None:
    """The one view."""
    app.add_url_rule("/inside/<pack>/<name>/<path:place>", "inside", inside.view)


def _belonging(item: Item, kind: str) -> dict[str, str]:
    """The headers of a file that belongs to a page which is shut in."""
    # The page itself may read a document, and our own frame may show it; a shut-in frame never gets it (_framed).
    return {"Content-Security-Policy": PDF, **FRAMED, **lent()} if kind == DOCUMENT else still(address(item, ""))


def _whole(data: bytes, kind: str, etag: str, headers: dict[str, str]) -> Answer:
    answer = Response(data, content_type=kind, headers=headers)
    answer.set_etag(etag)
    return answer.make_conditional(request) if "If-None-Match" in request.headers else answer


def _sorry(sentence: Sentence, status: int) -> Answer:
    """A page for the frame; a file that is no page gets the same, nobody sees it."""
    page = render_template("menu/inside_sorry.html", sentence=sentence)
    return Response(page, status, {"Content-Security-Policy": STILL, **FRAMED})


@cache
def _tail(kind: str) -> bytes:
    """The script at the end of a page."""
    script = (web_ui_dir() / "scripts" / "inside.js").read_text(encoding="utf-8")
    # Only HTML takes what stands behind its end.
    return f"\n<script>{script}</script>".encode() if kind == PAGES[0] else b""


def _tag(stat: object) -> str:
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"  # type: ignore[attr-defined]
