"""The report in a real browser: on a desk, on a phone, without scripts, and on paper."""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from small_world import reports_of, small_world
from web_faces import NOON, People, Station, browser, look, served

from kiosk.service.panel import create_panel

pytestmark = pytest.mark.slow

PERIODS = ("2026-10", "2026-11", "2026", "2025-10", "2026-01..2026-09", "2026-10-30", "2027")
SMALL = """[...document.querySelectorAll('a, button, input.field, summary')].filter(one => one.checkVisibility())
  .filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with small_world(tmp_path_factory.mktemp("world")) as store:
        panel = create_panel(Station(), People(), now=lambda: NOON, reports=reports_of(store))
        with served(panel) as address:
            yield address


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Mã PIN").fill("274916")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 704), (1366, 768)])
def test_every_kind_of_report_fits_its_screen_and_its_targets_a_finger(address: str, width: int, height: int) -> None:
    with browser(width, height) as page:
        complaints = look(page, address)
        sign_in(page, address)
        for period in (*PERIODS, *(f"{one}&paper" for one in PERIODS[:3])):
            page.goto(f"{address}/report{'/print' if 'paper' in period else ''}?period={period}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (period, width)
            assert page.evaluate(SMALL) == [], (period, width)
        assert complaints == []


def test_a_clerk_steps_back_chooses_days_and_takes_the_file(address: str, tmp_path: Path) -> None:
    with browser() as page:
        sign_in(page, address)
        page.get_by_role("link", name="Báo cáo").click()
        page.get_by_role("link", name="Tháng 10/2026").click()
        expect(page.get_by_role("heading", name="BÁO CÁO THÁNG 10/2026")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Tải Excel").click()
        assert download.value.suggested_filename == "TH-017_03_2026-10.xlsx"
        page.get_by_text("Chọn ngày khác").click()
        page.get_by_label("Từ ngày").fill("2026-10-05")
        page.get_by_label("đến ngày").fill("2026-10-10")
        page.get_by_role("button", name="Xem").click()
        expect(page.get_by_role("heading", name="BÁO CÁO TỪ 05/10/2026 ĐẾN 10/10/2026")).to_be_visible()
        expect(page.get_by_role("row", name="Số lượt người sử dụng").first).to_contain_text("48")


def test_the_chart_draws_what_the_table_under_it_says(address: str) -> None:
    with browser() as page:
        complaints = look(page, address)
        sign_in(page, address)
        page.goto(f"{address}/report?period=2026-10")
        page.wait_for_selector("#chart canvas")
        expect(page.locator(".strokes-up")).to_be_hidden()
        cells = page.locator(".weeks td[data-name]")
        assert cells.count() == 31
        expect(page.get_by_role("cell", name="06 8 (5)")).to_be_visible()
        assert page.locator("#chart .u-legend").inner_text() == "Tháng 10/2026Cùng kỳ 2025", "no figure at rest"
        box = page.locator("#chart .u-over").bounding_box()
        assert box is not None
        sixth = {"x": box["width"] * (5 + 0.6) / 31.2, "y": 20.0}  # of 31 days, with room at either end
        page.locator("#chart .u-over").hover(position=sixth)  # type: ignore[arg-type]
        expect(page.locator("#chart .u-legend")).to_contain_text("06/10")
        assert page.locator("#chart .u-legend .u-value").all_inner_texts() == ["06/10", "8", "5"]
        dark = page.evaluate(INK)
        assert dark > 2_000, "bars are drawn"
        assert complaints == []


INK = """() => { const canvas = document.querySelector('#chart canvas'), context = canvas.getContext('2d');
  const data = context.getImageData(0, 0, canvas.width, canvas.height).data; let dark = 0;
  for (let i = 0; i < data.length; i += 4) { if (data[i + 3] > 200 && data[i] < 60 && data[i + 1] > 50) { dark += 1; } }
  return dark; }"""


def test_in_forced_colours_and_on_paper_the_strokes_of_the_page_stand_there(address: str) -> None:
    with browser(forced_colors="active") as page:
        sign_in(page, address)
        page.goto(f"{address}/report?period=2026-10")
        expect(page.locator(".strokes-up")).to_be_visible()
        expect(page.locator("#chart")).to_be_hidden()
    with browser() as page:
        sign_in(page, address)
        page.goto(f"{address}/report?period=2026-10")
        page.wait_for_selector("#chart canvas", state="attached")
        page.emulate_media(media="print")
        expect(page.locator(".strokes-up")).to_be_visible()
        expect(page.locator("#chart")).to_be_hidden()


def test_the_paper_is_a4_with_room_for_two_signatures_and_nothing_is_cut(address: str, tmp_path: Path) -> None:
    with browser() as page:
        sign_in(page, address)
        for period, pages in (("2026-10", 3), ("2026", 4), ("2026-10-30", 3)):
            page.goto(f"{address}/report?period={period}")
            page.get_by_role("link", name="In", exact=True).click()
            expect(page.get_by_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")).to_be_visible()
            expect(page.get_by_role("button", name="In", exact=True)).to_be_visible()
            path = tmp_path / f"{period}.pdf"
            page.pdf(path=path, prefer_css_page_size=True)
            told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
            assert "595.92 x 842.88 pts (A4)" in told or "(A4)" in told, told
            assert int(re.findall(r"Pages:\s+(\d+)", told)[0]) <= pages, period
            text = subprocess.run(
                ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
            ).stdout
            words = " ".join(unicodedata.normalize("NFC", text).split())
            for part in ("Độc lập – Tự do – Hạnh phúc", "Người lập biểu", "Thủ trưởng đơn vị", "Định nghĩa chỉ tiêu"):
                assert part in words, (period, part)
            box = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
            edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', box)]
            assert edges and max(edges) <= 595.92 - 30, "nothing runs over the right margin"
            assert "Về trang báo cáo" not in words, "buttons stay on the screen"


def test_a_bar_is_as_high_as_its_day_and_a_day_without_figures_has_none(address: str) -> None:
    with browser() as page:
        sign_in(page, address)
        page.emulate_media(media="print")  # on the screen the chart covers them
        page.goto(f"{address}/report?period=2026-01..2026-10")
        heights = page.evaluate(
            "[...document.querySelectorAll('.strokes-up li')].map(li => { const p = li.querySelector('path');"
            " return p ? Math.round(p.getBoundingClientRect().height) : null })"
        )
        assert heights[:8] == [None] * 8 and len(heights) == 10
        assert heights[9] > 90 and 4 <= heights[8] <= 10  # 200 visits, and 10


def test_it_works_without_scripts_and_prints_without_buttons(address: str) -> None:
    with browser(java_script_enabled=False) as page:
        sign_in(page, address)
        page.goto(f"{address}/report?period=2026-10")
        expect(page.locator(".strokes-up")).to_be_visible()
        page.get_by_role("link", name="In", exact=True).click()
        expect(page.get_by_role("button", name="In", exact=True)).to_be_hidden()
        page.go_back()
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name="Tải Excel")).to_be_hidden()
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_hidden()
        expect(page.get_by_text("Thủ trưởng đơn vị (ký, họ tên, đóng dấu)")).to_be_visible()
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") in range(1, 5)
