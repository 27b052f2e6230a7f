"""Hands that type into a session's programs, and what has arrived there."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.service import client
from tests.running import RunningStation

TELEX, VNI, WORD = "dduwowngf", "d9u7o7ng2", "đường"

# That the field is there to be typed into, and what stands in it, is told by the window's title, which a test can read.
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>loading</title></head>
<body><input id="i" autofocus onfocus="document.title = 'ready'" oninput="document.title = 'typed:' + this.value + ':'">
</body></html>"""
AGAIN_AFTER, TRIES = 15.0, 4


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """A web server of this machine; yields its address, without http://."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def page_with_a_field() -> Iterator[str]:
    """A page of this machine, and its address."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with served(Page) as address:
        yield f"http://{address}"


def staff_opens(station: RunningStation) -> None:
    """A session without the questions."""
    client.ask(station.paths, "session", action="start", who="staff", timeout=5.0)
    station.wait_open()


def type_word(station: RunningStation, keys: str) -> None:
    """Type as a slow person does, letter after letter."""
    subprocess.run(["xdotool", "type", "--delay", "60", keys], env=station.env, check=True, timeout=20)


def go_to(station: RunningStation, address: str, title: str = "ready") -> None:
    """Type the address of a page into the browser that is in front, until it comes.

    A browser that has shown its window may not listen to keys yet, as everybody knows who has sat before one.
    """
    for number in range(1, TRIES + 1):
        station.key("ctrl+l")
        type_word(station, address.removeprefix("http://") + "\n")
        try:
            wait_title(station, title, AGAIN_AFTER)
            return
        except AssertionError:
            if number == TRIES:
                raise


def wait_title(station: RunningStation, start: str, seconds: float = 20.0) -> None:
    """Until a visible window's title begins so."""
    station.wait(lambda: any(one.startswith(start) for one in station.titles()), f"a window titled {start}", seconds)
