"""Who saves a page is told in words on that page, also where the PC cannot speak; nothing lies over anything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from tests.lock_pages import SIZES
from tests.viewer_support import library
from tests.web_faces import Station, browser, in_use, reading, served

pytestmark = pytest.mark.slow

CHOICES = [(lang, large, contrast) for lang in ("vi", "en") for large, contrast in ((0, 0), (1, 0), (0, 1), (1, 1))]
# The bar, and Chromium's own rows above a page, as they are in a session.
ABOVE = 64 + 88


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.of_folders(library(tmp_path_factory.mktemp("library") / "trial"))


@contextmanager
def at_a_guide(shelf: Library, size: str = "1366x768", **state: Any) -> Iterator[tuple[Page, Station]]:
    """A browser at a guide, and the station that is asked how many files lie there."""
    station, (width, height) = Station(in_use(42, **state)), map(int, size.split("x"))
    with served(create_menu(station, shelf)) as address, browser(width, height - ABOVE) as page:
        page.goto(f"{address}/items/trial/wash")
        yield page, station


def save(page: Page) -> None:
    with page.expect_download():
        page.locator("[data-save]").click()


@pytest.mark.parametrize(
    ("lang", "offered", "words"),
    [
        ("vi", True, "Muốn mang về, xin Quý vị cắm USB vào máy."),
        ("vi", False, "Muốn mang về, Quý vị có thể nhờ nhân viên giúp."),
        ("en", True, "To take it home, plug in a USB stick."),
        ("en", False, "The staff can help you to take it home."),
    ],
)
def test_a_silent_pc_tells_it_in_words(
    shelf: Library, monkeypatch: pytest.MonkeyPatch, lang: str, offered: bool, words: str
) -> None:
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: False)
    with at_a_guide(shelf, sticks_offered=offered, prefs=reading(lang)) as (page, station):
        line = page.get_by_role("status")
        expect(page.locator("[data-listen]")).to_have_count(0)
        expect(line).to_have_count(0)
        save(page)
        expect(line).to_contain_text("Đang lưu trang này." if lang == "vi" else "This page is being saved.")
        page.wait_for_timeout(800)
        expect(line).not_to_contain_text(words)  # it does not lie there yet
        station.files = 1
        expect(line).to_contain_text(words)
        expect(line.locator("svg:visible")).to_have_count(1)
        assert station.told == []


def test_what_was_not_saved_is_told_too(shelf: Library) -> None:
    with at_a_guide(shelf) as (page, _station):
        page.route("**/voice", lambda route: route.abort())
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Chưa lưu được.")


def test_who_looks_from_another_pc_is_told_nothing_of_this_one(shelf: Library) -> None:
    app = create_menu(Station(in_use()), shelf)
    for remote, there in (("127.0.0.1", True), ("10.0.0.7", False)):
        page = app.test_client().get("/items/trial/wash", environ_base={"REMOTE_ADDR": remote}).text
        assert ("data-telling" in page) is there


def over(page: Page) -> list[str]:
    """What is wrong with the foot of the page: pairs that overlap, what leaves the window, what is cut off."""
    found: list[str] = page.evaluate(
        """() => {
        const found = [], telling = document.querySelector("[data-telling]"),
            tools = document.querySelector("[data-reading]"), boxes = [["told", telling.getBoundingClientRect()]];
        if (!tools.hidden) {
            tools.querySelectorAll(".button").forEach(one => boxes.push([one.innerText, one.getBoundingClientRect()]));
        }
        boxes.forEach(([name, box], place) => {
            const out = box.left < 0 || box.right > innerWidth || box.bottom > innerHeight;
            if (!box.width || out) { found.push(`out: ${name}`); }
            boxes.slice(place + 1).forEach(([other, its]) => {
                const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
                const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
                if (wide > 0 && high > 0) { found.push(`${name} over ${other}`); }
            });
        });
        const foot = telling.parentElement.getBoundingClientRect();
        if (foot.height > innerHeight / 2) { found.push(`takes ${foot.height} of ${innerHeight}`); }
        if (telling.scrollWidth > telling.clientWidth) { found.push("cut off"); }
        if (getComputedStyle(telling).backgroundColor === "rgba(0, 0, 0, 0)") { found.push("no ground"); }
        return found;
    }"""
    )
    return found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_told_and_the_tools_of_who_listens_never_overlap(
    shelf: Library, monkeypatch: pytest.MonkeyPatch, size: str, tmp_path: Path
) -> None:
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: True)
    with at_a_guide(shelf, size, sticks_offered=True) as (page, station):
        station.speaks_on = True
        for lang, large, contrast in CHOICES:
            station.state["prefs"], station.files = reading(lang, bool(large), bool(contrast)), 0
            page.reload()
            save(page)
            station.files = 1
            expect(page.locator('[data-is="saved"]')).to_be_visible()
            alone = over(page)
            page.locator("[data-listen]").click()
            expect(page.get_by_role("toolbar")).to_be_visible()
            page.screenshot(path=tmp_path / f"{size}-{lang}{'-large' * large}{'-contrast' * contrast}.png")
            assert alone + over(page) == [], (lang, large, contrast)
            page.locator("[data-reading] [data-read=stop]").click()
        page.evaluate("document.querySelector('[data-reading]').hidden = false")
        page.evaluate("Object.assign(document.querySelector('.telling').style, {position: 'absolute', bottom: '0'})")
        assert over(page) != [], "the control"
