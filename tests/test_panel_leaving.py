"""Whoever leaves the panel alone is told, may stay without losing what was typed, and is signed out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from web_faces import NOON, OWN_PAGE, People, Station, browser, free, look, served

from kiosk.service.panel import create_panel
from kiosk.web.sign_in import WebSessions

IDLE = 121.0  # the page warns 120 seconds before the end: here at once


@dataclass
class Desk:
    """A panel whose idle clock the test turns."""

    now: float = 0.0
    station: Station = field(default_factory=lambda: Station(free()))
    address: str = ""

    def __post_init__(self) -> None:
        self.sessions = WebSessions(lambda: self.now, IDLE)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    with served(create_panel(desk.station, People(), sessions=desk.sessions, now=lambda: NOON)) as desk.address:
        yield desk


def enter(page: Page, desk: Desk) -> None:
    page.goto(desk.address)
    page.get_by_label("Mã PIN").fill("274916")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.address}/")


@pytest.mark.slow
def test_one_is_told_stays_without_losing_a_word_and_is_signed_out_in_the_end(desk: Desk) -> None:
    with browser() as page:
        complaints = look(page, desk.address)
        enter(page, desk)
        page.goto(f"{desk.address}/s/03/out_of_order")
        words = page.get_by_label("Lý do khác, xin ghi vắn tắt")
        words.fill("Hỏng quạt")
        told = page.get_by_role("alert")
        expect(told).to_be_hidden()
        desk.now += 60
        expect(told).to_contain_text("sắp tự đăng xuất", timeout=15_000)
        page.get_by_role("button", name="Tiếp tục làm việc").click()
        expect(told).to_be_hidden(timeout=15_000)
        expect(words).to_have_value("Hỏng quạt")
        desk.now += IDLE + 1
        expect(page).to_have_url(f"{desk.address}/sign-in?left=1", timeout=30_000)
        expect(page.get_by_text("Trang đã tự đăng xuất vì 2 phút không ai chạm vào.")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Mã PIN")).to_be_visible()
    assert complaints == []


@pytest.mark.slow
def test_without_scripts_one_is_told_by_the_page_that_renews_itself(desk: Desk) -> None:
    with browser(java_script_enabled=False) as page:
        enter(page, desk)
        expect(page.get_by_role("alert")).to_be_hidden()
        desk.now += 30
        page.goto(f"{desk.address}/?by_itself=1")
        expect(page.get_by_role("button", name="Tiếp tục làm việc")).to_be_visible()
        page.get_by_role("button", name="Tiếp tục làm việc").click()
        expect(page).to_have_url(f"{desk.address}/")
        expect(page.get_by_role("button", name="Tiếp tục làm việc")).to_be_hidden()


def test_staying_is_a_touch_and_asking_is_none(desk: Desk) -> None:
    app = create_panel(desk.station, People(), sessions=desk.sessions, now=lambda: NOON)
    client = app.test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    desk.now += 100
    assert client.get("/leaving").json == {"left": 21}
    assert client.post("/stay", headers={**OWN_PAGE, "Sec-Fetch-Dest": "empty"}).status_code == 204
    assert client.get("/leaving").json == {"left": 121}
    assert client.post("/stay", headers=OWN_PAGE).headers["Location"] == "/"
    desk.now += 121
    assert client.get("/leaving").headers["Location"] == "/sign-in"
