"""A province that publishes, a web server that can break off, and a station that updates: for the tests of updates."""

import contextlib
import http.server
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pack_support import pack, pages

from kiosk.clock import Reading
from kiosk.content.checking import verify
from kiosk.content.imports import silent
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.publishing import Published, publish
from kiosk.content.updates.sources import Source, source_of
from kiosk.content.updates.trust import Trust
from kiosk.content.updates.updating import Update, Updated, Wishes, alone

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone.utc)
PAGE = "Bài {0} về {1}\nNội dung của bài {0}: " + "trồng lúa nước, nuôi gà, phòng bệnh cho trẻ em. " * 12


def reading(days: float = 0, trusted: bool = True) -> Reading:
    """A look at the clock, so many days after the province first published."""
    return Reading(1000.0, "boot", NOW + timedelta(days=days), trusted)


class Province:
    """Packs in `folder`, keys beside it, the tree in `out`."""

    def __init__(self, home: Path) -> None:
        self.folder, self.out, self.keys = home / "packs", home / "tree", Keys(home / "keys")
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.keys.there():
            self.keys.make(NOW)
        self._days = 0

    def pack(self, name: str, texts: dict[str, str], more: dict[str, bytes] | None = None) -> None:
        """A pack of pages, new or changed."""
        manifest, files = pages(name, texts)
        pack(self.folder / name, manifest, {**files, **(more or {})})

    def publish(self) -> Published:
        """The next edition, a day after the last."""
        self._days += 1
        return publish(self.folder, self.out, self.keys, NOW + timedelta(days=self._days - 1), silent)

    @property
    def root(self) -> bytes:
        """What stations trust."""
        return (self.keys.folder / "root.json").read_bytes()


class Station:
    """A library that is updated."""

    def __init__(self, home: Path, province: Province | None = None) -> None:
        self.shelves = Shelves(home / "content")
        if province is not None:
            Trust(home / "content" / "trust").accept(province.root)

    def update(
        self, source: Source | str | Path, wishes: Wishes | None = None, days: float = 0, trusted: bool = True
    ) -> Updated:
        """One update; cuts are tried again at once."""
        found = source_of(str(source)) if isinstance(source, str | Path) else source
        with alone(self.shelves.root):
            update = Update(
                self.shelves, found, reading(days, trusted), wishes or Wishes(), silent, pause=lambda _seconds: None
            )
            return update.run()[0]

    def titles(self) -> list[str]:
        """All items, as a citizen sees them."""
        library = Library(self.shelves.root)
        try:
            return sorted(item.title for item in library.items())
        finally:
            library.close()

    def faults(self) -> list[object]:
        """What is not whole."""
        return [*verify(self.shelves)[1]]

    def left(self) -> list[str]:
        """What lies about that should have gone."""
        root = self.shelves.root
        return [str(path) for path in (*root.glob("staging"), *root.glob("arriving/*"), *root.glob("objects/.*"))]

    def found(self, text: str) -> list[str]:
        """What a search finds."""
        library = Library(self.shelves.root)
        try:
            return [hit.item.id for hit in library.search(text).hits]
        finally:
            library.close()


@dataclass
class Served:
    """What a server has sent (`ends`: after each answer); it is cut when `budget`, bytes it still sends, is used up.

    `twist` changes what it sends of a path; a path with `endless` in it never ends.
    """

    address: str = ""
    sent: int = 0
    ends: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    budget: int | None = None
    twist: Callable[[str, bytes], bytes] = lambda _path, data: data
    lame: int = 0  # so many bytes of each answer, then the line breaks
    endless: str = "-"
    ranged: bool = True


@contextlib.contextmanager
def served(root: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[Served]:
    """A plain static web server with Range, HTTPS where a certificate and key are given."""
    told = Served()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize, disable_nagle_algorithm = -1, True  # as real servers do

        def log_message(self, *_words: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            told.asked.append(path)
            if told.endless in path:
                return self._endless()
            try:
                data = told.twist(path, (root / path).read_bytes())
            except OSError:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            return self._send(data)

        def _send(self, data: bytes) -> None:
            if told.budget is not None and told.budget <= 0:
                self.close_connection = True  # nobody there
                return
            wanted = self.headers.get("Range", "")
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and told.ranged else 0
            if start:
                told.ranges.append(wanted)
            if start and start >= len(data):
                self.send_response(416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            body = data[start:]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if 0 < told.lame < len(body):
                body, self.close_connection = body[: told.lame], True
            if told.budget is not None:
                allowed, told.budget = body[: told.budget], told.budget - len(body)
                if told.budget <= 0:
                    self.close_connection = True
                body = allowed
            self.wfile.write(body)
            told.sent += len(body)
            told.ends.append(told.sent)

        def _endless(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.close_connection = True
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65536)
                    told.sent += 65536

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, allow_reuse_address = True, True

        def handle_error(self, *_words: object) -> None:
            """Readers that break off are what these tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        told.address = (
            f"{scheme}://localhost:{server.server_address[1]}"
            if certificate
            else f"http://127.0.0.1:{server.server_address[1]}"
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join(5)
