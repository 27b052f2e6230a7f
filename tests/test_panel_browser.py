"""The panel in a real browser: a clerk's hands, a phone, a keyboard, no scripts, and a computer that goes away."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from web_faces import NOON, People, Station, browser, free, in_use, look, served, settings_of

from kiosk.service.panel import create_panel
from kiosk.web.server import serve

pytestmark = pytest.mark.slow

SETTINGS = tuple(f"/s/03/settings{one}" for one in ("", "/week", "/days", "/days/2026-12-02", "/minutes", "/fee"))
SMALL = """[...document.querySelectorAll('a, button, input.field, label.choice')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""


HOURS = """
[hours]
monday = ["07:30-11:30", "13:30-17:00"]
tuesday = ["06:00-07:30", "08:00-11:30", "13:30-17:00"]
[[hours.exceptions]]
date = 2026-12-02
note = "Nghỉ kiểm kê cuối năm của thư viện huyện và các điểm Bưu điện – Văn hóa xã"
"""


@pytest.fixture
def station() -> Station:
    return Station(in_use(42))


@pytest.fixture
def address(station: Station, tmp_path: Path) -> Iterator[str]:
    settings = settings_of(tmp_path, HOURS)
    with served(create_panel(station, People(), settings=settings, now=lambda: NOON)) as address:
        yield address


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Mã PIN").fill("274916")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/")


def test_a_clerk_signs_in_adds_minutes_ends_and_starts_by_clicks(address: str, station: Station) -> None:
    with browser() as page:
        complaints = look(page, address)
        sign_in(page, address)
        expect(page.get_by_role("img", name="Đang dùng, còn 42 phút")).to_be_visible()
        page.get_by_role("button", name="Thêm 30 phút").click()
        expect(page.get_by_text("còn 72 phút").first).to_be_visible()
        page.get_by_role("link", name="Kết thúc").click()
        page.get_by_role("link", name="Không, quay lại").click()
        assert [asked[0] for asked in station.asked] == ["extend"]
        page.get_by_role("link", name="Kết thúc").click()
        page.get_by_role("button", name="Kết thúc lượt này").click()
        expect(page.get_by_text("Máy trống")).to_be_visible()
        page.get_by_role("button", name="Ghi nhận hộ").click()
        expect(page.get_by_text("còn 60 phút").first).to_be_visible()
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.get_by_role("heading", name="Nhập mã PIN nhân viên")).to_be_visible()
    assert [asked[0] for asked in station.asked] == ["extend", "finish", "start"]
    assert complaints == []


def test_a_fault_is_reported_and_repaired(address: str, station: Station) -> None:
    station.state = free()
    with browser() as page:
        sign_in(page, address)
        page.get_by_role("link", name="Báo máy hỏng").click()
        page.get_by_label("Hỏng bàn phím hoặc chuột").check()
        page.get_by_role("button", name="Báo máy hỏng").click()
        expect(page.get_by_text("Hỏng bàn phím hoặc chuột")).to_be_visible()
        page.get_by_role("button", name="Đã sửa xong").click()
        expect(page.get_by_text("Máy trống")).to_be_visible()
    assert [(asked[0], asked[3]) for asked in station.asked] == [
        ("out_of_order", "Hỏng bàn phím hoặc chuột"),
        ("in_service", ""),
    ]


def test_what_changes_at_the_station_shows_by_itself_and_the_focus_stays(address: str, station: Station) -> None:
    with browser() as page:
        complaints = look(page, address)
        sign_in(page, address)
        page.get_by_role("button", name="Thêm 30 phút").focus()
        station.state = {**in_use(8), "visits_today": 15, "waiting": True}
        expect(page.get_by_text("còn 8 phút").first).to_be_visible(timeout=4000)
        expect(page.get_by_text("15", exact=True)).to_be_visible(timeout=4000)
        expect(page.get_by_role("button", name="Hết người chờ")).to_be_visible(timeout=4000)
        expect(page.get_by_role("button", name="Thêm 30 phút")).to_be_focused()
    assert complaints == []


def test_a_page_that_lost_the_computer_says_so_and_recovers(station: Station) -> None:
    app = create_panel(station, People(), now=lambda: NOON)
    with socket.create_server(("127.0.0.1", 0)) as free_port:
        host, port = free_port.getsockname()
    server = serve(app, f"{host}:{port}", "first", 4)
    server.start()
    try:
        with browser() as page:
            sign_in(page, f"http://{host}:{port}")
            lost = page.get_by_text("Trang này mất liên lạc với máy.")
            expect(lost).to_be_hidden()
            server.stop()
            expect(lost).to_be_visible(timeout=8000)
            server = serve(app, f"{host}:{port}", "second", 4)
            server.start()
            expect(lost).to_be_hidden(timeout=8000)
    finally:
        server.stop()


def test_it_works_without_scripts(address: str, station: Station) -> None:
    with browser(java_script_enabled=False) as page:
        sign_in(page, address)
        page.get_by_role("button", name="Có người chờ").click()
        expect(page.get_by_role("button", name="Hết người chờ")).to_be_visible()
        page.get_by_role("link", name="Kết thúc").click()
        page.get_by_role("button", name="Kết thúc lượt này").click()
        expect(page.get_by_text("Máy trống")).to_be_visible()
    assert [asked[0] for asked in station.asked] == ["waiting", "finish"]


def test_it_works_by_keyboard_alone(address: str, station: Station) -> None:
    with browser() as page:
        page.goto(address)
        # The browser moves the focus there by itself, but not before the page is laid out.
        expect(page.locator("input[name=pin]")).to_be_focused()
        page.keyboard.type("274916")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}/")
        reached: list[str] = []
        for _ in range(12):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.innerText.trim()"))
            if reached[-1] == "Thêm 30 phút":
                break
        assert reached[:3] == ["?", "English", "Đăng xuất"]
        assert reached[-1] == "Thêm 30 phút"
        page.keyboard.press("Enter")
        expect(page.get_by_text("còn 72 phút").first).to_be_visible()
    assert [asked[0] for asked in station.asked] == ["extend"]


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 704), (1366, 704)])
def test_every_page_fits_its_screen_and_its_targets_a_finger(
    address: str, station: Station, width: int, height: int
) -> None:
    states = [
        in_use(42),
        free(),
        free(state="out_of_order", reason="x" * 200),
        free(waiting=True, clock_trusted=False, troubles=[{"code": "program_missing", "detail": "/usr/" + "y" * 80}]),
    ]
    with browser(width, height) as page:
        page.goto(address)
        sign_in(page, address)
        for station.state in states:
            for path in ("/", "/s/03/finish", "/s/03/out_of_order", "/nothing", "/sign-in", *SETTINGS):
                page.goto(address + path)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
                assert page.evaluate(SMALL) == [], (path, width)
