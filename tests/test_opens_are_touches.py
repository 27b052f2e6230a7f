"""An open is somebody's touch on an item: in a real browser, without the minute in which it is "still read"."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from web_faces import Station, browser, in_use, served, until

from kiosk.content.library import Library
from kiosk.service.menu import create_menu, opens
from tests.pack_support import STARTER

pytestmark = pytest.mark.slow

GUIDE, BOOK, FILM = "starter/health_oresol", "starter/na_va_chiec_may", "starter/giot_nuoc_di_dau"


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def address(station: Station, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(opens, "STILL_READ_SECONDS", 0.0)
    with served(create_menu(station, Library.of_folders(STARTER))) as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    with browser(1024, 704) as page:
        yield page


def test_reloading_and_going_back_and_forth_opens_nothing(page: Page, address: str, station: Station) -> None:
    page.goto(f"{address}/themes/health")
    page.locator(f'main a[href="/items/{GUIDE}"]').click()
    page.wait_for_url(f"**/items/{GUIDE}")
    for _ in range(3):
        page.reload()
    with page.expect_navigation():
        page.evaluate("location.reload()")
    page.go_back()
    page.go_forward()
    with page.expect_navigation():
        page.get_by_role("link", name="Chữ to").click()
    assert station.opened == [GUIDE]
    page.goto(f"{address}/themes/health")
    page.locator(f'main a[href="/items/{GUIDE}"]').click()  # another touch is another open
    page.wait_for_url(f"**/items/{GUIDE}")
    assert station.opened == [GUIDE, GUIDE]


def test_next_pages_and_pieces_of_a_film_open_nothing(page: Page, address: str, station: Station) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.headers.get("range", "")) if "/inside/" in one.url else None)
    page.goto(f"{address}/themes/culture")
    page.locator(f'main a[href="/items/{BOOK}"]').click()
    page.get_by_role("link", name="Đọc từ đầu").click()
    for number in range(2, 6):
        page.get_by_role("link", name="Phần sau").click()
        expect(page.get_by_text(f"Phần {number} trên 5")).to_be_visible()
    page.get_by_role("link", name="Mục lục").first.click()
    assert station.opened == [BOOK]
    page.goto(f"{address}/themes/edu")
    page.locator(f'main a[href="/items/{FILM}"]').click()
    until(page, "document.querySelector('video').readyState > 0")
    page.evaluate("document.querySelector('video').currentTime = 50")
    until(page, "document.querySelector('video').readyState > 1 && !document.querySelector('video').seeking")
    assert any(asked)  # it did come in pieces
    assert station.opened == [BOOK, FILM]
