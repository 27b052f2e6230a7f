"""A pack's page may frame another page of its pack, and its PDFs open in the browser's own reader; in archives too."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from web_faces import Station, browser, served

from kiosk.content.checks.zim_header import zim_trouble
from kiosk.content.file_kinds import picture_kind
from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.content.zim_direct import place_of
from kiosk.content.zim_reading import LONG, ZimReader
from kiosk.service.menu import create_menu
from tests.hostile_packs import png
from tests.pack_support import SHARED, pack, pdf
from tests.viewer_support import archive

pytestmark = pytest.mark.slow

LEAFLET = pdf([b"Trang mot cua to roi", b"Trang hai cua to roi"])
LARGE = b"<h1>L</h1>" + os.urandom(600_000).hex().encode()
FILM = b"\x1a\x45\xdf\xa3" + os.urandom(3_000_000)
HOME = """<!doctype html><html lang="vi"><title>Trang</title><body><h1>Trang đầu</h1>
<a href="doc/leaflet.pdf">Tờ rơi</a>
<iframe src="part.html" title="phần"></iframe><iframe src="doc/leaflet.pdf" title="tờ rơi"></iframe>
<iframe src="/inside/other/text/secret.svg" title="gói khác"></iframe><iframe src="/" title="thực đơn"></iframe>"""
MANIFEST = """id = "trial"\ntheme = "edu"
[[item]]\ntitle = "Trang"\nfile = "site/index.html"
[[item]]\ntitle = "Kho"\nfile = "kho.zim"
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("library")
    folder = pack(home / "trial", MANIFEST, {
        "site/index.html": HOME, "site/part.html": "<p id='said'>Một phần</p>", "site/doc/leaflet.pdf": LEAFLET,
    })  # fmt: skip
    link = "<h1>Bài PDF</h1><a href='leaflet.pdf'>Tờ rơi</a>".encode()
    archive(folder / "kho.zim", 3, extra={
        "A/leaflet.pdf": ("application/pdf", LEAFLET), "A/with_link": ("text/html", link),
        "A/large": ("text/html", LARGE), "A/film.webm": ("video/webm", FILM),
        "A/packed.txt": ("text/plain", b"0123456789" * 200_000),
    })  # fmt: skip
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><text>s</text></svg>"
    manifest = 'id = "other"\ntheme = "edu"\n[[item]]\ntitle = "T"\nfile = "text.html"\n'
    other = pack(home / "other", manifest, {"text.html": "<p>x</p>", "secret.svg": drawing})
    for one in (folder, other):
        add(Shelves(home / "content"), one, "2026-11-20")
    return home / "content"


@pytest.fixture
def library(shelf: Path) -> Iterator[Library]:
    found = Library(shelf)
    yield found
    found.close()


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_menu(Station(), library).test_client()


@pytest.fixture
def page(library: Library) -> Iterator[Page]:
    with served(create_menu(Station(), library)) as address, browser(1024, 704) as page:
        page.goto(f"{address}/enter?lang=vi&large=0&contrast=0")
        yield page


def reader_of(page: Page) -> str:
    """Which document the browser's own reader of PDFs shows."""
    for _ in range(100):
        if any(frame.url.startswith("chrome-extension://") for frame in page.frames):
            return page.locator("iframe").get_attribute("src") or ""
        page.wait_for_timeout(100)
    raise AssertionError([frame.url for frame in page.frames])


@pytest.mark.slow
def test_a_page_frames_its_own_pack_and_nothing_else(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/items/trial/site")
    inner = page.frame_locator("main iframe")
    expect(inner.frame_locator("[title='phần']").locator("#said")).to_have_text("Một phần")
    expect(inner.frame_locator("[title='tờ rơi']").get_by_role("button", name="Mở tài liệu")).to_be_visible()
    urls = [frame.url for frame in page.frames]
    assert [
        url for url in urls if "secret.svg" in url or url.removeprefix("http://").count("/") == 1 and "http" in url
    ] == []
    inner.frame_locator("[title='tờ rơi']").get_by_role("button", name="Mở tài liệu").press("Enter")
    assert reader_of(page).endswith("/inside/trial/site/site/doc/leaflet.pdf#view=FitH")


@pytest.mark.slow
@pytest.mark.parametrize("item", ["site", "kho/in/A/with_link"])
def test_a_link_to_a_document_opens_it_with_the_way_back(page: Page, item: str) -> None:
    page.goto(page.url.rstrip("/") + f"/items/trial/{item}")
    page.frame_locator("main iframe").get_by_role("link", name="Tờ rơi").press("Enter")
    expect(page).to_have_url(re.compile("leaflet.pdf"))
    assert "leaflet.pdf#" in reader_of(page)
    page.get_by_role("link", name="Quay lại").click()
    expect(page).to_have_url(re.compile(f"/items/trial/{item.partition('/')[0]}\\?again=1$"))
    expect(page.frame_locator("main iframe").get_by_role("heading", level=1)).to_be_visible()


def ask(client: FlaskClient, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    sent = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = client.get(path, headers=sent, buffered=True)
    return answer.status_code, answer.get_data(), dict(answer.headers)


@pytest.mark.slow
def test_who_asks_for_a_document_gets_what_they_can_show(client: FlaskClient) -> None:
    place = "/inside/trial/site/site/doc/leaflet.pdf"
    own = {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "same-origin"}
    within = {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "cross-site"}
    status, data, headers = ask(client, place, **own)
    assert (status, data) == (200, LEAFLET) and headers["X-Frame-Options"] == "SAMEORIGIN"
    status, data, headers = ask(client, place, **within)
    assert status == 200 and b"postMessage" in data and headers["Content-Security-Policy"].startswith("sandbox")
    status, _data, headers = ask(client, place, Sec_Fetch_Dest="document", Sec_Fetch_Site="none")
    assert (status, headers["Location"]) == (303, "/items/trial/site/in/site/doc/leaflet.pdf?again=1")


def test_a_frame_of_a_page_is_as_shut_in_as_the_page(client: FlaskClient) -> None:
    within = {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "cross-site"}
    _status, _data, nested = ask(client, "/inside/trial/site/site/part.html", **within)
    _status, _data, first = ask(client, "/inside/trial/site/site/part.html")
    assert nested["Content-Security-Policy"] + "; frame-ancestors 'self'" == first["Content-Security-Policy"]
    assert nested["Connection-Allowlist"] == first["Connection-Allowlist"]
    assert first["Connection-Allowlist"] == '("http://127.0.0.1/inside/trial/site/*");redirects=allow'
    _status, _data, menu = ask(client, "/", **within)
    assert menu["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in menu["Content-Security-Policy"]


def test_a_film_in_an_archive_is_sent_from_where_it_lies(client: FlaskClient, library: Library) -> None:
    place = "/inside/trial/kho/A/film.webm"
    assert ask(client, place)[1] == FILM
    status, data, headers = ask(client, place, Range="bytes=1000000-1000099")
    assert (status, data) == (206, FILM[1_000_000:1_000_100])
    assert headers["Content-Range"] == f"bytes 1000000-1000099/{len(FILM)}"
    item = library.item("trial/kho")
    assert item is not None
    reader, path = ZimReader(), library.file(item)[0]
    film, packed = reader.page(path, "A/film.webm"), reader.page(path, "A/packed.txt")
    assert film.place is not None and film.place[1] == len(FILM) > LONG and film.data == b""
    assert packed.place is None and len(packed.data) == 2_000_000
    large = reader.page(path, "A/large")
    assert large.place is None and len(large.data) == len(LARGE), "our own lines are added to a page, so it is read"
    assert ask(client, "/inside/trial/kho/A/large")[1].startswith(LARGE + b"\n<script>")
    assert ask(client, "/inside/trial/kho/A/packed.txt", Range="bytes=5-9")[1] == b"56789"


def test_what_is_packed_and_too_large_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(client, "/inside/trial/kho/A/packed.txt")[0] == 200
    monkeypatch.setattr("kiosk.content.zim_reading.LARGEST", 1_000_000)
    status, page, headers = ask(client, "/inside/trial/kho/A/packed.txt")
    assert status == 413 and "quá lớn" in page.decode().replace("\u00a0", " ")
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert ask(client, "/inside/trial/kho/A/film.webm")[0] == 200, "a film is not packed and is sent from its place"
    assert "Không tìm thấy" in ask(client, "/inside/trial/kho/A/nothing")[1].decode().replace("\u00a0", " ")


def test_where_entries_lie_is_right_for_every_entry_of_real_archives(library: Library) -> None:
    """Of the archive that is made here, and of the shared real ones where they lie beside the checkout."""
    from libzim.reader import Archive

    item = library.item("trial/kho")
    assert item is not None
    direct = 0
    for path in (library.file(item)[0], *sorted((SHARED / "zim").glob("*.zim"))):
        assert zim_trouble(path, path.name) == ""
        archive = Archive(path)
        for number in range(archive.all_entry_count):
            entry = archive._get_entry_by_id(number)
            if entry.is_redirect:
                assert place_of(path, number) is None
                continue
            found = entry.get_item()
            place = place_of(path, found._index)
            if place is not None:
                direct += 1
                with open(path, "rb") as file:
                    file.seek(place[0])
                    assert file.read(place[1]) == bytes(found.content), entry.path
    print(f"{direct} entries read directly")
    assert direct >= 1


def test_a_picture_in_a_book_that_would_fill_the_memory_is_not_shown() -> None:
    assert picture_kind(png(600, 600)) == "image/png" and picture_kind(png(60_000, 60_000)) == ""


def test_where_an_entry_lies_is_none_for_what_is_no_archive(tmp_path: Path, library: Library) -> None:
    (tmp_path / "x.zim").write_bytes(b"ZIM\x04" + os.urandom(200))
    assert place_of(tmp_path / "x.zim", 0) is None and place_of(tmp_path / "missing", 0) is None
    item = library.item("trial/kho")
    assert item is not None
    path = library.file(item)[0]
    assert place_of(path, -1) is None and place_of(path, 1 << 30) is None
