"""What a content policy does not stop: WebRTC, preconnect, dns-prefetch. A pack's page begins none of it.

Read at the other end: sockets that wait for whoever comes, and the browser's own log of what it asked and connected to.
The browser has a profile as in a session, because a private window does no guessing at all.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from web_faces import Station, served

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from tests.pack_support import pack
from tests.test_packs_are_shut_in import unguarded

pytestmark = pytest.mark.slow

NAMES = {"dns-prefetch", "preconnect-name"}
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>t</title><body><p id="said">thử</p>
<script type="speculationrules">{"prefetch": [{"source": "list", "urls": ["http://127.0.0.2:%(speculation)d/x"]}]}</script>
<script>
function add(tag, set) { let one = Object.assign(document.createElement(tag), set);
  document.body.append(one); return one; }
function call(where, server, more) {
  try {
    let peer = new where.RTCPeerConnection({ iceServers: [Object.assign({ urls: server }, more)] });
    peer.createDataChannel("x");
    peer.createOffer().then(function (offer) { return peer.setLocalDescription(offer); });
  } catch (_refused) { return; }
}
call(window, "stun:127.0.0.2:%(stun)d");
call(window, "turn:127.0.0.2:%(turn)d?transport=tcp", { username: "a", credential: "b" });
add("link", { rel: "preconnect", href: "http://127.0.0.2:%(preconnect)d/" });
add("link", { rel: "preconnect", href: "http://preconnect-name.kiosk.invalid/" });
add("link", { rel: "dns-prefetch", href: "http://dns-prefetch.kiosk.invalid/" });
document.getElementById("said").textContent = "all was tried";
</script></body></html>"""


@dataclass
class Ears:
    """Sockets of an address that a pack has no business with; `heard` who came."""

    heard: set[str] = field(default_factory=set)
    ports: dict[str, int] = field(default_factory=dict)
    sockets: list[socket.socket] = field(default_factory=list)

    def open(self, name: str, kind: int) -> None:
        ear = socket.socket(socket.AF_INET, kind)
        ear.bind(("127.0.0.2", 0))
        self.ports[name] = ear.getsockname()[1]
        self.sockets.append(ear)
        if kind == socket.SOCK_STREAM:
            ear.listen(8)
        threading.Thread(target=self._listen, args=(name, ear, kind), daemon=True).start()

    def _listen(self, name: str, ear: socket.socket, kind: int) -> None:
        while True:
            try:
                if kind == socket.SOCK_DGRAM:
                    ear.recvfrom(2048)
                else:
                    ear.accept()[0].close()
            except OSError:
                return
            self.heard.add(name)


@contextmanager
def ears() -> Iterator[Ears]:
    made = Ears()
    for name in ("turn", "preconnect", "speculation"):
        made.open(name, socket.SOCK_STREAM)
    made.open("stun", socket.SOCK_DGRAM)
    try:
        yield made
    finally:
        for one in made.sockets:
            one.shutdown(socket.SHUT_RDWR) if one.type == socket.SOCK_STREAM else None
            one.close()


def heard(app: Any, path: str, folder: Path, ears: Ears, wanted: set[str]) -> tuple[set[str], set[str], str]:
    """Who came, which names were asked for, and what the page says; waits for `wanted`, else some seconds."""
    ears.heard.clear()
    log = folder / "net.json"
    arguments = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-sandbox", "--disable-gpu",
                 "--disable-background-networking", f"--log-net-log={log}"]  # fmt: skip
    with served(app) as address, sync_playwright() as playwright:
        # Playwright's own arguments switch guessing off.
        context = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path="/usr/bin/chromium", ignore_default_args=True, args=arguments
        )
        page = context.new_page()
        page.goto(address + path)
        said = page.locator("#said") if "/inside/" in path else page.frame_locator("iframe").locator("#said")
        said.wait_for()
        for _ in range(100 if wanted else 15):
            page.wait_for_timeout(100)
            if wanted and wanted <= ears.heard:
                break
        page.wait_for_timeout(500)
        text = said.text_content() or ""
        context.close()
    written = log.read_text(encoding="utf-8", errors="replace")
    return set(ears.heard), {name for name in NAMES if f"{name}.kiosk.invalid" in written}, text


def test_a_pack_asks_nobody_by_any_side_door(tmp_path: Path) -> None:
    with ears() as listening:
        manifest = 'id = "evil"\ntheme = "gov"\n[[item]]\ntitle = "Bài"\nfile = "site/index.html"\n'
        pack(tmp_path / "evil", manifest, {"site/index.html": PAGE % listening.ports})
        app = create_menu(Station(), Library.of_folders(tmp_path / "evil"))
        for folder in ("without", "with"):
            (tmp_path / folder).mkdir()
        # The control: what the content policy alone leaves open.
        came, asked, _said = heard(
            without_the_list(app), "/items/evil/site", tmp_path / "without", listening, {"stun", "turn", "preconnect"}
        )
        assert came >= {"stun", "turn", "preconnect"} and asked == NAMES, "the control: these ways are real"
        came, asked, said = heard(app, "/items/evil/site", tmp_path / "with", listening, set())
        assert (came, asked) == (set(), set())
        assert said == "all was tried"


def without_the_list(app: Any) -> Any:
    """The same app with its content policy, and without the header that this test is about."""

    def bare(environ: dict[str, Any], start: Any) -> Any:
        def kept(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [one for one in headers if one[0].lower() != "connection-allowlist"], *more)

        return app(environ, kept)

    return bare


def test_a_drawing_of_a_pack_asks_nobody_either(tmp_path: Path) -> None:
    """A drawing that a link leads to is a document, in which a link of XHTML would be followed."""
    with ears() as listening:
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="http://www.w3.org/1999/xhtml">'
            f'<h:link rel="preconnect" href="http://127.0.0.2:{listening.ports["preconnect"]}/"/>'
            '<h:link rel="dns-prefetch" href="http://dns-prefetch.kiosk.invalid/"/>'
            '<text id="said" y="40">x</text></svg>'
        )
        page = "<!doctype html><title>t</title><body><script>location.replace('d.svg')</script>"
        manifest = 'id = "evil"\ntheme = "gov"\n[[item]]\ntitle = "Bài"\nfile = "site/index.html"\n'
        pack(tmp_path / "evil", manifest, {"site/index.html": page, "site/d.svg": drawing})
        app = create_menu(Station(), Library.of_folders(tmp_path / "evil"))
        for folder in ("without", "with"):
            (tmp_path / folder).mkdir()
        came, asked, _said = heard(
            unguarded(app), "/inside/evil/site/site/index.html", tmp_path / "without", listening, {"preconnect"}
        )
        assert came == {"preconnect"} and "dns-prefetch" in asked, "the control: a drawing can"
        came, asked, _said = heard(app, "/items/evil/site", tmp_path / "with", listening, set())
        assert (came, asked) == (set(), set())
