"""The menu walked by ear in a real browser: numbers, Tab, Enter, Esc; and nothing for who did not ask."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from tests.viewer_support import library
from tests.web_faces import Station, browser, in_use, served

pytestmark = pytest.mark.slow

PREFS = {"lang": "vi", "large": False, "contrast": False}
PRINTS = {"mode": "free", "waiting": 0, "pages": 0, "trouble": None}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.of_folders(library(tmp_path_factory.mktemp("library") / "trial"))


@pytest.fixture
def seen(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """A browser at the menu of a PC that can speak: its page, and the station that is asked."""
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: True)

    @contextmanager
    def open_it(voice: bool, path: str = "/", **options: object) -> Iterator[tuple[Page, Station]]:
        station = Station(in_use(42, prefs={**PREFS, "voice": voice}, print=PRINTS))
        with served(create_menu(station, shelf)) as address, browser(**options) as page:  # type: ignore[arg-type]
            page.goto(address + path)
            yield page, station

    return open_it


def heard(page: Page, station: Station, *words: str) -> str:
    """Wait until all of this was said in one breath since the last key; what was said last."""
    for _again in range(200):
        if station.told and all(word in station.told[-1] for word in words):
            return station.told[-1]
        page.wait_for_timeout(50)
    raise AssertionError(f"not heard: {words}; {station.told[-3:]}")


def press(page: Page, station: Station, key: str) -> None:
    station.told.clear()
    page.keyboard.press(key)


def test_the_first_page_says_what_there_is_and_a_number_opens_it(seen: Callable[..., object]) -> None:
    with seen(voice=True) as (page, station):  # type: ignore[attr-defined]
        text = heard(page, station, "Quý vị muốn làm gì?", "Phím Tab", "phím Windows")
        assert "1: Sức khỏe" in text
        press(page, station, "7")
        heard(page, station, "Không có lựa chọn mang số này.")
        press(page, station, "1")
        page.wait_for_url("**/themes/health")
        text = heard(page, station, "Sức khỏe.", "1: ", "Bấm phím 0 để nghe chỉ dẫn.")
        assert "phím Windows" not in text, "the long help comes once"
        press(page, station, "Escape")
        page.wait_for_url("**/")
        heard(page, station, "Quý vị muốn làm gì?")
        press(page, station, "Escape")
        heard(page, station, "Đây là trang đầu.")


def test_tab_goes_round_and_says_label_kind_and_place(seen: Callable[..., object]) -> None:
    with seen(voice=True, path="/themes/health") as (page, station):  # type: ignore[attr-defined]
        heard(page, station, "Sức khỏe.")
        press(page, station, "Tab")
        first = heard(page, station, "mục 1 trong ", "liên kết")
        count = int(first.split("mục 1 trong ")[1].split()[0])
        press(page, station, "Shift+Tab")
        heard(page, station, f"mục {count} trong {count} mục")
        press(page, station, "Tab")
        assert heard(page, station, "mục 1 trong ") == first, "never out of the page, into a silent part of the browser"
        press(page, station, "Space")
        assert heard(page, station, "mục 1 trong ") == first, "the long key says it again"
        while "Rửa tay đúng cách" not in station.told[-1]:
            press(page, station, "ArrowDown")
            heard(page, station, "mục")
        press(page, station, "Enter")
        heard(page, station, "Nghe đọc", "Lưu trang này")
        assert "/items/trial/wash" in page.url


def test_any_key_and_any_touch_is_silence(seen: Callable[..., object]) -> None:
    with seen(voice=True) as (page, station):  # type: ignore[attr-defined]
        station.speaks_on = True
        page.reload()
        heard(page, station, "Quý vị muốn làm gì?")
        page.wait_for_timeout(300)
        page.keyboard.press("Control")
        page.wait_for_timeout(300)
        assert station.hushed[-1] == len(station.told)
        station.hushed.clear()
        press(page, station, "Tab")
        heard(page, station, "mục 1 trong")
        page.wait_for_timeout(300)
        page.mouse.click(5, 500)
        page.wait_for_timeout(300)
        assert station.hushed == [len(station.told)]


def test_a_text_is_read_piece_by_piece(seen: Callable[..., object]) -> None:
    with seen(voice=True, path="/items/trial/wash") as (page, station):  # type: ignore[attr-defined]
        text = heard(page, station, "Rửa tay đúng cách.", "1: Nghe đọc", "In", "Lưu trang này")
        assert "Làm ướt tay" not in text
        station.speaks_on = True
        press(page, station, "1")
        heard(page, station, "Rửa tay đúng cách")
        for words in ("Sáu bước, một phút.", "Vì sao", "Tay bẩn mang mầm bệnh."):
            press(page, station, "ArrowRight")
            heard(page, station, words)
            assert words in page.locator(".spoken").inner_text()
        while "Làm ướt tay" not in station.told[-1]:  # past the pictures
            press(page, station, "ArrowRight")
            heard(page, station, "")
        press(page, station, "Space")
        heard(page, station, "Đã tạm dừng.")
        press(page, station, "Space")
        heard(page, station, "Làm ướt tay")
        press(page, station, "ArrowLeft")
        heard(page, station, "ngoài gói")  # what stands for a picture that is not there
        station.speaks_on = False
        page.wait_for_timeout(1000)
        station.speaks_on = True
        assert len(station.told) > 1, "and goes on by itself"
        while "Hết bài." not in station.told[-1]:
            press(page, station, "ArrowRight")
            heard(page, station, "")
        heard(page, station, "Hết bài.", "1: Nghe đọc")
        assert page.locator(".spoken").count() == 0


def test_a_chapter_of_a_book_is_read_and_the_next_one_is_a_number_away(seen: Callable[..., object]) -> None:
    with seen(voice=True, path="/items/trial/village?chapter=1") as (page, station):  # type: ignore[attr-defined]
        text = heard(page, station, "Chuyện làng Đồng Lúa", "Phần 1 trên 3", "1: Nghe đọc", "3: Phần sau")
        assert "Làng ở ven sông." not in text
        station.speaks_on = True
        press(page, station, "1")
        heard(page, station, "Chương một")
        press(page, station, "ArrowRight")
        heard(page, station, "Làng ở ven sông.")
        assert page.locator(".spoken").inner_text() == "Làng ở ven sông."
        while "Hết bài." not in station.told[-1]:
            press(page, station, "ArrowRight")
            heard(page, station, "")
        press(page, station, "3")
        page.wait_for_url("**/items/trial/village?chapter=2*")
        heard(page, station, "Phần 2 trên 3")


def test_who_reads_little_listens_by_touch(seen: Callable[..., object]) -> None:
    with seen(voice=False, path="/items/trial/wash") as (page, station):  # type: ignore[attr-defined]
        page.keyboard.press("Tab")
        page.keyboard.press("1")
        assert station.told == [], "nobody asked"
        station.speaks_on = True
        page.locator("[data-listen]").click()
        heard(page, station, "Rửa tay đúng cách")
        assert station.state["prefs"]["voice"] is True
        page.get_by_role("button", name="Đoạn sau").click()
        heard(page, station, "Sáu bước")
        page.get_by_role("toolbar").get_by_role("button", name="Dừng đọc").click()
        page.wait_for_timeout(300)
        assert station.state["prefs"]["voice"] is False, "and no other page speaks by itself"
        assert page.get_by_role("toolbar").count() == 0


def test_what_stands_in_a_frame_is_read_beside_it(seen: Callable[..., object]) -> None:
    with seen(voice=True, path="/items/trial/game") as (page, station):  # type: ignore[attr-defined]
        heard(page, station, "Trò chơi đếm số.", "1: Nghe đọc")
        press(page, station, "1")
        page.wait_for_url("**/items/trial/game/listen?read=1")
        heard(page, station, "Trang sau")
        press(page, station, "Escape")
        heard(page, station, "Đã dừng đọc.")


def test_the_field_is_left_to_who_writes(seen: Callable[..., object]) -> None:
    with seen(voice=True) as (page, station):  # type: ignore[attr-defined]
        heard(page, station, "Quý vị muốn làm gì?")
        while page.evaluate("document.activeElement.id") != "q":
            press(page, station, "Tab")
            heard(page, station, "mục")
        heard(page, station, "ô để viết", "Mời Quý vị viết")
        page.keyboard.type("rửa 1")
        heard(page, station, "Quý vị đã viết: rửa")
        assert page.locator("#q").input_value() == "rửa 1", "digits are letters here"
        press(page, station, "Enter")
        page.wait_for_url("**/search?q=*")
        heard(page, station, "Không tìm thấy")


def test_what_was_saved_is_said_when_it_lies_there(seen: Callable[..., object]) -> None:
    with seen(voice=True, path="/items/trial/wash") as (page, station):  # type: ignore[attr-defined]
        heard(page, station, "Lưu trang này")
        station.state["sticks_offered"] = True
        page.reload()
        heard(page, station, "Lưu trang này")
        with page.expect_download() as download:
            press(page, station, "3")
        assert download.value.suggested_filename == "Rửa tay đúng cách.html"
        heard(page, station, "Đang lưu trang này.")
        page.wait_for_timeout(800)
        assert not any("Đã lưu" in one for one in station.told), "control: it does not lie there yet"
        station.files = 1
        heard(page, station, "Đã lưu trên máy này.", "bấm phím Windows cùng số 5")


def test_without_scripts_listen_is_a_page(seen: Callable[..., object], tmp_path: Path) -> None:
    with seen(voice=False, path="/items/trial/wash", java_script_enabled=False) as (page, station):  # type: ignore[attr-defined]
        page.locator("[data-listen]").click()
        page.get_by_role("button", name="Nghe đọc 3", exact=True).click()
        assert station.told == ["Sáu bước, một phút."]
        assert page.locator(".spoken").inner_text().strip() == "Sáu bước, một phút."
