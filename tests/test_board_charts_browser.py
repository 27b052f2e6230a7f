"""The charts of the board in a real browser: what is drawn is what the table says, and nothing comes from elsewhere."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from kiosk.province.orders import carry_out
from tests.board_shots import reckoned, sign_in
from tests.board_stage import Board, board_of
from tests.board_town import NOW, town
from tests.web_faces import browser, look, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
READ = """() => {
    const plot = document.querySelector('[data-chart]').plot;
    const rows = [...document.querySelectorAll('[data-month]')];
    const number = (row, name) => name in row.dataset ? Number(row.dataset[name]) : null;
    const ink = (() => {
        const canvas = document.querySelector('[data-chart] canvas');
        const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let count = 0;
        for (let at = 3; at < all.length; at += 4) { if (all[at] > 200) { count += 1; } }
        return count;
    })();
    return {
        drawn: plot.data, ink,
        now: rows.map(row => 'partial' in row.dataset ? null : number(row, 'now')),
        half: rows.map(row => 'partial' in row.dataset ? number(row, 'now') : null),
        before: rows.map(row => number(row, 'before')),
        shown: rows.map(row => row.cells[1].innerText.split('\\n')[0].trim()),
        least: plot.scales.y.min, most: plot.scales.y.max,
    };
}"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(board: Board) -> Iterator[str]:
    with served(board.app) as found:
        yield found


def signed_in(tab: "Page", address: str) -> list[str]:
    """What goes wrong on the page from now on."""
    found = look(tab, address)
    sign_in(tab, address)
    return found


@pytest.mark.parametrize(("figure", "width"), [("VISITS", 1366), ("PC_HOURS", 1366), ("COMPLETENESS", 360)])
def test_what_is_drawn_is_what_the_table_says(address: str, figure: str, width: int) -> None:
    with browser(width, 740, locale="vi-VN") as tab:
        wrong = signed_in(tab, address)
        reckoned(tab, f"{address}/trends?figure={figure}")
        tab.wait_for_selector("[data-chart] canvas")
        told = tab.evaluate(READ)
        assert told["drawn"] == [list(range(12)), told["before"], told["now"], told["half"]]
        assert told["ink"] > 2_000, "lines, dots and names of months are on the canvas"
        for drawn, half, shown in zip(told["now"], told["half"], told["shown"], strict=True):
            number = drawn if drawn is not None else half
            text = re.sub(r"[^\d,]", "", shown).replace(",", ".")
            assert (number is None) == (text == "") and (number is None or float(text) == number)
        values = [one for one in told["now"] + told["half"] + told["before"] if one is not None]
        assert told["least"] <= min(values) and max(values) <= told["most"]
        assert told["half"][10] is not None and told["now"][10] is None, "November is not over"
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert wrong == []


def test_a_month_that_a_site_did_not_tell_is_a_gap_with_a_mark_and_never_nought(address: str) -> None:
    with browser(1366, 900, locale="vi-VN") as tab:
        wrong = signed_in(tab, address)
        reckoned(tab, f"{address}/sites/TV-004")
        tab.wait_for_selector("[data-chart] canvas")
        told = tab.evaluate(READ)
        assert told["now"][2] is None and told["now"][1] and told["now"][3]
        row = tab.locator("[data-month=T3]")
        assert row.get_attribute("data-missing") is not None and row.get_attribute("data-now") is None
        assert tab.locator(".key.untold").count() == 1 and "chưa có số liệu" in tab.locator(".legend").inner_text()
        assert wrong == []


def test_without_scripts_and_in_forced_colours_the_table_says_it_all(address: str) -> None:
    for options in ({"java_script_enabled": False}, {"forced_colors": "active"}):
        with browser(1366, 900, locale="vi-VN", **options) as tab:
            sign_in(tab, address)
            reckoned(tab, f"{address}/trends")
            assert tab.locator("[data-chart]").is_hidden() and tab.locator(".months tbody tr").count() == 12


def test_the_inner_pages_fit_a_phone_and_ask_for_nothing_elsewhere(board: Board, address: str) -> None:
    carry_out(board.home.path, "task add", title="Sửa hai máy hỏng", site="TV-002", due="2026-12-01")
    with browser(360, 740, locale="vi-VN") as tab:
        wrong = signed_in(tab, address)
        for page in ("/trends", "/units", "/units/20001", "/sites/TV-002", "/stations/BD-001/01", "/lines", "/content",
                     "/tasks", "/tasks/1", "/tasks/new", "/alarms", "/aside/1", "/report", "/definitions"):  # fmt: skip
            reckoned(tab, address + page)
            wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{page} is {wide} px too wide"
        assert wrong == []


def test_the_keyboard_reaches_the_figures_and_opens_one(address: str) -> None:
    with browser(1366, 900, locale="vi-VN") as tab:
        signed_in(tab, address)
        reckoned(tab, f"{address}/trends")
        for _press in range(60):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.textContent") == "Giờ máy":
                break
        tab.keyboard.press("Enter")
        tab.wait_for_url("**figure=PC_HOURS**")
