"""A web address arrives as it was typed, also while the keyboard writes Vietnamese: real fcitx5, real Chromium.

Chromium tells no input method what its address bar is for. What stays: a name that is a whole Vietnamese syllable by
Telex ("mof" is "mò") needs plain letters, which the bar and Ctrl+Space switch to.
"""

import http.server
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import wait_for_menu
from tests.running import LONG, RunningStation
from tests.typist import TELEX, WORD, go_to, served, staff_opens, type_word, wait_title

pytestmark = [pytest.mark.slow, pytest.mark.root]

# As Telex would have them without our settings: ww.thuvien.vn, facebôk.vn, …
ADDRESSES = ("www.thuvien.vn", "facebook.vn", "dichvucong.gov.vn", "wikipedia.vn/wiki", "vnexpress.net")


class Anywhere(http.server.BaseHTTPRequestHandler):
    """Every site of the world; its title says under which name it was asked."""

    def do_GET(self) -> None:
        field = "<input autofocus oninput=\"document.title = 'typed:' + value + ':'\">"
        body = f"<!doctype html><title>at:{self.headers['Host']}{self.path}:</title>{field}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


def test_addresses(home: Path, xvfb: Callable[..., str]) -> None:
    with served(Anywhere) as address:
        rules = f"MAP * {address.strip('/')}, EXCLUDE 127.0.0.1"
        browser = f"chromium '--host-resolver-rules={rules}'"
        policy = LONG + f'[programs]\nbrowser = "{browser}"\n'
        with RunningStation(home, xvfb("1366x768"), policy) as station:
            staff_opens(station)
            wait_for_menu(station, "vi")
            station.wait(lambda: station.status()["typing"] == "vi", "Vietnamese")
            for one in ADDRESSES:
                go_to(station, one, f"at:{one if '/' in one else one + '/'}:")
            time.sleep(0.5)
            type_word(station, f"{TELEX} ")
            wait_title(station, f"typed:{WORD} :")
