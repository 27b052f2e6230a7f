"""A province as small as a station needs one: real TLS on this PC, one-time codes, a card, answers that can be lost.

It is written from the brief of the formats, not from the product's server, so that the two hold each other.
"""

import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kiosk.export.sealed import CARD, ROTATION, SealError, opened, seal
from kiosk.export.signing import Key, key_id
from kiosk.web import making_certificates

CODE = "7K2M-9QRT-4XWB-0C3D-8FGH"


@dataclass
class Province:
    """`tamper` changes an answer on its way out, as somebody in between would; `lose`: so many answers are not sent."""

    url: str
    certificate: str
    key: Key = field(default_factory=Key.make)
    site: str = "TH-012"
    station: str = "03"
    name: str = "Thanh Hóa"
    version: int = 1
    code: str = CODE
    bound: str = ""
    stations: dict[str, str] = field(default_factory=dict)  # key id -> public hex
    lose: int = 0
    refuse: str = ""
    tamper: Callable[[dict[str, Any]], dict[str, Any]] = lambda told: told
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 0
    page: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def card(self) -> str:
        """What it says of itself, sealed."""
        told = {"name": self.name, "version": self.version, "key": self.key.public.hex(), "next_key": None,
                "urls": [self.url], "certificate": self.certificate}  # fmt: skip
        return seal(self.key, CARD, told)

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """What it says to a request."""
        with self.lock:
            self.asked.append((path, body))
            if path == "/v1/enrol":
                return self._enrol(json.loads(body))
            if path == "/v1/rotate":
                return self._rotate(body)
            return 404, {}

    def _enrol(self, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        plain = self.code.replace("-", "")
        secret = plain[4:].encode()
        text = b"kiosk enrol 1\n" + (told["code"] + told["public"] + told["nonce"]).encode()
        mac = hmac.new(secret, text, sha256).hexdigest()
        if self.refuse:
            return 403, {"code": self.refuse}
        if told["code"] != plain[:4] or not hmac.compare_digest(mac, told["mac"]):
            return 403, {"code": "WRONG_CODE"}
        if self.bound not in ("", told["public"]):
            return 403, {"code": "USED"}
        self.bound = told["public"]
        named = key_id(bytes.fromhex(told["public"]))
        self.stations[named] = told["public"]
        answer = json.dumps({"site": self.site, "station": self.station, "key": named, "card": self.card()})
        proof = b"kiosk welcome 1\n" + (told["nonce"] + told["public"] + answer).encode()
        return 200, self.tamper({"answer": answer, "mac": hmac.new(secret, proof, sha256).hexdigest()})

    def _rotate(self, body: bytes) -> tuple[int, dict[str, Any]]:
        for public in list(self.stations.values()):
            try:
                told = opened(bytes.fromhex(public), ROTATION, body)
            except SealError:
                continue
            named = key_id(bytes.fromhex(told["public"]))
            self.stations[named] = told["public"]
            return 200, self.tamper({"key": named})
        return 403, {"code": "UNKNOWN_KEY"}


@contextmanager
def province(folder: Path, **about: Any) -> Iterator[Province]:
    """One that answers until the block ends. Its certificate ran out long ago: stations' clocks may be dead."""
    pem = folder / "province.pem"
    if not pem.exists():
        folder.mkdir(parents=True, exist_ok=True)
        begins = datetime(2020, 1, 1, tzinfo=UTC)
        making_certificates.make(pem, ["127.0.0.1", "localhost"], begins, begins + timedelta(days=30))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    own = pem.read_text(encoding="ascii")
    certificate = own[own.index(ssl.PEM_HEADER) : own.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)] + "\n"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            raw = found.card().encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if found.status:
                status, raw = found.status, found.page
            else:
                status, told = found.answer(self.path, body)
                raw = json.dumps(told).encode()
            if found.lose:
                found.lose -= 1
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_words: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_about: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Province(f"https://127.0.0.1:{server.server_address[1]}", certificate, **about)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
