"""Language, larger text, contrast: chosen on the bar it shows on the menu's open page, and the other way round."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from station_play import Play
from web_faces import OWN_PAGE, Station, browser, free, in_use, look, reading, served

from kiosk.content.library import Library
from kiosk.rules import events as ev
from kiosk.service.menu import create_menu
from kiosk.translations import web_ui_dir
from tests.layout import places
from tests.lock_stage import OPEN, Stage, until
from tests.test_bar_talks import CARD, MIST

GUIDE = "/items/starter/health_oresol"


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def address(station: Station) -> Iterator[str]:
    catalogue = Library.of_folders(web_ui_dir().parent / "policies" / "starter")
    with served(create_menu(station, catalogue)) as address:
        yield address


def _choose(station: Station, lang: str = "vi", large: bool = False, contrast: bool = False) -> None:
    """As the bar's wish arrives in the state."""
    station.state = in_use(prefs=reading(lang, large, contrast))


def test_a_wish_of_the_bar_changes_only_itself() -> None:
    play = Play()
    play.sign_in()
    play.do(ev.Wished(large=True))
    play.do(ev.Wished(lang="en"))
    play.do(ev.Wished(contrast=True))
    play.do(ev.Wished(large=False))
    assert play.shown()["prefs"] == {"lang": "en", "large": False, "contrast": True, "voice": False}


def test_while_somebody_is_here_the_sessions_choices_hold_and_no_others(station: Station) -> None:
    client = create_menu(station, Library.of_folders()).test_client()
    client.get("/enter?lang=vi&large=0&contrast=0")
    _choose(station, "en", large=True, contrast=True)
    assert '<html lang="en" class="large contrast" data-followed>' in client.get("/").text
    told = client.get("/look").get_json()
    assert {name: told[name] for name in ("lang", "large", "contrast")} == {
        "lang": "en", "large": True, "contrast": True,
    }  # fmt: skip
    elsewhere = client.get("/", environ_overrides={"REMOTE_ADDR": "192.168.1.20"}).text
    assert '<html lang="vi" class="">' in elsewhere, "another PC of the room has its own"
    client.get("/enter?contrast=0", headers=OWN_PAGE)
    assert station.wished == ("en", True, False)
    assert '<html lang="en" class="large" data-followed>' in client.get("/").text
    station.state = free(prefs=reading("en", True, True))
    assert '<html lang="en" class="large">' in client.get("/").text, "nobody is here: cookies, as before"


@pytest.mark.slow
def test_an_open_page_follows_the_bar_in_place(station: Station, address: str) -> None:
    with browser(1366, 704) as page:
        complaints = look(page, address)
        page.goto(address + GUIDE)
        page.evaluate("window.scrollTo(0, 400); window.kept = true")
        page.locator("#q").fill("trong lua")
        ground = _ground(page)
        _choose(station, contrast=True)
        expect(page.locator("html")).to_have_class("contrast")
        assert _ground(page) == "rgb(0, 0, 0)" != ground
        _choose(station, large=True)
        expect(page.locator("html")).to_have_class("large")
        assert _ground(page) == ground
        larger, contrast = (page.locator(".wishes a.wish").nth(place) for place in (0, 1))
        expect(larger).to_have_attribute("aria-current", "true")
        expect(contrast).not_to_have_attribute("aria-current", "true")
        assert page.evaluate("window.kept && window.scrollY > 0") and page.input_value("#q") == "trong lua"
        assert station.opened == ["starter/health_oresol"], "not counted again"
        # The buttons do what they say now, and the bar hears of it.
        larger.click()
        expect(page.locator("html")).to_have_class("")
        assert station.wished == ("vi", False, False)
        _choose(station, "en")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("button", name="Find")).to_be_visible()
        assert station.opened == ["starter/health_oresol"]
    assert complaints == []


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


@pytest.mark.slow
def test_colours_forced_by_the_browser_are_ours_in_both_choices(station: Station, address: str) -> None:
    """A session that began in high contrast has a Chromium that forces colours on every page."""
    with browser(1366, 704) as page:
        page.emulate_media(forced_colors="active", color_scheme="dark")
        page.set_content("<html style='background: rgb(1, 2, 3)'><body>x")
        assert _ground(page) != "rgb(1, 2, 3)", "control: other pages are forced"
        page.goto(address)
        assert _ground(page) == "rgb(244, 247, 243)"
        _choose(station, contrast=True)
        expect(page.locator("html")).to_have_class("contrast")
        assert _ground(page) == "rgb(0, 0, 0)"


@pytest.mark.slow
def test_the_bar_tells_what_is_wished_and_its_sheet_stays_for_the_next(xvfb: Callable[..., str], home: Path) -> None:
    stage = Stage(xvfb("1366x768"), home)
    try:
        stage.service.put(**OPEN)
        stage.start("bar")
        until(lambda: stage.pixel(1360, 5) == MIST, "the bar")
        stage.tap(*places(stage.display, stage.service.state, "bar")["hub"])
        until(lambda: stage.pixel(683, 100) == CARD, "the sheet")
        _touch(stage, "larger")
        assert stage.service.wait("wish") == {"verb": "wish", "large": True}
        stage.service.put(prefs=reading(large=True))
        _touch(stage, "language")
        assert stage.service.wait("wish") == {"verb": "wish", "lang": "en"}
        stage.service.put(prefs=reading("en", large=True))
        _touch(stage, "contrast")
        assert stage.service.wait("wish") == {"verb": "wish", "contrast": True}
        stage.service.put(prefs=reading("en", large=True, contrast=True))
        until(lambda: stage.pixel(683, 110) == 0x000000, "the sheet itself is black")
        _touch(stage, "contrast")
        assert stage.service.wait("wish") == {"verb": "wish", "contrast": False}
    finally:
        stage.close()


def _touch(stage: Stage, name: str) -> None:
    """A button of the sheet as it stands now; not in the moment in which it comes."""
    time.sleep(0.5)
    stage.tap(*places(stage.display, stage.service.state, "sheet hub")[name])
