"""Every page of the menu by axe-core in a real Chromium: WCAG 2.0 to 2.2, levels A and AA, and what axe calls good."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web_faces import People, Station, browser, in_use, reading, served

from kiosk.service.menu import create_menu
from kiosk.service.panel import create_panel
from kiosk.translations import web_ui_dir
from scripts.asset_packages import fetch
from tests.menu_shelf import PROGRAMS, grown_library

pytestmark = pytest.mark.slow

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/", "/?opening=0", "/themes/health", "/themes/health?format=pdf", "/themes/law", "/search", "/search?q=trong+lua",
    "/search?q=la", "/search?q=oresoll", "/search?q=xyzxyz", "/search?q=lua&format=video",
    "/items/starter/health_oresol", "/nothing",
    # Each viewer.
    "/items/starter/agri_so_thu_chi", "/items/starter/na_va_chiec_may", "/items/starter/na_va_chiec_may?chapter=3",
    "/items/starter/giot_nuoc_di_dau", "/items/starter/nam_not_nhac", "/items/starter/go_tieng_viet", "/items/made/i4",
    # Read aloud.
    "/items/starter/giot_nuoc_di_dau/listen", "/items/starter/go_tieng_viet/listen", "/listen?of=/themes/health",
)  # fmt: skip


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("npm")
    return (fetch(web_ui_dir(), folder, dev=True) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> Station:
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: True)
    return Station(in_use(), starred={"starter/health_oresol": True, "made/i0": True})


@pytest.fixture
def address(station: Station) -> Iterator[str]:
    with served(create_menu(station, grown_library(), offered=PROGRAMS)) as address:
        yield address


def faults(page: Page, axe: str) -> list[str]:
    """What axe finds wrong, a line for each element."""
    page.evaluate(f"() => {{ {axe} }}")
    run = f"async () => (await axe.run(document, {{runOnly: {json.dumps(TAGS)}}}))"
    found = page.evaluate(run)
    assert len(found["passes"]) > 15
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize(
    ("width", "height", "prefs"),
    [(1024, 704, reading("vi", True, True)), (1366, 704, reading()), (1920, 1016, reading("en", contrast=True))],
)
def test_axe_finds_nothing_on_any_page(
    address: str, station: Station, axe: str, prefs: dict[str, Any], width: int, height: int
) -> None:
    with browser(width, height) as page:
        here, away = in_use(prefs=prefs), in_use(prefs=prefs, online=False)
        for path in PAGES:
            for station.state in (here, away) if path == "/" else (here,):
                page.goto(address + path)
                assert page.evaluate("document.documentElement.classList.contains('large')") == prefs["large"]
                assert faults(page, axe) == [], path


def test_axe_finds_nothing_while_titles_are_offered(address: str, axe: str) -> None:
    with browser(1366, 704) as page:
        page.goto(address)
        page.locator("#q").press_sequentially("trong")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert faults(page, axe) == []


def test_axe_finds_nothing_on_the_panels_page_of_the_library(station: Station, axe: str) -> None:
    with served(create_panel(station, People(), library=grown_library())) as address, browser() as page:
        page.goto(f"{address}/sign-in")
        page.locator("input[type=password]").fill("274916")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/library")
        assert faults(page, axe) == []


def test_axe_does_find_what_is_wrong(address: str, axe: str) -> None:
    """The control."""
    with browser() as page:
        page.goto(address)
        page.evaluate("document.querySelector('.tile').style.color = '#eee'; document.title = ''")
        page.evaluate("document.getElementById('q').removeAttribute('aria-label')")
        page.evaluate("document.getElementById('q').removeAttribute('placeholder')")
        assert {line.split(":")[0] for line in faults(page, axe)} >= {"document-title", "color-contrast", "label"}
