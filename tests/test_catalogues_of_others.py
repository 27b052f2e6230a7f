"""Feeds of Kiwix and calibre come in whole: from a folder, from a library of calibre, and over the network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.content.imports import Imported, add
from kiosk.content.items import Item
from kiosk.content.library import Library
from kiosk.content.opds1 import entries, pages
from kiosk.content.shelves import Shelves
from kiosk.errors import KioskError
from tests.feed_support import ROOT, calibre, kiwix, web
from tests.hostile_packs import jpeg, png
from tests.pack_support import epub, pdf
from tests.viewer_support import archive

DAY = "2026-11-20"
BOOKS = {
    7: ("Sổ tay lúa nước", "Nguyễn Văn Lúa", ("pdf", "epub", "mobi")),
    12: ("Chuyện làng", "Trần Thị Làng", ("pdf",)),
    31: ("Sách khóa", "Lê Khóa", ("mobi",)),
}
LEAFLET = pdf([b"Trang mot cua cuon sach nay", b"Trang hai noi ve ngo va khoai"])


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    return Shelves(tmp_path / "content")


@pytest.fixture(scope="module")
def small_zim(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return archive(tmp_path_factory.mktemp("zim") / "small.zim", 4).read_bytes()


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    return epub(tmp_path / "made.epub", {"Gieo mạ": "<h1>Gieo mạ</h1><p>Ủ mầm qua đêm.</p>"}).read_bytes()


@pytest.fixture
def library(shelves: Shelves) -> Iterator[Library]:
    made = Library(shelves.root)
    yield made
    made.close()


def items(shelves: Shelves) -> dict[str, Item]:
    return {item.id: item for pack in shelves.packs() for item in pack.items}


def bring(shelves: Shelves, source: Path | str) -> Imported:
    return add(shelves, source, DAY, "edu")


def test_a_saved_feed_of_kiwix_with_its_archives_beside_it(
    shelves: Shelves, tmp_path: Path, small_zim: bytes, library: Library
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "kho.xml").write_bytes(kiwix(range(0, 3), 120, "https://download.example"))
    for number in (0, 1):
        (folder / f"bach_khoa_vi_{number}.zim").write_bytes(small_zim)
    made = bring(shelves, folder / "kho.xml")
    assert made.items == 2 and made.pack == "kho"
    assert made.problems == (
        "Bách khoa 2: its file is not beside the catalogue: "
        "https://download.example/zim/wikipedia/bach_khoa_vi_2.zim.meta4",
        "3 of the catalogue's 120 entries are in this file",
    )
    one = items(shelves)["kho/bach_khoa_vi_0"]
    assert (one.title, one.format, one.language, one.author, one.source, one.summary) == (
        "Bách khoa 0", "zim", "vi", "Nhóm biên soạn", "Nhà làm kho", "Bộ bài số 0."
    )  # fmt: skip
    assert library.search("bach khoa").hits[0].item.id.startswith("kho/bach_khoa_vi_")
    assert library.search("ngo").hits[0].why == "inside"


def test_a_feed_inside_a_library_of_calibre(shelves: Shelves, tmp_path: Path, book: bytes, library: Library) -> None:
    """Its addresses have only the number of a book; its folders end in that number."""
    folder = tmp_path / "Calibre Library"
    for number, name in ((7, "Nguyen Van Lua/So tay lua nuoc (7)"), (12, "Tran Thi Lang/Chuyen lang (12)")):
        (folder / name).mkdir(parents=True)
        (folder / name / "cover.jpg").write_bytes(jpeg(600, 800))
        (folder / name / f"sach {number}.pdf").write_bytes(LEAFLET)
    (folder / "Nguyen Van Lua/So tay lua nuoc (7)/sach 7.epub").write_bytes(book)
    (folder / "opds.xml").write_bytes(calibre(BOOKS))
    made = bring(shelves, folder / "opds.xml")
    assert made.items == 2
    assert made.problems == ("Sách khóa: no format that the menu can open: application/x-mobipocket-ebook",)
    one = items(shelves)["opds/sach_7"]
    assert (one.title, one.format, one.author, one.language) == ("Sổ tay lúa nước", "epub", "Nguyễn Văn Lúa", "vi")
    assert one.poster.endswith("(7)/cover.jpg") and one.summary == "TAGS: nông nghiệp Kể về Sổ tay lúa nước."
    assert library.search("u mam").hits[0].address == "/items/opds/sach_7#chapter=1"
    assert library.search("ngo va khoai").hits[0].address == "/items/opds/sach_12#page=2"


@pytest.mark.slow
def test_saved_pages_that_follow_one_another(shelves: Shelves, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    for place, (number, following) in enumerate(((7, "trang2.xml"), (12, "trang3.xml"), (31, ""))):
        name = "trang1.xml" if not place else f"trang{place + 1}.xml"
        text = calibre({number: (BOOKS[number][0], "A", ("pdf",))}, following).decode()
        (folder / name).write_text(text.replace(f"/get/pdf/{number}/Kho", f"sach%20{number}.pdf"), encoding="utf-8")
        (folder / f"sach {number}.pdf").write_bytes(LEAFLET)
    assert bring(shelves, folder / "trang1.xml").items == 3


def test_calibre_over_the_network_page_by_page(shelves: Shelves, book: bytes, library: Library) -> None:
    def answer(path: str, asked: dict[str, str]) -> tuple[str, bytes] | str | None:
        match path.split("/")[1:]:
            case ["opds"]:
                return "application/atom+xml", ROOT.encode()
            case ["opds", "navcatalog", _]:
                second = asked.get("offset") == "2"
                shown = {number: BOOKS[number] for number in ((31,) if second else (7, 12))}
                onward = "" if second else "/opds/navcatalog/4f7469746c65?library_id=Kho&amp;offset=2"
                return "application/atom+xml", calibre(shown, onward)
            case ["get", "epub", "7", "Kho"]:
                return "application/epub+zip", book
            case ["get", "pdf", _, "Kho"]:
                return "application/pdf", LEAFLET
            case ["get", "cover", "7", "Kho"]:
                return "image/jpeg", jpeg(600, 800)
        return None

    with web(answer) as (address, asked):
        with pytest.raises(KioskError, match="list of catalogues.*Theo Title http://127.0.0.1:"):
            bring(shelves, f"{address}/opds")
        made = bring(shelves, f"{address}/opds/navcatalog/4f7469746c65?library_id=Kho")
    assert (made.items, len(made.problems)) == (2, 1)
    found = {item.title: item for item in items(shelves).values()}
    assert found["Sổ tay lúa nước"].format == "epub" and found["Sổ tay lúa nước"].poster.endswith("cover.jpg")
    assert found["Chuyện làng"].format == "pdf" and found["Chuyện làng"].poster == ""
    assert library.search("u mam").hits[0].item.title == "Sổ tay lúa nước"
    assert not any("/get/mobi/" in one or "/get/pdf/7" in one for one in asked), "only what is opened is fetched"


def test_kiwix_over_the_network_which_names_no_next_page(shelves: Shelves, small_zim: bytes) -> None:
    """And whose files break off: each goes on where it stopped."""

    def answer(path: str, asked: dict[str, str]) -> tuple[str, bytes] | str | None:
        if path == "/catalog/v2/entries":
            start = int(asked.get("start", 0))
            return "application/atom+xml", kiwix(range(start, min(5, start + 2)), 5, address, len(small_zim))
        if path.startswith("/zim/wikipedia/") and path.endswith(".zim"):
            return f"/mirror{path}"
        if path.startswith("/mirror/"):
            return "application/octet-stream", small_zim
        return ("image/png", png(48, 48)) if "/illustration/" in path else None

    with web(answer, cut=10_000) as (address, asked):
        told: list[tuple[str, int, int]] = []
        made = add(shelves, f"{address}/catalog/v2/entries?lang=vie", DAY, "edu",
                   lambda step, _name, done, whole: told.append((step, done, whole)))  # fmt: skip
    assert made.items == 5 and made.problems == ()
    assert sorted(item.title for item in items(shelves).values()) == [f"Bách khoa {n}" for n in range(5)]
    assert [one for one in asked if "entries" in one] == [
        "/catalog/v2/entries?lang=vie", "/catalog/v2/entries?lang=vie&start=2", "/catalog/v2/entries?lang=vie&start=4"
    ]  # fmt: skip
    assert sum("bytes=10000-" in one for one in asked) >= 5, "nothing was fetched twice"
    assert ("fetch", len(small_zim), len(small_zim)) in told
    assert not shelves.staging.exists()


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        (lambda address: calibre(BOOKS, f"{address}/"), "circle"),
        (lambda _address: b"<html><body>Not found</body></html>", "no OPDS catalogue: html"),
        (lambda _address: b"{}", "no OPDS catalogue"),
        (lambda _address: b'<!DOCTYPE feed [<!ENTITY a "b">]><feed/>', "entities"),
    ],
)  # fmt: skip
def test_what_is_no_catalogue_is_refused_in_words(shelves: Shelves, feed: "object", said: str) -> None:
    with web(lambda _path, _asked: ("application/atom+xml", feed(address))) as (address, _seen):  # type: ignore[operator]
        with pytest.raises(KioskError, match=said):
            bring(shelves, f"{address}/")
    assert shelves.packs() == [] and list(shelves.objects.all()) == []


def test_an_address_leads_to_the_web_and_never_to_files_of_this_pc(shelves: Shelves, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(LEAFLET)

    def answer(path: str, _asked: dict[str, str]) -> tuple[str, bytes] | str | None:
        if path == "/away":
            return secret.as_uri()
        text = calibre({7: ("A", "B", ("pdf",)), 8: ("C", "D", ("pdf",)), 9: ("E", "F", ("pdf",))}).decode()
        text = text.replace("/get/pdf/7/Kho", secret.as_uri()).replace("/get/pdf/8/Kho", "/away")
        return ("application/atom+xml", text.encode()) if path == "/feed" else (
            ("application/pdf", LEAFLET) if path == "/get/pdf/9/Kho" else None
        )  # fmt: skip

    with web(answer) as (address, _asked):
        made = bring(shelves, f"{address}/feed")
    assert made.items == 1 and [item.title for item in items(shelves).values()] == ["E"]


def test_nobody_at_the_address_is_a_sentence(shelves: Shelves) -> None:
    with web(lambda _path, _asked: None) as (address, _asked):
        with pytest.raises(KioskError, match="cannot be fetched: 404"):
            bring(shelves, f"{address}/feed")
    with pytest.raises(KioskError, match="cannot be fetched"):
        bring(shelves, f"{address}/feed")


def test_a_file_larger_than_the_disk_is_not_begun(
    shelves: Shelves, small_zim: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.content.opds1 import fetch

    monkeypatch.setattr(fetch, "SPARE", 1 << 62)

    def answer(path: str, _asked: dict[str, str]) -> tuple[str, bytes] | None:
        return ("application/atom+xml", kiwix(range(1), 1, address)) if path == "/f" else ("application/zim", small_zim)

    with web(answer) as (address, _asked), pytest.raises(KioskError, match="no room"):
        bring(shelves, f"{address}/f")


def test_too_many_entries_are_refused(shelves: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f.xml").write_bytes(kiwix(range(12), 12, "https://x.example"))
    monkeypatch.setattr(pages, "MAX_ENTRIES", 11)
    with pytest.raises(KioskError, match="more than 11 entries"):
        bring(shelves, tmp_path / "f.xml")


def test_what_costs_money_is_told_and_not_taken() -> None:
    page = entries.read_page(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Dear</title>
        <link rel="http://opds-spec.org/acquisition/buy" type="application/epub+zip" href="b.epub"/></entry>
        <entry><title>None</title><link rel="alternate" href="x.html"/></entry></feed>"""
    )
    assert [entry.why_not for entry in page.entries] == ["it has to be bought or borrowed", "it has no file to open"]
