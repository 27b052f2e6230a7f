"""Two browsers side by side: that of a session, held by policies, and a plain Chromium of the same user."""

import http.server
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import CITIZEN, RunningStation
from tests.station_processes import slowness

# Says by its title what became of it: opened, its script run, made smaller by tools beside it.
PAGE = """<!doctype html><meta charset=utf-8><title>page {path}</title><body>
<script>onload = () => {{ const wide = innerWidth; onresize = () => {{
  if (innerWidth < wide - 50) document.title = "smaller"; }} }}</script>"""
FORM = """<form method=post action=/in><input name=who autocomplete=username value=lan>
<input name=word type=password autocomplete=current-password autofocus><button>x</button></form>"""


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        saved = self.path.endswith(".bin")
        page = PAGE.format(path=self.path) + FORM * (self.path == "/login")
        body = b"downloaded" if saved else page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if saved else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_words: object) -> None: ...


@contextmanager
def web() -> Iterator[int]:
    """A web server of this machine; yields its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class Browser:
    """Hands and eyes for the Chromium on a display, whose user has this home."""

    def __init__(self, display: str, home: Path, station: RunningStation) -> None:
        self.home, self.station, self._env = home, station, {**station.env, "DISPLAY": display}

    def key(self, *names: str) -> None:
        """Press keys."""
        for name in names:
            subprocess.run(["xdotool", "key", name], env=self._env, check=True, timeout=20)
            time.sleep(0.15)

    def type(self, words: str) -> None:
        """Into the line for addresses, and Enter; Delete takes away what the browser would add by itself."""
        self.key("ctrl+l")
        self.types(words)
        self.key("Delete", "Return")

    def types(self, words: str) -> None:
        """Where the keyboard is."""
        command = ["xdotool", "type", "--delay", "20", words]
        subprocess.run(command, env=self._env, check=True, timeout=60)

    def active(self) -> str:
        """The title of the window that has the keyboard."""
        return self._said("getactivewindow", "getwindowname")

    def press_last(self) -> None:
        """The button in the lower right corner of the window that has the keyboard: a dialog's "save"."""
        lines = self._said("getactivewindow", "getwindowgeometry", "--shell").splitlines()
        window = dict(line.split("=") for line in lines)
        x, y = int(window["WIDTH"]) - 40, int(window["HEIGHT"]) - 28
        self._said("mousemove", "--window", window["WINDOW"], str(x), str(y), "click", "1")

    def _said(self, *words: str) -> str:
        found = subprocess.run(["xdotool", *words], env=self._env, capture_output=True, text=True, timeout=20)
        return found.stdout.strip()

    def go(self, address: str, start: str) -> None:
        """Type an address until a window's title begins so: a busy browser may not listen to keys at once."""
        for _try in range(6):
            self.type(address)
            until = time.monotonic() + 5 * min(slowness(), 4)
            while time.monotonic() < until:
                if any(one.startswith(start) for one in self.titles()):
                    return
                time.sleep(0.1)
        raise AssertionError(f"{address}: no window is titled {start}, but {self.titles()}")

    def titles(self) -> list[str]:
        """Of the windows that are seen, the browser's."""
        command = ["xdotool", "search", "--onlyvisible", "--name", ".", "getwindowname", "%@"]
        found = subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=20)
        return sorted(line for line in found.stdout.splitlines() if "hromium" in line)

    def wait(self, start: str) -> None:
        """Until a window's title begins so."""
        self.station.wait(lambda: any(one.startswith(start) for one in self.titles()), f"a window titled {start}")


@contextmanager
def plain(display: str, station: RunningStation) -> Iterator[Browser]:
    """Chromium as the citizen's user has it without us: no policies, no room, no preferences; `xdg-open` tells of it.

    What it opens by other programs stands in the file `opened` of its home.
    """
    citizen = pwd.getpwnam(CITIZEN)
    home = Path(tempfile.mkdtemp(prefix="kiosk-plain-"))
    (home / "xdg-open").write_text(f'#!/bin/sh\necho "$@" >> {home}/opened\n', encoding="utf-8")
    (home / "xdg-open").chmod(0o755)
    os.chown(home, citizen.pw_uid, citizen.pw_gid)
    env = {"DISPLAY": display, "HOME": str(home), "LANG": "C.UTF-8", "PATH": f"{home}:{os.environ['PATH']}"}

    def start(*command: str) -> "subprocess.Popen[bytes]":
        null = subprocess.DEVNULL
        return subprocess.Popen(command, env=env, cwd="/", user=citizen.pw_uid, group=citizen.pw_gid, extra_groups=[],
                                stdin=null, stdout=null, stderr=null)  # fmt: skip

    quiet = ("--no-first-run", "--password-store=basic", "--disable-background-networking")
    running = [start("openbox"), start("chromium", f"--user-data-dir={home / 'profile'}", *quiet, "about:blank")]
    browser = Browser(display, home, station)
    try:
        browser.wait("about:blank")
        yield browser
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def held(station: RunningStation) -> Browser:
    """The browser of the session that lives."""
    return Browser(station.display, station.paths.citizen_home, station)
