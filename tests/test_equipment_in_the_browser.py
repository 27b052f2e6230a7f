"""Equipment, help and the page of a store in trouble in a real Chromium: axe, a phone's width, the sign that leads to
help; and a real station, whose panel and `kiosk check` say the same."""

import html
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from small_world import small_world
from test_first_day import PIN
from test_menu_is_accessible import axe, faults
from web_faces import Station, browser, free, look, served
from whole_panel import whole_panel

from kiosk.store import usage
from tests.fault_support import add_manager
from tests.running import LONG, RunningStation

pytestmark = pytest.mark.slow

__all__ = ["axe"]
PAGES = ("/s/03/equipment", "/s/03/equipment/printer/fault", "/s/03/equipment/pc/repaired", "/help", "/help#equipment")
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    axe: str, tmp_path: Path, width: int, height: int
) -> None:
    with small_world(tmp_path) as store:
        store.run(usage.add, "2026-11-20", {"looks": 60, "boots": 1, "open_seconds": 3_600, "unclean": 1})
        app = whole_panel(Station(free()), store, tmp_path / "home")
        with served(app) as address, browser(width, height, bypass_csp=True) as page:
            page.goto(f"{address}/sign-in")
            page.locator("[name=pin]").fill(PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            for path in (*PAGES, "/language/en", *PAGES):
                page.goto(address + path)
                assert faults(page, axe) == [], path
                assert not page.evaluate(WIDER_THAN_THE_SCREEN), path
            store.close()
            page.goto(f"{address}/s/03/report")
            assert page.locator("[role=alert].fault").is_visible()
            assert faults(page, axe) == [] and not page.evaluate(WIDER_THAN_THE_SCREEN)


def test_the_sign_on_a_page_leads_to_its_sentence_and_picture_by_keyboard(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        app = whole_panel(Station(free()), store, tmp_path / "home")
        with served(app) as address, browser() as page:
            found = look(page, address)
            page.goto(f"{address}/sign-in")
            page.locator("[name=pin]").fill(PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/s/03/equipment")
            page.locator("a.ask").focus()
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/help#equipment")
            part = page.locator("#equipment")
            assert part.is_visible() and "30 ngày" in part.inner_text()
            assert part.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
            assert found == []


def test_a_real_station_says_the_same_on_the_panel_and_by_kiosk_check(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        add_manager(station)
        station.wait_state("free")
        told = json.loads(station.kiosk("status", "--json").stdout)["health"]
        checked = [
            (one["name"], one["message"], one["hint"]) for one in json.loads(station.kiosk("check", "--json").stdout)
        ]
        page = _equipment(station)
        assert [lamp["thing"] for lamp in told["lamps"]] == re.findall(r'<tr id="(\w+)">', page)
        assert told["version"] and re.fullmatch("[0-9a-f]{8}", told["policy"]) and told["past"]["boots"] == 1
        for lamp in told["lamps"]:
            said = _without_numbers(lamp["thing"], lamp["reason"], lamp["todo"])
            assert said in [_without_numbers(*one) for one in checked], lamp
            assert said[1] in _without_numbers(page)[0], lamp


def _without_numbers(*texts: str) -> tuple[str, ...]:
    """Free memory is another one a second later."""
    return tuple(re.sub(r"\d+", "0", one) for one in texts)


def _equipment(station: RunningStation) -> str:
    """The page in English, as the commands of this terminal speak."""
    opened = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    base = f"http://127.0.0.1:{station.panel}"
    opened.open(f"{base}/language/en", timeout=20).close()
    typed = urllib.parse.urlencode({"name": "Hoa", "pin": PIN}).encode()
    opened.open(urllib.request.Request(f"{base}/sign-in", typed, {"Sec-Fetch-Site": "same-origin"}), timeout=20).close()
    with opened.open(f"{base}/s/{station.status()['station']}/equipment", timeout=20) as answer:
        return html.unescape(answer.read().decode())
