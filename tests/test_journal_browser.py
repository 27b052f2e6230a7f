"""The journal in a real browser: Enter saves, the form is ready for the next line, axe finds nothing, phone too."""

from datetime import timedelta
from pathlib import Path

import pytest
from store_support import reading
from test_journal_on_the_panel import Desk, table
from test_menu_is_accessible import axe, faults
from web_faces import NOON, browser, look, served, until

from kiosk.store import Store, journal

pytestmark = pytest.mark.slow

__all__ = ["axe"]


@pytest.mark.parametrize(("width", "height", "lang"), [(1366, 768, "vi"), (360, 740, "en")])
def test_lines_are_written_by_keys_alone_and_axe_finds_nothing(
    axe: str, tmp_path: Path, width: int, height: int, lang: str
) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        desk = Desk(store)
        store.run(journal.open_fault, "printer", "Kẹt giấy", "Lan", reading(NOON.isoformat()).wall - timedelta(days=2))
        with served(desk.client.application) as address, browser(width, height, bypass_csp=True) as page:
            found = look(page, address)
            page.goto(f"{address}/sign-in")
            page.locator("[name=pin]").fill("274916")
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/language/{lang}")
            page.goto(f"{address}/journal?month=2026-09")
            assert faults(page, axe) == [], "an empty month"
            page.goto(f"{address}/journal?kind=class")
            for people in ("12", "7"):
                until(page, "document.activeElement.name === 'people'")
                page.keyboard.type(people)
                with page.expect_navigation(url="**done=**"):
                    page.keyboard.press("Enter")
                until(page, f"document.querySelector('#done').textContent.includes('{people} ')")
                assert faults(page, axe) == [], "a line was written"
                page.goto(f"{address}/journal?kind=class")
            assert desk.sums()["class_people"] == 19
            page.locator("[name=people]").fill("nhiều")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            until(
                page,
                "document.querySelector('[name=people]').value === 'nhiều' && !!document.querySelector('#problem')",
            )
            assert faults(page, axe) == [], "a mistake"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing lies beside the screen"
            page.goto(f"{address}/journal/lines/2")
            assert faults(page, axe) == [], "a line and its trace"
            page.goto(f"{address}/journal/import")
            sent = table(["Lớp hướng dẫn", "5/10/2025", 2, 31], ["?", "x", None, None])
            page.set_input_files("#table", {"name": "so.xlsx", "mimeType": "application/x", "buffer": sent})
            with page.expect_navigation(url="**file=**"):
                page.locator(".send .main").click()
            assert faults(page, axe) == [], "what would be taken"
            with page.expect_navigation(url="**taken=1**"):
                page.locator("[value=good]").click()
            assert faults(page, axe) == [] and found == []


WIDTHS = """[...document.querySelectorAll('input[type=date]')].map(one =>
  Math.round(100 * one.getBoundingClientRect().width / one.closest('form').getBoundingClientRect().width))"""
BROKEN = """[...document.querySelectorAll('.actions .button')].filter(one => one.checkVisibility()).filter(one => {
  const text = document.createRange(); text.selectNodeContents(one.querySelector('span') || one);
  return text.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(one).fontSize); })
  .map(one => one.textContent.trim())"""


def test_on_a_narrow_phone_a_date_has_the_whole_row_and_no_column_or_button_is_squeezed(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        desk = Desk(store)
        store.run(journal.open_fault, "printer", "Kẹt giấy", "Lan", reading(NOON.isoformat()).wall)
        with served(desk.client.application) as address, browser(360, 740, locale="vi-VN") as page:
            page.goto(f"{address}/sign-in")
            page.locator("[name=pin]").fill("274916")
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            for path in ("/journal?kind=class", "/journal?kind=fault", "/journal/lines/1"):
                page.goto(address + path)
                widths = page.evaluate(WIDTHS)
                assert widths and min(widths) > 90, (path, widths)
            page.goto(f"{address}/journal/import")
            sent = table(["Lớp hướng dẫn", "5/10/2025", 2, 31], ["?", "x", None, None])
            page.set_input_files("#table", {"name": "so.xlsx", "mimeType": "application/x", "buffer": sent})
            with page.expect_navigation(url="**file=**"):
                page.locator(".send .main").click()
            row = page.locator(".mistakes tbody tr").first
            boxes = [one.bounding_box() for one in row.locator("th, td").all()]
            assert len({round(box["y"]) for box in boxes if box}) == 1, (
                "a mistake is one row, its words beside its place"
            )
            assert page.evaluate(BROKEN) == []
            page.set_viewport_size({"width": 190, "height": 740})
            assert page.evaluate(BROKEN), "the control: here there is no room"
