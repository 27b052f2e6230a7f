"""Large text and contrast from START through bar, menu and the browser's zoom, changed there, and gone at the end.

Real X, real openbox, real Chromium; what is said of the screen is read from its pixels.
"""

import http.server
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import wait_for_menu
from tests.layout import places
from tests.running import LONG, Eye, RunningStation
from tests.typist import served, type_word

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(240)]

DEEP, PAPER, BLACK, YELLOW = 0x073630, 0xF4F7F3, 0x000000, 0xFFD60A
# A page of somebody else: the window's title tells how large and in which colours it is shown.
PAGE = b"""<!doctype html><title>wait</title><body style="background: #0000ff"><script>
setInterval(() => document.title = [devicePixelRatio, matchMedia("(forced-colors: active)").matches].join(" "), 100);
</script>"""
BAR, BUTTON = 64, 80
# Below the bar: the browser's frame, and the row of the menu in which the search stands.
HEAD = 260


class Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        return


def _prefs(station: RunningStation) -> dict[str, object]:
    found = dict(station.status()["prefs"])
    found.pop("voice", None)
    return found


def _bar(station: RunningStation) -> int:
    """The strip's ground, at its very corner."""
    with Eye(station.display) as eye:
        return eye.pixels(2, 2, 1, 1)[0]


def _filled(station: RunningStation, colour: int) -> list[tuple[int, int, int]]:
    """Columns of the screen in which a button's whole height is of one colour, left to right: x, top, height."""
    with Eye(station.display) as eye:
        width = eye.width
        pixels = eye.pixels(0, BAR, width, HEAD)
    found = []
    for x in range(width):
        top, end = _longest([one == colour for one in pixels[x::width]])
        if end - top >= BUTTON - 2:
            found.append((x, BAR + top, end - top))
    return found


def _longest(marks: list[bool]) -> tuple[int, int]:
    best, start = (0, 0), 0
    for place, mark in enumerate([*marks, False]):
        if not mark:
            if place - start > best[1] - best[0]:
                best = (start, place)
            start = place + 1
    return best


def _ground(station: RunningStation) -> int:
    """What START and every page are painted on: their left margin, far below the browser's frame."""
    with Eye(station.display) as eye:
        return eye.pixels(10, eye.height * 3 // 4, 1, 1)[0]


def _touch_start(station: RunningStation, name: str, lang: str) -> None:
    """A button of START until the page is another one: a page that has just come does not hear the first touch."""
    place = places(station.display, station.status(), "start", lang=lang)[name]
    with Eye(station.display) as eye:
        station.wait(lambda: len(set(_rows(eye))) > 3, "START is painted")
        before = _rows(eye)
        for _again in range(5):
            station.tap(*place)
            heard = time.monotonic() + 2
            while _rows(eye) == before and time.monotonic() < heard:
                time.sleep(0.05)
            if _rows(eye) != before:
                return
        raise AssertionError(f"START does not answer to {name}")


def _rows(eye: Eye) -> list[int]:
    """Through the buttons, and through the drum."""
    return eye.pixels(0, eye.height - 40, eye.width, 1) + eye.pixels(0, eye.height // 2, eye.width, 1)


def _sheet(station: RunningStation, name: str) -> None:
    """A button of the bar's large sheet, which stays up."""
    station.wait(lambda: station.status()["state"] == "open", "still here")
    time.sleep(0.6)
    station.tap(*places(station.display, station.status(), "sheet hub")[name])


def test_from_the_lock_through_bar_menu_and_zoom_and_back_to_start(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station, served(Elsewhere) as address:
        _touch_start(station, "larger", "vi")
        _touch_start(station, "contrast", "vi-large")
        station.wait(lambda: _ground(station) == BLACK, "START is black")
        station.sign_in()
        wanted = {"lang": "vi", "large": True, "contrast": True}
        station.wait(lambda: _prefs(station) == wanted, "the session has what was chosen at START")
        wait_for_menu(station, "vi")
        station.wait(lambda: _ground(station) == BLACK, "the menu is black")
        assert _bar(station) == BLACK
        # "Find", larger text and contrast are filled; what is 80 high in the design is 80 high on the glass.
        station.wait(lambda: {high for _x, _y, high in _filled(station, YELLOW)} == {BUTTON}, "targets as designed")

        station.wait(lambda: station.status()["typing"] == "vi", "one types Vietnamese")
        station.key("super+4")
        station.wait(lambda: station.status()["typing"] == "en", "and plain letters now, for an address")
        station.key("ctrl+l")
        # Another host than the menu's: zoom is kept by host.
        type_word(station, address.replace("127.0.0.1", "localhost") + "\n")
        station.wait(lambda: "1.25 true - Chromium" in station.titles(), "other pages: larger, in forced colours")
        assert max(_ground(station).to_bytes(3, "big")) < 0x30, "nearly black; blue by itself"
        station.key("alt+Left")
        wait_for_menu(station, "vi")

        # The menu tells the bar ...
        station.wait(lambda: _filled(station, YELLOW), "the menu's buttons")
        x, top, high = _filled(station, YELLOW)[-1]
        station.tap(x, top + high - 6)
        station.wait(lambda: _ground(station) == PAPER, "the menu is light, also in a browser that forces colours")
        station.wait(lambda: _bar(station) == DEEP, "the bar follows")
        assert _prefs(station) == {"lang": "vi", "large": True, "contrast": False}
        # ... and the bar tells the menu.
        station.tap(*places(station.display, station.status(), "bar")["hub"])
        _sheet(station, "contrast")
        station.wait(lambda: _bar(station) == BLACK, "the bar is black again")
        _sheet(station, "language")
        station.wait(lambda: "What would you like to do? - Chromium" in station.titles(), "the menu speaks English")
        station.key("super+Escape")
        station.wait(lambda: _ground(station) == BLACK, "and is black")
        assert _prefs(station) == {"lang": "en", "large": True, "contrast": True}

        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(station.covered, "the fresh lock covers")
        station.key("Return")  # puts the goodbye away
        station.wait(lambda: _ground(station) == DEEP, "START as it was before")
        plain = {"lang": "vi", "large": False, "contrast": False}
        station.wait(lambda: _prefs(station) == plain, "nothing of it stays for the next citizen")
