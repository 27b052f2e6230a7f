"""The page of an item, by its format. What cannot be opened says so in a sentence, with the way back.

Where a reader was is kept by the page's own script in the browser's storage, which is wiped with the session; nothing
of it comes here.
"""

import posixpath
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote, urlencode

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from kiosk.content import zim
from kiosk.content.catalogue import harmless
from kiosk.content.extract.html_text import decode
from kiosk.content.extract.subtitles import MAX_SUBTITLES, web_vtt
from kiosk.content.items import THEMES, Item, Part
from kiosk.content.library import Library
from kiosk.content.zim_reading import NoPage, Unreadable, ZimReader
from kiosk.service.face import Face
from kiosk.service.menu import preferences, ways
from kiosk.service.menu.opens import Opens
from kiosk.service.menu.viewers.books import Books, NoBook
from kiosk.service.menu.viewers.inside import DAMAGED, DOCUMENT, Inside, add_inside, address, site_folder
from kiosk.service.menu.viewers.plain import Plain, other_view, recorded, saves
from kiosk.service.menu.viewers.policies import SANDBOX, STILL, WITH_MEDIA, with_frame
from kiosk.web.sending import Sending
from kiosk.web.words import Sentence, says

ENDPOINTS = ("item", "item_in", "inside", "captions", "item_listen", "item_listen_in", "save", "save_in")
NO_READER = says("This collection cannot be read on this computer yet. Please choose something else, or tell staff.")
OFFLINE = says("This is on the Internet, and there is no Internet now. Content stored here still works.")


class Viewers:
    """The views. `internet`: whether citizens of this station may go there at all."""

    def __init__(self, face: Face, library: Library, opens: Opens, internet: Callable[[], bool]) -> None:
        self._face, self._library, self._opens, self._internet = face, library, opens, internet
        self._zims, self._books = ZimReader(), Books()
        sending = Sending()
        self.inside = Inside(library, sending, self._zims, self._books)
        self._plain = Plain(library, sending, self._zims, self._render)
        self._pages: dict[str, Callable[[Item, str], Answer]] = {
            "html": self._html, "pdf": self._pdf, "epub": self._epub, "video": self._sound, "audio": self._sound,
            "zim": self._zim, "link": self._link,
        }  # fmt: skip

    def item(self, pack: str, name: str, place: str = "") -> Answer:
        """The page of an item; `place`: of a page inside it."""
        found = self._library.item(f"{pack}/{name}")
        if found is None:
            abort(404)
        try:
            page = self._pages[found.format](found, place)
        except (OSError, NoBook, Unreadable):
            return self._broken(found, DAMAGED)
        except (NoPage, IndexError):
            abort(404)
        if page.status_code < 400 and self._opens.counts(found.id):
            self._face.count_open(found.id)
        return page

    def listen(self, pack: str, name: str, place: str = "") -> Answer:
        """Where an item that is shown in a frame is read aloud."""
        return self._made(pack, name, place, self._plain.listen)

    def save(self, pack: str, name: str, place: str = "") -> Answer:
        """An item, or a page inside it, as a file to take home."""
        return self._made(pack, name, place, self._plain.save)

    def _made(self, pack: str, name: str, place: str, make: Callable[[Item, str], Answer]) -> Answer:
        found = self._library.item(f"{pack}/{name}")
        if found is None or ".." in place.split("/"):
            abort(404)
        try:
            return make(found, place)
        except (OSError, NoPage):
            abort(404)
        except Unreadable:
            return self._broken(found, DAMAGED)

    def captions(self, pack: str, name: str) -> Answer:
        """The subtitles of a video or recording as WebVTT, whatever they were."""
        found = self._library.item(f"{pack}/{name}")
        if found is None or not found.subtitles:
            abort(404)
        try:
            path, _file = self._library.file(found, found.subtitles)
            if path.stat().st_size > MAX_SUBTITLES:
                abort(404)
            text = decode(path.read_bytes())
        except OSError:
            abort(404)
        answer = make_response(text if text.startswith("WEBVTT") else web_vtt(text))
        answer.content_type = "text/vtt; charset=utf-8"
        answer.headers["Content-Security-Policy"] = STILL
        return answer

    def _html(self, item: Item, place: str) -> Answer:
        folder = site_folder(item)
        if folder is not None:
            target = place or item.file
            return self._frame(item, target, self._library.file(item, target)[1].type != DOCUMENT)
        if place:
            abort(404)
        base = posixpath.dirname(item.file)

        def picture(source: str) -> str:
            found = posixpath.normpath(posixpath.join(base, unquote(source)))
            try:
                kind = self._library.file(item, found)[1].type if not found.startswith(("..", "/")) else ""
            except OSError:
                return ""
            return address(item, found) if kind.startswith("image/") else ""

        return self._render("item", item, text=harmless(self._library.file(item)[0], picture))

    def _pdf(self, item: Item, place: str) -> Answer:
        path, _file = self._library.file(item)
        with open(path, "rb") as file:
            if b"%PDF-" not in file.read(1024):
                raise NoBook("no PDF")
        return self._frame(item, item.file, shut_in=False)

    def _epub(self, item: Item, place: str) -> Answer:
        path, _file = self._library.file(item)
        titles = self._books.contents(path)
        wanted = request.args.get("chapter", "")
        if not wanted:
            return self._render("book", item, titles=titles, chapter_address=lambda number: _chapter(item, number))
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 else 0
        chapter = self._books.chapter(
            path, number, lambda name: address(item, name), lambda found: _chapter(item, found)
        )  # fmt: skip
        before, after = number > 1, number < len(titles)
        return self._render(
            "chapter", item, chapter=chapter, count=len(titles), contents=_chapter(item, 0),
            before=_chapter(item, number - 1) if before else "", after=_chapter(item, number + 1) if after else "",
        )  # fmt: skip

    def _sound(self, item: Item, place: str) -> Answer:
        _path, file = self._library.file(item)
        second = request.args.get("t", "")
        at = f"#t={second}" if second.replace(".", "", 1).isdecimal() else ""
        parts = _said(self._library.parts(item), item) if item.subtitles or item.transcript else []
        return self._render(
            "sound", item, WITH_MEDIA, source=address(item, item.file) + at, type=file.type,
            poster=address(item, item.poster) if item.poster else "", parts=parts,
        )  # fmt: skip

    def _zim(self, item: Item, place: str) -> Answer:
        if not zim.available():
            return self._broken(item, NO_READER)
        path, _file = self._library.file(item)
        place = place or self._zims.first_path(path)
        if (page := self._zims.page(path, place)).elsewhere:
            page = self._zims.page(path, place := page.elsewhere)
        return self._frame(item, place, page.kind.partition(";")[0].strip().lower() != DOCUMENT)

    def _link(self, item: Item, place: str) -> Answer:
        if not self._internet() or not self._face.status().get("online"):
            return self._broken(item, OFFLINE)
        return redirect(item.url, 303)

    def _frame(self, item: Item, place: str, shut_in: bool) -> Answer:
        """What lies at a place of an item, in a frame. A document that belongs to something leads back to it."""
        apart = not shut_in and item.format != "pdf"
        usual = {"usual": f"/items/{item.id}?again=1"} if apart else {}
        return self._render(
            "frame", item, with_frame(address(item, "")), prefix=address(item, ""), sandbox=SANDBOX if shut_in else "",
            source=address(item, place) + ("" if shut_in else f"#{_view()}"),
            listened="" if apart else other_view(item, "listen"), **usual,
        )  # fmt: skip

    def _broken(self, item: Item, sentence: Sentence) -> Answer:
        page = self._render("broken", item, sentence=sentence)
        page.status_code = 404
        return page

    def _render(self, template: str, item: Item, policy: str = "", **values: object) -> Answer:
        theme = next(one for one in THEMES if one.code == item.theme)
        prints = self._face.status().get("print") is not None
        usual: dict[str, object] = {"usual": f"/themes/{theme.code}"}
        page = make_response(
            render_template(
                f"menu/{template}.html", item=item, theme=theme, prints=prints, here=_here(), saves=saves(item),
                saved=other_view(item, "save"), recorded=recorded(item), **(usual | values),
            )
        )  # fmt: skip
        if policy:
            page.headers["Content-Security-Policy"] = policy
        return page


def add_viewers(app: Flask, face: Face, library: Library, opens: Opens, internet: Callable[[], bool]) -> None:
    """`/items/…` with everything that its pages need."""
    viewers = Viewers(face, library, opens, internet)
    app.add_url_rule("/items/<pack>/<name>", "item", viewers.item)
    app.add_url_rule("/items/<pack>/<name>/in/<path:place>", "item_in", viewers.item)
    app.add_url_rule("/items/<pack>/<name>/listen", "item_listen", viewers.listen)
    app.add_url_rule("/items/<pack>/<name>/listen/<path:place>", "item_listen_in", viewers.listen)
    app.add_url_rule("/items/<pack>/<name>/save", "save", viewers.save)
    app.add_url_rule("/items/<pack>/<name>/save/<path:place>", "save_in", viewers.save)
    app.add_url_rule("/captions/<pack>/<name>", "captions", viewers.captions)
    add_inside(app, viewers.inside)


def _view() -> str:
    """At which page, and how large, the browser's reader shows a document."""
    page = request.args.get("page", "")
    at = f"page={page}&" if page.isascii() and page.isdecimal() else ""
    return at + ("zoom=150" if preferences.read().large else "view=FitH")


def _said(parts: list[Part], item: Item) -> list[Part]:
    """What is said, without the summary, which the search has before the first part."""
    if not parts or not item.summary:
        return parts
    first = replace(parts[0], text=parts[0].text.removeprefix(item.summary).strip())
    return [first, *parts[1:]] if first.text else parts[1:]


def _here() -> str:
    """This page with what it carries, quoted, so that any name inside an archive comes back."""
    query = request.query_string.decode("ascii", "replace")
    return ways.inside(quote(request.path) + (f"?{query}" if query else ""))


def _told() -> dict[str, str]:
    back = request.args.get("back", "")
    return {"back": ways.inside(back)} if back else {}


def _chapter(item: Item, number: int) -> str:
    """The address of a chapter, 0: of the contents. The next page of a book is no new opening."""
    return f"/items/{item.id}?" + urlencode({**({"chapter": number} if number else {}), "again": 1, **_told()})
