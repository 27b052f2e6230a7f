"""A small honest receiver of bundles: real TLS and HTTP, receipts by the province's key, and every way to misbehave.

Written from the brief of the formats, beside the product's server: `bundles` is what it holds, by sha256, and `bodies`
every body that came, so that a test can count for itself.
"""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sending_station import SITE, STATION

from kiosk.export import enrolment
from kiosk.export.batch import Signed, unpack
from kiosk.export.enrolment import Enrolled, card_of
from kiosk.export.formats import read
from kiosk.export.receipts import Marks, Receipt
from kiosk.export.sealed import CARD, seal, unproved
from kiosk.export.signing import BUNDLE, Key, verify
from kiosk.settings import Paths
from kiosk.web import making_certificates


@dataclass
class Receiver:
    """`before` sees each PUT first, and may answer in its place: (status, headers, body), or None to go on."""

    url: str
    certificate: str
    key: Key = field(default_factory=Key.make)
    station: Key = field(default_factory=Key.make)
    name: str = "Thanh Hóa"
    version: int = 1
    now: datetime = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    ledger: str = "ledger-1"
    bundles: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # sha256 -> the sealed receipt that was given for it
    refuse: dict[str, str] = field(default_factory=dict)  # day -> code
    bodies: list[bytes] = field(default_factory=list)
    before: Callable[[bytes], tuple[int, dict[str, str], bytes] | None] = lambda body: None
    after: Callable[[dict[str, Any]], dict[str, Any]] = lambda told: told
    lose: int = 0
    most: int = 1_000_000
    drip: float = 0.0  # seconds between two bytes of an answer
    lock: threading.Lock = field(default_factory=threading.Lock)

    def card(self) -> str:
        """What it says of itself."""
        told = {"name": self.name, "version": self.version, "key": self.key.public.hex(), "next_key": None,
                "urls": [self.url], "certificate": self.certificate}  # fmt: skip
        return seal(self.key, CARD, told)

    def enrol(self, paths: Paths, way: str = "https") -> Enrolled:
        """As `kiosk enrol` leaves a home behind."""
        paths.enrolment.mkdir(parents=True, exist_ok=True)
        self.station.save(paths.enrolment / enrolment.KEY)
        sealed = self.card()
        card = card_of(unproved(sealed, CARD), sealed)
        told = Enrolled(SITE, STATION, self.station.id, self.now.isoformat(), way, card)
        enrolment.put(paths, told)
        return told

    def put(self, place: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What it says to a body."""
        with self.lock:
            self.bodies.append(body)
            if (instead := self.before(body)) is not None:
                return instead
            if len(body) > self.most:
                return 413, {}, b"{}"
            if place != f"/v1/batches/{sha256(body).hexdigest()}":
                return 400, {}, b"{}"
            told = self.after(self.take(unpack(body)))
            return 200, {}, json.dumps(told).encode()

    def take(self, came: list[Signed]) -> dict[str, Any]:
        """Stores what is right and says so."""
        fresh = [one for one in came if one.sha256 not in self.kept]
        stored, refused = [], {}
        for one in fresh:
            code = self._wrong(one)
            if code:
                refused[one.sha256] = code
            else:
                stored.append(one.sha256)
                self.bundles[one.sha256] = one.content
        if fresh:
            receipt = self.receipt(stored, refused)
            self.kept |= dict.fromkeys(stored, receipt)
        old = {self.kept[one.sha256] for one in came if one.sha256 in self.kept}
        receipts = sorted(old | ({receipt} if fresh else set()))
        return {"receipts": receipts, "marks": self.marks(), "card": self.version}

    def _wrong(self, one: Signed) -> str:
        if one.key != self.station.id:
            return "UNKNOWN_KEY"
        if not verify(self.station.public, BUNDLE, one.content, one.signature):
            return "SIGNATURE"
        return self.refuse.get(read(one.content).manifest.day, "")

    def receipt(self, stored: list[str], refused: dict[str, str]) -> str:
        """Signed by the province."""
        return Receipt(SITE, STATION, self.now.isoformat(), tuple(stored), refused, self.ledger).sealed(self.key)

    def marks(self) -> str:
        """By epoch the last sequence up to which none is missing."""
        held: dict[str, set[int]] = {}
        for content in self.bundles.values():
            manifest = read(content).manifest
            held.setdefault(manifest.epoch, set()).add(manifest.sequence)
        marks = {epoch: next(n for n in range(1, len(held[epoch]) + 2) if n not in held[epoch]) - 1 for epoch in held}
        at = self.now.astimezone(UTC).isoformat()
        return Marks(SITE, STATION, self.ledger, marks, at).sealed(self.key)

    def visits(self) -> dict[str, int]:
        """By day, as the newest revision of each says."""
        newest: dict[str, tuple[int, int]] = {}
        for content in self.bundles.values():
            bundle = read(content)
            told = (bundle.manifest.revision, bundle.day["visits"])
            newest[bundle.manifest.day] = max(newest.get(bundle.manifest.day, (0, 0)), told)
        return {day: visits for day, (_revision, visits) in newest.items()}


def authority(folder: Path, name: str = "province.pem") -> tuple[Path, str]:
    """A certificate that ran out long ago, with its key; and the part of it that others trust."""
    pem = folder / name
    if not pem.exists():
        folder.mkdir(parents=True, exist_ok=True)
        begins = datetime(2020, 1, 1, tzinfo=UTC)
        making_certificates.make(pem, ["127.0.0.1", "localhost"], begins, begins + timedelta(days=30))
    own = pem.read_text(encoding="ascii")
    return pem, own[own.index(ssl.PEM_HEADER) : own.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)] + "\n"


@contextmanager
def receiving(folder: Path, pem: str = "province.pem", port: int = 0, **about: Any) -> Iterator[Receiver]:
    """One that answers until the block ends."""
    path, certificate = authority(folder, pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            status, headers, raw = found.put(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            if found.lose:
                found.lose -= 1
                self.close_connection = True
                self.connection.close()
                return
            self._say(status, headers, raw)

        def do_GET(self) -> None:
            self._say(*((200, {}, found.card().encode()) if self.path == "/v1/card" else (404, {}, b"{}")))

        def _say(self, status: int, headers: dict[str, str], raw: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(raw))}.items():
                self.send_header(name, value)
            self.end_headers()
            for place in range(0, len(raw), 1 if found.drip else len(raw)):
                self.wfile.write(raw[place : place + 1] if found.drip else raw)
                time.sleep(found.drip)

        def log_message(self, *_words: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_about: object) -> None:
            pass

    server = Quiet(("127.0.0.1", port), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found = Receiver(f"https://127.0.0.1:{server.server_address[1]}", certificate, **about)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def eventually(true: Callable[[], object], within: float = 30.0) -> None:
    """Waits for a condition, never for a time."""
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)
