"""The Now page in real browsers: a change shows within two seconds wherever it was made, and a phone has its tabs."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from desk_support import FakeDesk, teaching
from playwright.sync_api import Page, expect
from test_menu_is_accessible import axe, faults
from test_panel_browser import SMALL, sign_in
from test_panel_desk import ASKED
from web_faces import NOON, People, Station, browser, free, in_use, look, served

from kiosk.service.panel import create_panel
from tests.station_processes import slowness

pytestmark = pytest.mark.slow

__all__ = ["axe"]
WITHIN = 2000
TOLD = {"text": "Mời Quý vị ra quầy một lát.", "sent": "09:41", "seen": ""}
PAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/", in_use(72, undo=30, told=TOLD)),
    ("/", teaching("09:40", help_asked=True)),
    ("/", free(waiting=True, clock_trusted=False)),
    ("/more", free()),
    ("/s/03/sign-in-for", free(questions=ASKED)),
    ("/s/03/message", in_use()),
    ("/s/03/power", in_use()),
    ("/s/03/class", free()),
    ("/s/03/class/end", teaching()),
    ("/s/03/class/write", teaching("09:40")),
)


@pytest.fixture
def station() -> Station:
    return Station(in_use(42))


@pytest.fixture
def address(station: Station) -> Iterator[str]:
    app = create_panel(station, People(role="clerk"), desk=cast(Any, FakeDesk(station)), now=lambda: NOON)
    with served(app) as address:
        yield address


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"]


def test_a_change_shows_within_two_seconds_whatever_the_page_was_just_doing(address: str, station: Station) -> None:
    with browser() as page:
        complaints = look(page, address)
        sign_in(page, address)
        for minutes, pause in ((41, 0), (39, 700), (37, 1300), (35, 1900), (33, 400)):
            page.wait_for_timeout(pause)  # another place between two looks of the page
            station.state = in_use(minutes)
            expect(page.get_by_text(f"còn {minutes} phút").first).to_be_visible(timeout=WITHIN * slowness())
        station.state = in_use(33, told={**TOLD, "seen": "09:43"})
        expect(page.get_by_text("đã đọc lúc 09:43")).to_be_visible(timeout=WITHIN * slowness())
    assert complaints == []


def test_what_one_clerk_does_the_other_sees_within_two_seconds(address: str, station: Station) -> None:
    with browser() as one:
        sign_in(one, address)
        other = one.context.browser.new_page()  # type: ignore[union-attr]
        sign_in(other, address)
        one.get_by_role("button", name="Thêm 30 phút").click()
        expect(other.get_by_text("còn 72 phút").first).to_be_visible(timeout=WITHIN * slowness())
        other.get_by_role("link", name="Nhắn cho người dùng").click()
        other.get_by_label("Xin Quý vị vặn nhỏ tiếng.").check()
        other.get_by_role("button", name="Gửi").click()
        expect(one.get_by_text("Xin Quý vị vặn nhỏ tiếng.")).to_be_visible(timeout=WITHIN * slowness())
        one.get_by_role("button", name="Thu lại").click()
        expect(other.get_by_text("Xin Quý vị vặn nhỏ tiếng.")).to_be_hidden(timeout=WITHIN * slowness())


def test_a_phone_shows_first_what_asks_for_somebody_and_has_its_tabs_at_the_lower_edge(
    address: str, station: Station
) -> None:
    with browser(360, 740) as page:
        sign_in(page, address)
        station.state = free(clock_trusted=False)
        page.reload()
        order = [top(page, one) for one in (".numbers", ".line.fault:not(.lost)", "#date", ".card", "#waiting")]
        assert order == sorted(order)
        tabs = page.locator("nav.tabs")
        box = tabs.bounding_box()
        assert box is not None and box["y"] + box["height"] == 740 and box["width"] == 360
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        last = page.locator("main > *, main .side > *").last.bounding_box()
        assert last is not None and last["y"] + last["height"] <= box["y"], "nothing lies under the tabs for good"
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_hidden()
        tabs.get_by_role("link", name="Thêm").click()
        expect(tabs.get_by_role("link", name="Thêm")).to_have_attribute("aria-current", "page")
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.get_by_role("heading", name="Nhập mã PIN nhân viên")).to_be_visible()


def test_on_a_desk_the_tabs_stand_above_the_page_without_the_phones_own(address: str) -> None:
    with browser(1366, 768) as page:
        sign_in(page, address)
        assert top(page, "nav.tabs") < 100 < top(page, ".card")
        expect(page.locator("nav.tabs .phone-only")).to_be_hidden()
        expect(page.locator("nav.tabs .sign").first).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_every_page_of_the_desk_fits_a_finger_and_axe(
    axe: str, address: str, station: Station, width: int, height: int
) -> None:
    with browser(width, height, bypass_csp=True) as page:
        sign_in(page, address)
        for path, station.state in PAGES:
            page.goto(address + path)
            assert page.url == address + path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            assert page.evaluate(SMALL) == [], (path, width)
            assert faults(page, axe) == [], path


def test_somebody_is_signed_in_with_answers_by_hand_and_without_scripts(address: str, station: Station) -> None:
    station.state = free(questions=ASKED)
    with browser(java_script_enabled=False) as page:
        sign_in(page, address)
        page.get_by_role("link", name="Ghi nhận hộ").click()
        page.get_by_label("Đã dùng rồi").check()
        page.get_by_label("Gia đình thuộc hộ nghèo").check()
        page.get_by_role("button", name="Vào máy với các câu trả lời này").click()
        expect(page.get_by_text("Đang dùng, còn 60 phút").first).to_be_visible()
