"""A feed fetched over the network, page by page, with its files: from calibre on another PC, or from Kiwix.

Staff ask for it by its address, so it may go wherever they say, but only by HTTP and HTTPS, never to a file of this
PC, and never for more than the disk holds. A download that breaks goes on where it stopped.
"""

import http.client
import shutil
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from kiosk.content.items import Pack
from kiosk.content.naming import slug
from kiosk.content.opds1.entries import Entry, FeedPage, Link
from kiosk.content.opds1.pages import Found, pack_of, pages
from kiosk.content.safe_xml import MAX_BYTES
from kiosk.content.shelf_making import Told
from kiosk.errors import KioskError
from kiosk.translations import _

SECONDS = 30
TRIES = 4
PIECE = 256 * 1024
SPARE = 256 << 20
PICTURE = 8 << 20
_ENDING_OF = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}


def fetch_feed(address: str, staging: Path, theme: str, told: Told) -> Pack:
    """The pack of the feed at `address`, its files under `staging`. KioskError, ValueError in words."""
    web = _Web(staging / "fetched", told)
    entries, title, lists = list[Entry](), "", list[tuple[str, str]]()
    for where, page in pages(address, web.page, web.after):
        title = title or page.title
        entries += [_whole(entry, where) for entry in page.entries]
        lists += [(name, urljoin(where, href)) for name, href in page.catalogues]
    if not entries and lists:
        known = ", ".join(f"{name} {href}" for name, href in lists[:12])
        raise ValueError(_("it is a list of catalogues; add one of these: {addresses}", addresses=known))
    web.count = len(entries)
    parts = urlsplit(address)
    name = slug(f"{parts.hostname or ''} {PurePosixPath(parts.path).stem} {parts.query}", "opds")
    return pack_of(name, theme, title, entries, web.file, web.picture)


def _whole(entry: Entry, base: str) -> Entry:
    files = tuple(replace(link, href=urljoin(base, link.href)) for link in entry.files)
    return replace(entry, files=files, picture=urljoin(base, entry.picture) if entry.picture else "")


class _Web:
    """What is fetched for one feed."""

    def __init__(self, folder: Path, told: Told) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._told, self._base = folder, told, ""
        # Only these: the usual opener also reads files of this PC.
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(), _Redirects(), urllib.request.HTTPErrorProcessor(),
        ):  # fmt: skip
            self._opener.add_handler(handler)
        self.count, self._number = 0, 0

    def page(self, address: str) -> tuple[str, bytes]:
        """A page of the feed. KioskError when it cannot be had: half a catalogue is none."""
        address = urljoin(self._base, address)
        self._told("fetch", address, 0, 0)
        try:
            with self._open(address) as answer:
                self._base = answer.geturl()
                data = answer.read(MAX_BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise KioskError(
                _("{address} cannot be fetched: {reason}.", address=address, reason=_reason(error)),
                _("Check the address and the network, and try again."),
            ) from None
        return address, data

    def after(self, page: FeedPage, seen: int) -> str:
        """The next page: as the feed says, or, of Kiwix, which does not say, the one that begins behind this one."""
        if page.next:
            return page.next
        if not page.total or seen >= page.total:
            return ""
        parts = urlsplit(self._base)
        asked = dict(parse_qsl(parts.query)) | {"start": str(seen)}
        return urlunsplit(parts._replace(query=urlencode(asked)))

    def file(self, link: Link) -> Found | None:
        """An entry's file, fetched whole. None when it cannot be had."""
        self._number += 1
        href = link.href.removesuffix(".meta4")
        stem = slug(PurePosixPath(unquote(urlsplit(href).path)).stem, "file")
        place = f"{self._number:04}_{stem}{link.ending}"
        name = _("{n} of {all}", n=self._number, all=self.count)
        return self._fetched(href, place, name, shutil.disk_usage(self._folder).free - SPARE, link.length)

    def picture(self, link: Link) -> Found | None:
        """An entry's cover; its kind is what the answer says."""
        try:
            with self._open(link.href) as answer:
                ending = _ENDING_OF.get(answer.headers.get_content_type(), "")
                data = answer.read(PICTURE + 1)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        if not ending or len(data) > PICTURE:
            return None
        path = self._folder / f"{self._number:04}_cover{ending}"
        path.write_bytes(data)
        return Found(path.name, path)

    def _fetched(self, address: str, place: str, name: str, room: int, length: int) -> Found | None:
        path = self._folder / place
        path.unlink(missing_ok=True)
        for attempt in range(TRIES):
            try:
                if self._more(address, path, name, room, length):
                    return Found(place, path)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code < 500:
                    return None
            except (OSError, http.client.HTTPException):
                pass
            except ValueError:
                return None
            time.sleep(0.2 * attempt)
        return None

    def _more(self, address: str, path: Path, name: str, room: int, length: int) -> bool:
        """Fetch what is still missing; whether all of it is there now."""
        have = path.stat().st_size if path.exists() else 0
        with self._open(address, have) as answer:
            if answer.status != 206:
                have = 0
            whole = have + int(answer.headers.get("Content-Length") or 0) or length
            if whole > room:
                raise KioskError(
                    _("There is no room: {needed} MB are needed in {folder}, {free} MB are free.",
                      needed=whole // 10**6, folder=self._folder.parent.parent, free=max(0, room) // 10**6),
                    _("Make room there and try again."),
                )  # fmt: skip
            with open(path, "r+b" if have else "wb") as file:
                file.seek(have)
                while piece := answer.read(PIECE):
                    file.write(piece)
                    have += len(piece)
                    if have > room:
                        raise ValueError("larger than it said")
                    self._told("fetch", name, have, max(whole, have))
        return have >= whole

    def _open(self, address: str, begin: int = 0) -> http.client.HTTPResponse:
        if urlsplit(address).scheme not in ("http", "https"):
            raise ValueError(_("only addresses with https:// or http://"))
        asked = urllib.request.Request(address, headers={"User-Agent": "kiosk"})
        if begin:
            asked.add_header("Range", f"bytes={begin}-")
        answer: http.client.HTTPResponse = self._opener.open(asked, timeout=SECONDS)
        return answer


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to the web only; the library's own lets ftp pass."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """The next request; None ends it."""
        if urlsplit(newurl).scheme not in ("http", "https"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.reason}"
    return str(getattr(error, "reason", "") or error) or type(error).__name__
