"""A pack's page reaches nothing but its own files: each way out works without our headers, and none works with them."""

import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from web_faces import Station, browser, served

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from tests.pack_support import pack

pytestmark = pytest.mark.slow

# name -> what the page does when it is touched; OUT is a server that the pack has no business with, ME the menu.
WAYS = {
    "fetch": "fetch('OUT/fetch', {mode: 'no-cors'})",
    "picture": "new Image().src = 'OUT/picture'",
    "style": "document.body.style.background = 'url(OUT/style)'",
    "sheet": "add('link', {rel: 'stylesheet', href: 'OUT/sheet'})",
    "script": "add('script', {src: 'OUT/script'})",
    "font": "document.fonts.add(new FontFace('x', 'url(OUT/font)')); document.fonts.load('12px x')",
    "film": "add('video', {src: 'OUT/film', preload: 'auto'})",
    "beacon": "navigator.sendBeacon('OUT/beacon', 'x')",
    "socket": "new WebSocket('OUT/socket'.replace('http', 'ws'))",
    "events": "new EventSource('OUT/events')",
    "frame": "add('iframe', {src: 'OUT/frame'})",
    "object": "add('object', {data: 'OUT/object', type: 'text/html'})",
    "prefetch": "add('link', {rel: 'prefetch', href: 'OUT/prefetch'})",
    "form": "let f = add('form', {action: 'OUT/form', method: 'post'}); f.submit()",
    "leave": "location.href = 'OUT/leave'",
    "refresh": "add('meta', {httpEquiv: 'refresh', content: '0;url=OUT/refresh'})",
    "up": "top.location.href = 'OUT/up'",
    "window": "window.open('OUT/window')",
    "link": "let a = add('a', {href: 'OUT/link', target: '_blank'}); a.click()",
    "worker": "new Worker(URL.createObjectURL(new Blob([\"fetch('OUT/worker', {mode: 'no-cors'})\"])))",
    "blank": "let i = add('iframe', {srcdoc: '<img src=OUT/blank>'})",
    "ping": "let a = add('a', {href: '#', ping: 'OUT/ping'}); a.click()",
    "base": "add('base', {href: 'OUT/'}); fetch('base', {mode: 'no-cors'})",
}
PAGE = """<!doctype html><meta charset="utf-8"><title>t</title><body><button id="go">Thử</button><p id="said"></p>
<script>function add(tag, set) { let one = Object.assign(document.createElement(tag), set);
document.body.append(one); return one; }
document.getElementById('go').addEventListener('click', function () { %s });</script></body>"""
# What it could learn or change at home: prints what it got hold of.
HOME = {
    "menu": "fetch('/search.json?q=nuoc').then(r => r.text()).then(say, e => say(''))",
    "other": "fetch('/inside/good/text/secret.svg').then(r => r.text()).then(say, e => say(''))",
    "cookies": "say(document.cookie)",
    "storage": "localStorage.setItem('a', 'b'); say(localStorage.getItem('a'))",
    "parent": "say(parent.document.title + parent.location.href)",
    "enter": "fetch('/enter?large=1', {mode: 'no-cors'}).then(r => say('done'), e => say(''))",
}


class Canary(BaseHTTPRequestHandler):
    """Notes every address that is asked for."""

    seen: set[str] = set()

    def do_GET(self) -> None:
        self.seen.add(self.path.strip("/").partition("?")[0])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[str]:
    """A server elsewhere: another address of this machine."""
    Canary.seen = set()
    server = ThreadingHTTPServer(("127.0.0.2", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.2:{server.server_port}"
    server.shutdown()
    server.server_close()


def unguarded(app: Any) -> Any:
    """The same app with none of its headers, as if nobody had thought of packs."""

    def bare(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_FETCH_DEST", None)
        kept = ("content-type", "content-length", "location")
        return app(
            environ, lambda status, headers, *more: start(status, [h for h in headers if h[0].lower() in kept], *more)
        )  # type: ignore[no-any-return]

    return bare


def menu(folder: Path, outside: str) -> Any:
    """The menu with a hostile pack: a site for each way, and another pack with a secret."""
    manifest, files = 'id = "evil"\ntheme = "gov"\n', {}
    say = "function say(text) { document.getElementById('said').textContent = '[' + text + ']'; } "
    for name, act in {
        **WAYS,
        **{name: f"{say} try {{ {act} }} catch (e) {{ say('') }}" for name, act in HOME.items()},
    }.items():
        manifest += f'[[item]]\ntitle = "Bài {name}"\nfile = "{name}/index.html"\n'
        files[f"{name}/index.html"] = PAGE % act.replace("OUT", outside)
    pack(folder / "evil", manifest, files)
    pack(folder / "good", 'id = "good"\n[[item]]\ntitle = "Nước sạch"\nfile = "text.html"\ntheme = "gov"\n',
         {"text.html": "<p>x</p>", "secret.svg": "<svg><!-- secret --></svg>"})  # fmt: skip
    return create_menu(Station(), Library.of_folders(folder / "evil", folder / "good"))


def settle(page: Page) -> None:
    page.wait_for_timeout(150)


def test_every_way_out_works_without_us_and_none_with_us(tmp_path: Path, outside: str) -> None:
    app = menu(tmp_path, outside)
    with served(unguarded(app)) as address, browser() as page:
        for name in WAYS:
            page.goto(f"{address}/inside/evil/{name}/{name}/index.html")
            page.locator("#go").click()
            settle(page)
            for one in page.context.pages[1:]:
                one.close()
        page.wait_for_timeout(1000)
    assert Canary.seen - {"favicon.ico"} == set(WAYS), "the control: these ways are real"
    Canary.seen.clear()
    with served(app) as address, browser() as page:
        for name in WAYS:
            page.goto(f"{address}/items/evil/{name}")
            page.frame_locator("iframe").locator("#go").click()
            settle(page)
            assert page.url.startswith(f"{address}/items/evil/{name}"), "the page around it stands"
            assert len(page.context.pages) == 1, f"{name} opened a window"
        page.wait_for_timeout(1000)
    assert Canary.seen == set()


def test_a_pack_learns_nothing_at_home(tmp_path: Path, outside: str) -> None:
    app = menu(tmp_path, outside)

    def got(page: Page, address: str, name: str) -> str:
        said = page.locator("#said") if "/inside/" in address else page.frame_locator("iframe").locator("#said")
        page.goto(address.format(name=name))
        button = page.locator("#go") if "/inside/" in address else page.frame_locator("iframe").locator("#go")
        button.click()
        page.wait_for_timeout(300)
        return said.text_content() or ""

    with served(unguarded(app)) as address, browser() as page:
        page.goto(address + "/enter?large=0")
        page.context.add_cookies([{"name": "large", "value": "0", "url": address}])
        found = {name: got(page, address + "/inside/evil/{name}/{name}/index.html", name) for name in HOME}
        assert all(len(text) > 2 for text in found.values()), found
        assert "good/text" in found["menu"] and "secret" in found["other"]
    with served(app) as address, browser() as page:
        page.goto(address + "/enter?large=0")
        found = {name: got(page, address + "/items/evil/{name}", name) for name in HOME}
        assert found == dict.fromkeys(HOME, "[]")
        assert "large" not in page.evaluate("document.documentElement.className")


def test_without_our_frame_a_page_is_sent_into_it(tmp_path: Path, outside: str) -> None:
    with served(menu(tmp_path, outside)) as address, browser() as page:
        page.goto(f"{address}/inside/evil/leave/leave/index.html")
        assert page.url.startswith(f"{address}/items/evil/leave")
        page.frame_locator("iframe").locator("#go").wait_for()
