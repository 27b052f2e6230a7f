"""Every page of the board by axe-core in a real Chromium, on a desk and on a phone, in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab

from kiosk.province.orders import carry_out
from tests.board_province import board_province
from tests.board_shots import address_of, looked_at, reckoned, sign_in
from tests.board_stage import Board, board_of
from tests.test_menu_is_accessible import axe, faults
from tests.web_faces import browser, served

pytestmark = pytest.mark.slow

__all__ = ["axe"]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    home = board_province(tmp_path_factory.mktemp("province") / "home", count=12, first=date(2026, 9, 1)).path
    carry_out(home, "task add", title="Lắp lại đường truyền", due="2100-12-31", site="TH-005", who="Lan")
    with board_of(home) as opened:
        yield opened


@pytest.mark.parametrize(("width", "height", "lang"), [(1366, 768, "en"), (360, 740, "vi")])
def test_axe_finds_nothing_on_any_page(axe: str, board: Board, width: int, height: int, lang: str) -> None:
    unit = next(iter(board.desk.sites().sites.values())).row.unit
    seen = list[str]()
    with served(board.app) as address, browser(width, height, bypass_csp=True) as tab:
        tab.goto(f"{address}/language/{lang}?back=/sign-in")
        assert faults(tab, axe) == [], "sign-in"
        sign_in(tab, address)
        for page in looked_at([]):
            reckoned(tab, address + address_of(page, unit))
            assert tab.locator("html").get_attribute("lang") == lang
            assert faults(tab, axe) == [], page.endpoint
            assert fits(tab), (page.endpoint, "wider than the screen")
            seen.append(page.endpoint)
    assert len(seen) >= 9


def fits(tab: Tab) -> bool:
    """Nobody scrolls a whole page sideways."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_axe_finds_nothing_on_mistakes_links_and_what_is_reckoned(axe: str, board: Board) -> None:
    with served(board.app) as address, browser(360, 740, bypass_csp=True) as tab:
        tab.goto(f"{address}/sign-in")
        tab.locator("#name").fill("Lan")
        tab.locator("#password").fill("sai")
        tab.keyboard.press("Enter")
        tab.locator("[role=alert]").wait_for()
        assert faults(tab, axe) == [], "a wrong password"
        sign_in(tab, address)
        tab.goto(f"{address}/people-add")
        tab.locator("#name").fill("Mai")
        tab.locator("#password").fill("ngắn")
        tab.locator("#again").fill("ngắn")
        tab.locator("main button.main").click()
        tab.locator(".mistake").first.wait_for()
        assert faults(tab, axe) == [], "a short password"
        tab.goto(f"{address}/links")
        tab.locator("#label").fill("Sở Văn hóa")
        tab.locator("main button.main").click()
        assert re.search(r"/l/[\w-]{32}", tab.locator(".made code").inner_text())
        assert faults(tab, axe) == [], "a new link"
        tab.goto(f"{address}/l/nothing")
        assert faults(tab, axe) == [], "a link that is over"


def test_every_page_can_be_gone_through_by_keyboard(board: Board) -> None:
    with served(board.app) as address, browser(1366, 768) as tab:
        sign_in(tab, address)
        reckoned(tab, f"{address}/")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.getAttribute('href')") == "#content", "the way past the tabs"
        links = tab.locator("nav.tabs a").count()
        assert links >= 4
        for _each in range(links + 3):
            tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('nav.tabs, main') !== null")


def test_nothing_is_asked_for_elsewhere(board: Board) -> None:
    with served(board.app) as address, browser(1366, 768) as tab:
        asked = list[str]()
        tab.on("request", lambda request: asked.append(request.url))
        sign_in(tab, address)
        for path in ("/", "/grid", "/silent", "/people", "/links"):
            reckoned(tab, address + path)
        assert asked and [url for url in asked if not url.startswith(address)] == []


def test_the_pages_are_light(board: Board) -> None:
    """What a page brings at first: itself and its style sheet."""
    client = board.of("viewer")
    sheet = re.search(r'href="(/static/board\.css[^"]*)"', client.get("/grid").text)
    assert sheet is not None
    with client.get(sheet[1]) as answer:
        assert len(answer.data) < 40_000


def test_a_picture_of_each_page_can_be_taken() -> None:
    assert len({page.endpoint for page in looked_at([])}) >= 9
    assert [page.endpoint for page in looked_at(["silent"])] == ["silent"]
    assert Path(__file__).with_name("board_shots.py").is_file()
