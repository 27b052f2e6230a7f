"""A first day on a whole running station, by hands at the panel: code, PIN, site, hours, and in service."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_faces import browser, look

from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"


class NewStation(RunningStation):
    """As the first run writes it: with the shipped code."""

    def site(self) -> str:
        return re.sub(r"\[site\].*\[panel\]", "[panel]", super().site(), flags=re.DOTALL)


def test_an_empty_station_is_led_into_service(home: Path, xvfb: Callable[..., str]) -> None:
    with NewStation(home, xvfb(), LONG) as station, browser() as page:
        address = f"http://127.0.0.1:{station.panel}"
        complaints = look(page, address)
        code = station.kiosk("manager", "code").stdout.strip()
        assert re.fullmatch(r"\d{4} \d{4}", code) and code in station.log()

        page.goto(address)
        page.get_by_label("Tên của Quý vị").fill("Chị Hoa")
        page.get_by_label("Mã PIN, ít nhất 6 chữ số").fill(PIN)
        page.get_by_label("Nhập lại mã PIN ấy").fill(PIN)
        page.get_by_label("Mã của ngày đầu tiên").fill(code)
        page.get_by_role("button", name="Bắt đầu").click()
        expect(page.get_by_role("heading", name="Ngày đầu tiên của máy này")).to_be_visible()
        assert station.kiosk("manager", "code").returncode == 4

        [service] = station.living("service")
        page.get_by_role("link", name="Làm ngay: Điểm và máy").click()
        page.get_by_label("Mã điểm do tỉnh cấp").fill("TH-077")
        page.get_by_label("Tên điểm, như hiện trên màn hình").fill("Thư viện xã Đồng Lúa")
        page.get_by_label("Số máy trong điểm").fill("05")
        page.get_by_role("button", name="Lưu").click()
        page.get_by_role("button", name="Đúng, lưu lại").click()
        station.wait(lambda: station.living("service") not in ([], [service]), "the service begins anew")
        station.wait(lambda: station.status()["station"] == "05", "the new name")
        assert station.status()["site"] == "Thư viện xã Đồng Lúa"
        station.wait(station.covered, "the lock covers")

        expect(page.get_by_label("Mã PIN")).to_be_visible(timeout=30_000)
        page.get_by_label("Mã PIN").fill(PIN)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}/")
        page.get_by_role("link", name="Làm tiếp").click()
        page.get_by_role("link", name="Làm ngay: Giờ mở cửa").click()
        expect(page).to_have_url(f"{address}/s/05/settings/week")
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"):
            page.locator(f"[name={day}_0_from]").fill("0h")
            page.locator(f"[name={day}_0_to]").fill("24:00")
        page.get_by_role("button", name="Tiếp: xem sẽ thay đổi gì").click()
        page.get_by_role("button", name="Đúng, lưu lại").click()
        expect(page.get_by_text("Đã lưu, có hiệu lực từ bây giờ.")).to_be_visible()

        station.sign_in()
        expect(page.get_by_role("link", name="Hôm nay")).to_be_visible()
        with_name = "Thư viện xã Đồng Lúa"
        page.get_by_role("link", name="Hôm nay").click()
        expect(page.get_by_text(with_name)).to_be_visible()
        expect(page.get_by_role("heading", name="Máy 05")).to_be_visible()
    assert complaints == []
