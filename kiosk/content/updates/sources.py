"""Where a tree lies: on a web server or in a folder, a stick's for instance. Nothing that comes from here is believed.

`open(place, start)` gives the bytes of a file from `start` on. Gone: there is no such file. Cut: it could not be read
to its end; the text says why, for the person who waits.
"""

import os
import ssl
import stat
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

from kiosk.errors import UsageError
from kiosk.translations import _

if TYPE_CHECKING:
    import urllib3

CHUNK = 64 * 1024
# Silence of this many seconds is a cut. Less than so many bytes a second over a minute is one too: a server that lets
# us wait for ever would keep every update away.
SILENCE, LEAST, OVER = 30.0, 100, 60.0


class Gone(Exception):
    """There is no such file."""


class Cut(Exception):
    """The source went away; what came is good for a start."""


Opened = tuple[int, Iterator[bytes]]


class Source(Protocol):
    """`name`: as a person wrote it. `open` yields where the bytes begin (`start`, or 0), and the bytes."""

    name: str

    @contextmanager
    def open(self, place: str, start: int = 0) -> Iterator[Opened]:
        """The file at that place of the tree."""
        ...


def source_of(address: str) -> Source:
    """The source at a URL, or in a folder. UsageError when it can be neither."""
    if address.startswith(("https://", "http://")):
        if not urlsplit(address).hostname:
            raise UsageError(_("{address} is no web address.", address=address), _("Correct it."))
        return Web(address)
    folder = Path(address)
    if "://" in address or not folder.is_absolute():
        raise UsageError(
            _("{address} is neither a web address nor the whole path of a folder.", address=address), _("Correct it.")
        )
    return Folder(folder)


class Folder:
    """A folder: a stick, a share, a disk."""

    def __init__(self, root: Path) -> None:
        self.name, self._root = str(root), root

    @contextmanager
    def open(self, place: str, start: int = 0) -> Iterator[Opened]:
        """A pipe or a link in the file's place is nothing."""
        try:
            handle = os.open(self._root / place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            raise Gone(place) from None
        except OSError as error:
            raise Cut(error.strerror or str(error)) from None
        with os.fdopen(handle, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Gone(place)
            file.seek(start)
            yield start, self._chunks(file)

    @staticmethod
    def _chunks(file: IO[bytes]) -> Iterator[bytes]:
        while True:
            try:
                chunk = file.read(CHUNK)
            except OSError as error:
                raise Cut(error.strerror or str(error)) from None
            if not chunk:
                return
            yield chunk


class Web:
    """A static web server, HTTPS or HTTP: what is had from it is held against signatures either way."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self._clock = address, clock
        self._base = address.rstrip("/") + "/"
        self._pool: urllib3.PoolManager | None = None

    def _server(self) -> "urllib3.PoolManager":
        if self._pool is None:
            import urllib3

            host, scheme = urlsplit(self._base).hostname or "", urlsplit(self._base).scheme
            proxy = None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)
            ways: dict[str, Any] = {
                "timeout": urllib3.Timeout(connect=SILENCE, read=SILENCE),
                "retries": urllib3.Retry(total=3, connect=0, read=0, redirect=3, status=0, other=0),
            }  # fmt: skip
            if "https" in (scheme, urlsplit(proxy or "").scheme):
                ways["ssl_context"] = ssl.create_default_context()
            self._pool = urllib3.ProxyManager(proxy, **ways) if proxy else urllib3.PoolManager(**ways)
        return self._pool

    @contextmanager
    def open(self, place: str, start: int = 0) -> Iterator[Opened]:
        """Asks for the rest only; a server that gives all of it is as good."""
        from urllib3.exceptions import HTTPError

        headers = {"User-Agent": "kiosk", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            answer = self._server().request("GET", self._base + quote(place), headers=headers, preload_content=False)
        except HTTPError as error:
            raise Cut(_reason(error)) from None
        try:
            yield self._begun(answer, place, start), self._chunks(answer)
        finally:
            # Kept for the next file only when it was read to its end.
            if answer.length_remaining == 0:
                answer.release_conn()
            else:
                answer.close()

    @staticmethod
    def _begun(answer: "urllib3.BaseHTTPResponse", place: str, start: int) -> int:
        if answer.status in (403, 404, 410):
            raise Gone(place)
        if answer.status == 200:
            return 0
        if answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            return start
        if answer.status == 416:
            return -1  # the file there is shorter than what came before: begin anew
        raise Cut(_("it answers with the error {code}", code=answer.status))

    def _chunks(self, answer: "urllib3.BaseHTTPResponse") -> Iterator[bytes]:
        from urllib3.exceptions import HTTPError

        since, got = self._clock(), 0
        try:
            # What is there, not a whole chunk: one byte a minute would never fill it.
            while chunk := answer.read1(CHUNK, decode_content=False):
                got += len(chunk)
                if (waited := self._clock() - since) > OVER:
                    if got < LEAST * waited:
                        raise Cut(_("it sends too slowly"))
                    since, got = self._clock(), 0
                yield chunk
        except HTTPError as error:
            raise Cut(_reason(error)) from None


def _reason(error: Exception) -> str:
    """Why it could not be had, in words for the manager."""
    text = f"{error} {error.__cause__ or ''}"
    if "certificate" in text.lower():
        return _("its certificate is not good, or this PC's date is wrong")
    if "resolve" in text.lower() or "NameResolution" in text:
        return _("its name is not found; perhaps there is no Internet")
    if "timed out" in text:
        return _("it does not answer")
    if "IncompleteRead" in text or "broken" in text:
        return _("the connection was cut")
    return _("there is no connection")
