"""The menu in a real browser: light, alone in the world, readable, and usable by keyboard and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect
from web_faces import Station, browser, free, look, served

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from kiosk.translations import web_ui_dir

pytestmark = pytest.mark.slow

PAGES = (
    "/",
    "/search?q=lua",
    "/search?q=zzz",
    "/themes/health",
    "/items/starter/health_oresol",
    "/items/starter/skill_chuot_ban_phim",
    "/nothing",
)

# Of every piece of text: its colour, and the first ground under it that is painted.
CONTRASTS = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/^rgba.*, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.getClientRects().length || e.closest('script, style, noscript')) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    const size = parseFloat(getComputedStyle(e).fontSize);
    found.push([(a + .05) / (b + .05), size, walker.currentNode.data.trim().slice(0, 40)]);
  } return found; }"""


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def address(station: Station) -> Iterator[str]:
    catalogue = Library.of_folders(web_ui_dir().parent / "policies" / "starter")
    with served(create_menu(station, catalogue)) as address:
        yield address


def test_a_citizen_reads_a_guide_larger_and_comes_back(address: str, station: Station) -> None:
    with browser(1024, 704) as page:
        complaints = look(page, address)
        page.goto(f"{address}/enter?lang=vi&large=0&contrast=0")
        page.get_by_role("link", name="Sức khỏe").click()
        page.get_by_role("link", name="Pha và uống oresol").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Pha và uống oresol khi bị tiêu chảy")
        before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)")
        page.get_by_role("link", name="Chữ to").click()
        expect(heading).to_have_text("Pha và uống oresol khi bị tiêu chảy")
        after = page.evaluate("parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)")
        assert before >= 30 and after >= 36
        page.get_by_role("link", name="Quay lại").click()
        page.get_by_role("link", name="Quay lại").click()
        expect(page.get_by_role("heading", name="Quý vị muốn làm gì?")).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", name="What would you like to do?")).to_be_visible()
    assert station.opened == ["starter/health_oresol"]
    assert complaints == []


def box_of(one: Locator) -> FloatRect:
    box = one.bounding_box()
    assert box is not None
    return box


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


HEAD = 2 + 3  # the field and its button, the three wishes


def test_it_works_by_keyboard_alone_and_without_scripts(address: str) -> None:
    with browser(1024, 704, java_script_enabled=False) as page:
        page.goto(address)
        press(page, "Tab", HEAD + 3)  # the third subject
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Sức khỏe")).to_be_visible()
        press(page, "Tab", 1 + HEAD + 1)  # back is first, on every page but the first one
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pha và uống oresol khi bị tiêu chảy")
        press(page, "Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Sức khỏe")).to_be_visible()


def test_searching_works_by_keyboard_alone_and_without_scripts(address: str) -> None:
    with browser(1024, 704, java_script_enabled=False) as page:
        page.goto(f"{address}/themes/job")
        press(page, "Tab", 2)
        page.keyboard.type("duong may")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=duong+may")
        page.goto(f"{address}/search?q=oresol")
        expect(page.locator("mark").first).to_have_text("Oresol")
        page.get_by_role("link", name="Pha và uống oresol").click()
        page.get_by_role("link", name="Quay lại").click()
        page.wait_for_url("**/search?q=oresol")


def test_titles_are_offered_while_somebody_types_by_key_and_by_touch(address: str) -> None:
    with browser(1366, 704) as page:
        complaints = look(page, address)
        page.goto(address)
        field = page.get_by_role("combobox")
        field.press_sequentially("duong")
        field.fill("")
        field.press_sequentially("pha")
        offers = page.get_by_role("option")
        expect(offers.first).to_have_text("Pha và uống oresol khi bị tiêu chảy")
        assert offers.first.bounding_box()["height"] >= 80  # type: ignore[index]
        page.keyboard.press("Escape")
        expect(offers.first).to_be_hidden()
        field.fill("pha va")
        expect(offers.first).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(offers.first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pha và uống oresol khi bị tiêu chảy")
        page.get_by_role("link", name="Quay lại").click()
        expect(page.get_by_role("heading", name="Quý vị muốn làm gì?")).to_be_visible()
        page.get_by_role("combobox").press_sequentially("trong do")
        page.get_by_role("option").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Trống đồng Đông Sơn trên đất xứ Thanh")
        # Enter with nothing chosen is a search.
        page.get_by_role("combobox").fill("trong dong")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=trong+dong")
    assert complaints == []


def test_each_page_asks_nothing_from_elsewhere_and_is_light(address: str) -> None:
    for path in PAGES[:-1]:
        with browser(1024, 704) as page:
            sizes: list[int] = []
            addresses: list[str] = []
            page.on("response", lambda answer, got=sizes: got.append(len(answer.body())))
            page.on("request", lambda request, got=addresses: got.append(request.url))
            page.goto(address + path, wait_until="networkidle")
            assert addresses and all(one.startswith(address) for one in addresses)
            assert sum(sizes) <= 150_000
            inline = page.evaluate("[...document.scripts].filter(one => one.text || !one.src).length")
            assert inline == 0


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 704), (1366, 704), (1920, 992)])
@pytest.mark.parametrize("wishes", ["large=0&contrast=0", "large=1&contrast=1"])
def test_every_page_fits_its_screen(address: str, station: Station, width: int, height: int, wishes: str) -> None:
    with browser(width, height) as page:
        page.goto(f"{address}/enter?{wishes}&lang=vi")
        for station.state in (free(), free(online=False)):
            for path in PAGES:
                page.goto(address + path)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
                if width > 700:
                    small = page.evaluate(
                        """[...document.querySelectorAll(
                             '.top a, .top input, .top button, .tile, .chip, summary, main .button')]
                           .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 80)
                           .map(one => one.outerHTML)"""
                    )
                    assert small == [], path


def test_all_nine_doors_are_seen_at_once_on_the_smallest_screen(address: str, station: Station) -> None:
    for size in ((1024, 616), (1024, 704), (1366, 616), (1366, 704)):
        for online in (True, False):
            station.state = free(online=online)
            with browser(*size) as page:
                page.goto(address)
                doors = page.locator(".tiles .tile")
                assert doors.count() == 9
                assert all(box["y"] + box["height"] <= size[1] for box in map(box_of, doors.all())), (size, online)


@pytest.mark.parametrize(("contrast", "least"), [(0, 7.0), (1, 14.0)])
def test_all_text_stands_out_from_its_ground(address: str, station: Station, contrast: int, least: float) -> None:
    station.state = free(online=False)
    with browser(1366, 704) as page:
        page.goto(f"{address}/enter?contrast={contrast}&lang=vi")
        for path in PAGES:
            page.goto(address + path)
            for ratio, size, text in page.evaluate(CONTRASTS):
                assert ratio >= least, (path, text, ratio)
                assert size >= 24, (path, text, size)


def test_a_hostile_pack_does_nothing_in_a_browser(station: Station, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "pack.toml").write_text('id = "bad"\n[[item]]\ntitle = "<b>T</b>"\nfile = "a.html"\ntheme = "gov"\n')
    (folder / "a.html").write_text(
        "<p>text</p><img src=http://203.0.113.9/canary onerror=\"document.title='owned'\">"
        "<script>document.title='owned'</script><a href=\"javascript:document.title='owned'\">go</a>"
        "<p style='position:fixed'>x</p><base href=http://x/>"
    )
    with served(create_menu(station, Library.of_folders(folder))) as address, browser() as page:
        complaints = look(page, address)
        page.goto(f"{address}/items/bad/a", wait_until="networkidle")
        page.get_by_text("go", exact=True).click()
        assert page.title() == "<b>T</b>"
        assert page.url == f"{address}/items/bad/a"
    assert complaints == []


def test_a_guide_prints_without_buttons_and_in_black(address: str) -> None:
    with browser() as page:
        page.goto(f"{address}/items/starter/health_oresol")
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name="Quay lại")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
