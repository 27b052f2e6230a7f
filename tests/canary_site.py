"""A web site of this PC that puts one string into a citizen's browser: a cookie, its stores, a download, and asks.

with canary_site(mark) as site:
    site.plants   the address whose page plants it all and gives the download
    site.looks    the address whose page tells us what that browser still has: `site.told`, "" for none
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLANTING = """<title>planted</title><script>
const mark = "%s";
document.cookie = mark + "=" + mark + "; max-age=9999999; path=/";
localStorage.setItem("kept", mark);
const asked = indexedDB.open(mark, 1);
asked.onupgradeneeded = () => asked.result.createObjectStore(mark);
asked.onsuccess = () => caches.open(mark).then(held => held.put("/kept", new Response(mark))).then(() => {
  location = "/download"; });
</script>planted"""
LOOKING = """<title>looked</title><script>
(async () => {
  const bases = (await indexedDB.databases()).map(one => one.name);
  const caught = await caches.keys();
  await fetch("/told", {method: "POST", body: [
    "cookie:" + document.cookie, "store:" + (localStorage.getItem("kept") || ""), "base:" + bases, "cache:" + caught,
  ].join("\\n")});
})();
</script>looked"""


@dataclass
class Site:
    """`told`: each answer of a browser that looked: what it has, by kind."""

    mark: str
    port: int = 0
    told: list[dict[str, str]] = field(default_factory=list)

    @property
    def plants(self) -> str:
        """Without `http://`, as somebody types it."""
        return f"127.0.0.1:{self.port}/plant"

    @property
    def looks(self) -> str:
        """The other page."""
        return f"127.0.0.1:{self.port}/look"


@contextmanager
def canary_site(mark: str) -> Iterator[Site]:
    """The site, as long as the block lasts."""
    site = Site(mark)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/plant": PLANTING % mark, "/look": LOOKING, "/download": mark}
            found = pages.get(self.path)
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path == "/download":
                self.send_header("Content-Disposition", f'attachment; filename="{mark}.txt"')
            self.end_headers()
            self.wfile.write((found or "").encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.told.append(dict(line.split(":", 1) for line in body.splitlines()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
