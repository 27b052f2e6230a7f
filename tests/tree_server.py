"""A plain static web server with Range that counts what it sends, and can be cut, slow to end, or tell lies."""

import contextlib
import http.server
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


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
