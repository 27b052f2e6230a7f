"""Each format in a real browser: one touch in, one way back, nothing from elsewhere, and on from where one was."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect
from web_faces import Station, browser, in_use, look, reading, served, until

from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.menu import create_menu
from tests.viewer_support import library

pytestmark = pytest.mark.slow

PRINTER = {"mode": "free", "waiting": 0, "pages": 0, "trouble": None}
ITEMS = ("wash", "game", "rice", "village", "village?chapter=2", "film", "tale", "small")
INSIDE = "/items/trial/small/in/A/"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library with one item of each format."""
    home = tmp_path_factory.mktemp("library")
    add(Shelves(home / "content"), library(home / "trial"), "2026-11-20")
    return home / "content"


@pytest.fixture
def station() -> Station:
    return Station(in_use(print=PRINTER))


@pytest.fixture
def address(shelf: Path, station: Station) -> Iterator[str]:
    found = Library(shelf)
    with served(create_menu(station, found)) as address:
        yield address
    found.close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with browser(1024, 704) as page:
        page.goto(f"{address}/enter?lang=vi&large=0&contrast=0")
        yield page


# In the frames, which are zoomed, links are pressed by key: Playwright's mouse does not reckon with zoom.


def own(complaints: list[str]) -> list[str]:
    """Complaints, without what the browser's own reader of PDFs asks the browser for."""
    return [one for one in complaints if not one.startswith(("chrome-extension://", "chrome://"))]


@pytest.mark.parametrize(
    "title", ["Rửa tay đúng cách", "Trò chơi đếm số", "Sổ tay trồng lúa", "Chuyện làng Đồng Lúa", "Phim rửa tay",
              "Nghe chuyện kể", "Bách khoa nhỏ"],
)  # fmt: skip
def test_one_touch_opens_and_one_touch_comes_back(page: Page, address: str, station: Station, title: str) -> None:
    complaints = look(page, address)
    page.goto(f"{address}/themes/health")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state("networkidle")
    assert len(station.opened) == 1
    page.get_by_role("link", name="Quay lại").click()
    expect(page).to_have_url(f"{address}/themes/health")
    assert own(complaints) == []


def test_a_small_site_runs_in_its_frame(page: Page, address: str) -> None:
    page.goto(f"{address}/items/trial/game")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Thêm một").press("Enter")
    expect(frame.locator("#out")).to_have_text("1")
    assert frame.locator("#dot").evaluate("one => one.naturalWidth") == 120
    assert frame.locator("h1").evaluate("one => getComputedStyle(one).color") == "rgb(11, 74, 67)"
    frame.get_by_role("link", name="Trang sau").press("Enter")
    expect(frame.get_by_role("heading", name="Trang hai")).to_be_visible()
    expect(page).to_have_url(re.compile("/items/trial/game/in/game/more.html$"))
    page.goto(f"{address}/items/trial/game")
    frame.get_by_role("link", name="Ra ngoài").press("Enter")
    expect(page.get_by_text("Liên kết này dẫn ra Internet")).to_be_visible()


def test_a_pdf_opens_at_its_page_by_link_and_by_hash(page: Page, address: str) -> None:
    for deep in ("?page=2", "#page=2"):
        page.goto("about:blank")
        page.goto(f"{address}/items/trial/rice{deep}")
        page.wait_for_timeout(1500)
        reader = next(frame for frame in page.frames if frame.url.startswith("chrome-extension://"))
        number = "document.querySelector('pdf-viewer').shadowRoot.querySelector('viewer-toolbar').pageNo"
        assert reader.evaluate(number) == 2, deep
        expect(page.get_by_role("link", name="Quay lại")).to_be_visible()


def test_a_book_is_read_chapter_by_chapter_and_taken_up_again(page: Page, address: str, station: Station) -> None:
    page.goto(f"{address}/items/trial/village")
    expect(page.get_by_role("heading", name="Mục lục")).to_be_visible()
    page.get_by_role("link", name="Đọc từ đầu").click()
    expect(page.get_by_role("heading", name="Chương một")).to_be_visible()
    until(page, "document.querySelector('article img').naturalWidth === 120")
    page.get_by_role("link", name="Phần sau").click()
    expect(page.get_by_role("heading", name="Chương hai")).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    until(page, "/^2#0?[.][1-9]/.test(localStorage.getItem('at:trial/village'))")
    page.goto(f"{address}/items/trial/village")
    page.get_by_role("link", name="Xem tiếp chỗ đang dở").click()
    expect(page.get_by_role("heading", name="Chương hai")).to_be_attached()
    expect(page).to_have_url(re.compile("chapter=2"))
    until(page, "scrollY > 500")
    page.goto(f"{address}/items/trial/village#chapter=3")
    expect(page.get_by_role("heading", name="Chương ba")).to_be_visible()
    assert station.opened == ["trial/village"]


def test_a_film_plays_with_captions_large_buttons_and_from_a_second(page: Page, address: str) -> None:
    page.goto(f"{address}/items/trial/film#t=35.5")
    until(page, "document.querySelector('video').currentTime === 35.5")
    track = "document.querySelector('video').textTracks[0]"
    until(page, f"{track}.mode === 'showing' && {track}.cues.length === 2")
    until(page, f"{track}.activeCues.length === 1")
    page.get_by_role("button", name="Lùi 10 giây").click()
    until(page, "document.querySelector('video').currentTime === 25.5")
    page.get_by_role("button", name="Phụ đề").click()
    assert page.evaluate(f"{track}.mode") == "disabled"
    page.evaluate("document.querySelector('video').muted = true")
    page.get_by_role("button", name="Phát").click()
    until(page, "document.querySelector('video').currentTime > 26")
    page.get_by_role("button", name="Tạm dừng").click()
    page.get_by_role("link", name="0:35").click()
    until(page, "document.querySelector('video').currentTime >= 35")
    until(page, "localStorage.getItem('at:trial/film') > 35")
    small = (
        "[...document.querySelectorAll('main .button')].filter(one => one.offsetParent && one.offsetHeight < 80).length"
    )
    assert page.evaluate(small) == 0
    page.goto(f"{address}/items/trial/film")
    page.get_by_role("link", name="Xem tiếp chỗ đang dở (0:3").click()
    until(page, "document.querySelector('video').currentTime >= 35")


def test_a_film_that_cannot_be_played_says_so(page: Page, address: str) -> None:
    page.route("**/inside/trial/film/film.webm", lambda route: route.fulfill(status=200, body="no film"))
    page.goto(f"{address}/items/trial/film")
    expect(page.get_by_text("Máy này không phát được bài này.")).to_be_visible()
    expect(page.get_by_role("link", name="Quay lại")).to_be_visible()


def test_an_archive_is_read_page_by_page_and_the_address_follows(page: Page, address: str) -> None:
    page.goto(f"{address}/items/trial/small")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Bài 0")).to_be_visible()
    frame.get_by_role("link", name="Bài sau").press("Enter")
    expect(page).to_have_url(f"{address}{INSIDE}page_1")
    frame.get_by_role("link", name="Đường cũ").press("Enter")
    expect(page).to_have_url(f"{address}{INSIDE}page_2")
    frame.get_by_role("link", name="Ra ngoài").press("Enter")
    expect(page.get_by_text("Liên kết này dẫn ra Internet")).to_be_visible()
    expect(frame.get_by_role("heading", name="Bài 2")).to_be_visible()
    page.get_by_role("link", name="Chữ to").click()
    expect(frame.get_by_role("heading", name="Bài 2")).to_be_visible()
    page.goto(f"{address}/items/trial/small")
    page.get_by_role("link", name="Xem tiếp chỗ đang dở").click()
    expect(frame.get_by_role("heading", name="Bài 2")).to_be_visible()
    page.goto(f"{address}{INSIDE}%C4%90%E1%BA%A5t%20(n%C3%B4ng%20nghi%E1%BB%87p)%3F")
    expect(frame.get_by_role("heading", name="Đất")).to_be_visible()
    frame.get_by_role("link", name="Đầu").press("Enter")
    expect(frame.get_by_role("heading", name="Bài 0")).to_be_visible()


def test_what_search_finds_in_an_archive_opens_in_our_frame(page: Page, address: str) -> None:
    page.goto(f"{address}/search?q=ngo")
    page.locator("main a[href*='/in/A/']").first.click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Quay lại")).to_be_visible()


def test_high_contrast_reaches_into_the_frames_and_out_again(page: Page, address: str, station: Station) -> None:
    frame = page.frame_locator("iframe")
    white, black = "rgb(255, 255, 255)", "rgb(0, 0, 0)"

    def choose(contrast: bool) -> None:
        station.state = in_use(print=PRINTER, prefs=reading(contrast=contrast))

    for path in ("game", "small"):
        choose(False)
        page.goto(f"{address}/items/trial/{path}")
        expect(frame.locator("h1")).not_to_have_css("color", white)
        choose(True)  # on the bar, or by the button above: the page follows in place
        expect(frame.locator("h1")).to_have_css("color", white)
        expect(frame.locator("body")).to_have_css("background-color", black)
        frame.locator("a[href]").first.press("Enter")  # the next page too
        expect(frame.locator("h1")).to_have_css("color", white)
        choose(False)
        expect(frame.locator("h1")).not_to_have_css("color", white)
        expect(frame.locator("body")).not_to_have_css("background-color", black)


def paper(page: Page) -> str:
    """The colour in the middle of what stands in the frame, as it is painted: white, black or another."""
    box = page.locator(".stage iframe").bounding_box()
    assert box is not None
    middle = {"x": box["x"] + box["width"] / 2 - 10, "y": box["y"] + box["height"] / 2, "width": 20, "height": 20}
    shot = page.screenshot(clip=middle)  # type: ignore[arg-type]
    mean = ["convert", "png:-", "-colorspace", "Gray", "-format", "%[fx:mean]", "info:"]
    light = float(subprocess.run(mean, input=shot, capture_output=True, check=True, timeout=60).stdout)
    return "white" if light > 0.98 else "black" if light < 0.02 else f"{light:.2f}"


def painted(page: Page, wanted: str) -> None:
    """Wait until the paper has that colour."""
    for _again in range(100):
        if (seen := paper(page)) == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{seen}, not {wanted}")


def test_of_a_pdf_black_and_white_change_places_in_high_contrast(page: Page, address: str, station: Station) -> None:
    page.goto(f"{address}/items/trial/rice")
    painted(page, "white")
    station.state = in_use(print=PRINTER, prefs=reading(contrast=True))
    painted(page, "black")
    station.state = in_use(print=PRINTER, prefs=reading(contrast=False))
    painted(page, "white")


def test_larger_text_reaches_into_the_frames(page: Page, address: str) -> None:
    def wide() -> int:
        """How many of its own points the page in the frame sees from side to side."""
        expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
        return int(page.frame_locator("iframe").locator("h1").evaluate("() => innerWidth"))

    page.goto(f"{address}/items/trial/game")
    before = wide()
    page.get_by_role("link", name="Chữ to").click()
    page.wait_for_load_state("networkidle")
    assert wide() < before / 1.2 < 1024 / 1.2 / 1.2


def test_what_is_read_is_printed_and_nothing_else(page: Page, address: str) -> None:
    page.add_init_script("window.print = () => document.documentElement.setAttribute('data-printed', '1')")
    for path in ("wash", "village?chapter=1", "game", "small"):
        page.goto(f"{address}/items/trial/{path}")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="In", exact=True).click()
        page.wait_for_timeout(300)
        framed = path in ("game", "small")
        holder = page.frame_locator("iframe").locator("html") if framed else page.locator("html")
        expect(holder).to_have_attribute("data-printed", "1")
        assert not framed or page.locator("html").get_attribute("data-printed") is None
    for path in ("wash", "village?chapter=1", "film"):
        page.goto(f"{address}/items/trial/{path}")
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name="Quay lại")).to_be_hidden()
        assert page.locator("main .button:visible").count() == 0
        page.emulate_media(media="screen")


def test_without_a_printer_there_is_no_button_for_it(page: Page, address: str, station: Station) -> None:
    station.state = in_use(print=None)
    page.goto(f"{address}/items/trial/wash")
    assert page.locator("[data-print]").count() == 0


def test_everything_opens_without_scripts_too(address: str) -> None:
    with browser(1024, 704, java_script_enabled=False) as page:
        page.goto(f"{address}/enter?lang=vi&large=0&contrast=0")
        for name in ("game", "small"):
            page.goto(f"{address}/items/trial/{name}")
            expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
        page.goto(f"{address}/items/trial/village")
        page.get_by_role("link", name="Chương hai").click()
        expect(page.get_by_role("heading", name="Chương hai")).to_be_visible()
        page.goto(f"{address}/items/trial/film")
        expect(page.locator("video")).to_be_visible()
        page.goto(f"{address}/items/trial/rice?page=2")
        assert page.locator("iframe").get_attribute("src").endswith("rice.pdf#page=2&view=FitH")  # type: ignore[union-attr]


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 704), (1366, 704), (1920, 992)])
@pytest.mark.parametrize("wishes", ["large=0&contrast=0", "large=1&contrast=1"])
def test_every_viewer_fits_its_screen(address: str, width: int, height: int, wishes: str) -> None:
    with browser(width, height) as page:
        page.goto(f"{address}/enter?{wishes}&lang=vi")
        for path in ITEMS:
            page.goto(f"{address}/items/trial/{path}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            if width > 700:
                low = """[...document.querySelectorAll('.slim .button, main .button')]
                  .filter(one => one.offsetParent && one.offsetHeight < 80).map(one => one.outerHTML)"""
                assert page.evaluate(low) == [], path
            if path in ("game", "rice", "small"):
                left = page.locator("iframe").bounding_box()
                assert left is not None and left["height"] >= height - 100 and left["width"] >= width - 1
            if path == "film" and width > 700:
                bottom = page.locator("[data-act=play]").bounding_box()
                assert bottom is not None and bottom["y"] + bottom["height"] <= height


def test_each_page_of_ours_is_light(address: str) -> None:
    for path in ITEMS:
        with browser(1024, 704) as page:
            sizes: dict[str, int] = {}

            def count(answer: Response, got: dict[str, int] = sizes) -> None:
                if "/inside/" not in answer.url and answer.url.startswith("http"):
                    got[answer.url] = len(answer.body())

            page.on("response", count)
            page.goto(f"{address}/items/trial/{path}", wait_until="networkidle")
            assert 0 < sum(sizes.values()) <= 150_000, (path, sizes)


def test_where_one_was_is_kept_in_the_browser_only(page: Page, address: str, shelf: Path) -> None:
    sent: list[str] = []
    before = {path: path.stat().st_mtime_ns for path in shelf.rglob("*")}
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data} {request.all_headers()}"))
    page.goto(f"{address}/items/trial/wash")
    page.evaluate("scrollTo(0, 900)")
    until(page, "localStorage.getItem('at:trial/wash')")
    share = page.evaluate("localStorage.getItem('at:trial/wash')").lstrip("#")
    page.goto(f"{address}/items/trial/wash")
    page.get_by_role("link", name="Xem tiếp chỗ đang dở").click()
    until(page, "scrollY > 500")
    assert share not in " ".join(sent)
    assert {path: path.stat().st_mtime_ns for path in shelf.rglob("*")} == before
