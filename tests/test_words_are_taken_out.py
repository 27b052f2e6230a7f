"""The words inside files: pages of PDFs, chapters of EPUBs, spoken lines, ZIM archives; scans and old fonts are seen."""  # noqa: E501

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_support import CONTAINER, SHARED, epub, pack, pdf, real_texts

from kiosk.content.extract.epub_text import parts_of_epub
from kiosk.content.extract.html_text import decode, read_html
from kiosk.content.extract.legacy_fonts import _TCVN3, encoding_of, is_syllable, reads_well, to_unicode
from kiosk.content.extract.pdf_text import judged, parts_of_pdf
from kiosk.content.extract.subtitles import lines_of, parts_of_lines
from kiosk.content.folding import words
from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.safe_xml import UnsafeXml, parse
from kiosk.content.shelves import Shelves
from kiosk.content.zim import variants

OLD = "Hướng dẫn trồng lúa nước và chăm sóc đàn gà, vịt, ngan, ngỗng.\nNước sạch cho mọi nhà; đường làng ngõ xóm sạch đẹp."  # noqa: E501
TCVN3 = {letter: sign for sign, letter in _TCVN3.items()}
VNI = "Höôùng daãn troàng luùa nöôùc vaø chaêm soùc ñaøn gaø, vòt, ngan, ngoãng. Ñöôøng laøng ngoõ xoùm saïch ñeïp."


def in_tcvn3(text: str) -> bytes:
    return "".join(TCVN3.get(char, char) for char in text).encode("latin-1")


def file(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_pdf_gives_its_words_by_page(tmp_path: Path) -> None:
    found = parts_of_pdf(file(tmp_path, "a.pdf", pdf([b"The first page says hello", b"The second one says goodbye"])))
    assert [(part.place, part.text) for part in found.parts] == [
        ("page=1", "The first page says hello"), ("page=2", "The second one says goodbye"),
    ]  # fmt: skip
    assert (found.pages, found.notes) == (2, ())


def test_a_scan_is_told_and_not_indexed(tmp_path: Path) -> None:
    found = parts_of_pdf(file(tmp_path, "a.pdf", pdf([b""] * 9 + [b"7"])))
    assert (found.parts, found.pages, found.notes) == ((), 10, ("scanned",))
    assert judged([("Một trang có đủ chữ để đọc được.", ()), ("", ())]).notes == ("partly_scanned",)


@pytest.mark.parametrize("font", [".VnTime", "ABCDEF+.VnArialH", "Times-Roman"])
def test_a_pdf_in_tcvn3_becomes_unicode_or_is_told(tmp_path: Path, font: str) -> None:
    found = parts_of_pdf(file(tmp_path, "a.pdf", pdf([in_tcvn3(OLD)], font)))
    assert found.notes == ("converted",)
    assert " ".join(found.parts[0].text.split()) == " ".join(OLD.split())


def test_an_old_font_that_does_not_become_vietnamese_is_not_indexed() -> None:
    found = judged([("§µ¸ q®zw ¸¸¸k jµµµx ©©© ww®® zzµµ " * 5, (".VnTime",))])
    assert (found.parts, found.notes) == ((), ("legacy_font",))


def test_vni_becomes_unicode() -> None:
    assert encoding_of(VNI, ("VNI-Times",)) == encoding_of(VNI) == "vni"
    assert to_unicode(VNI, "vni").startswith("Hướng dẫn trồng lúa nước và chăm sóc đàn gà, vịt")
    assert reads_well(to_unicode(VNI, "vni"))


@pytest.mark.slow
def test_text_in_unicode_is_never_taken_for_an_old_font() -> None:
    for one in real_texts():
        assert encoding_of(one.text[:4_000]) == "", one.title
    assert encoding_of("Être né à Genève, où l’été fût déjà là: façon, œuvre, naïf " * 4) == ""


@given(
    st.sampled_from(
        [word for one in real_texts()[:8] for word in words(one.text) if is_syllable(word) and word.islower()]
    )
)
def test_each_word_survives_the_way_to_tcvn3_and_back(word: str) -> None:
    assert to_unicode(in_tcvn3(word).decode("latin-1"), "tcvn3") == word


def test_the_guides_read_as_vietnamese_and_old_fonts_do_not() -> None:
    for one in real_texts()[:8]:
        assert reads_well(one.text), one.title
    assert not reads_well(VNI) and not reads_well(in_tcvn3(OLD).decode("latin-1"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 rubbish", b"%PDF-" + b"\0" * 5_000, pdf([b"cut"])[:200]])
def test_a_broken_pdf_costs_its_words_only(tmp_path: Path, data: bytes) -> None:
    assert parts_of_pdf(file(tmp_path, "a.pdf", data)).notes == ("unreadable",)


def test_a_book_gives_its_words_by_chapter_with_titles(tmp_path: Path) -> None:
    book = epub(tmp_path / "b.epub", {"Mở đầu": "<p>Chào bà con.</p>", "Ủ mạ": "<h1>x</h1><p>Ngâm<br/>hai đêm.</p>"})
    found = parts_of_epub(book)
    assert [(part.place, part.label) for part in found.parts] == [("chapter=1", "Mở đầu"), ("chapter=2", "Ủ mạ")]
    assert found.parts[1].text == "x\nNgâm\nhai đêm."


def test_a_hostile_book_costs_its_words_only(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE c [<!ENTITY a "aaaa">]>' + CONTAINER.partition("?>")[2].replace("OEBPS", "&a;")
    assert parts_of_epub(epub(tmp_path / "b.epub", {"A": "x"}, bomb)).notes == ("unreadable",)
    assert parts_of_epub(epub(tmp_path / "c.epub", {"A": "x"}, CONTAINER.replace("book.opf", "../../x"))).notes == (
        "unreadable",
    )
    assert parts_of_epub(file(tmp_path, "d.epub", b"PK rubbish")).notes == ("unreadable",)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://x.example/">%x;]><a/>',
        '<a xmlns:xi="http://www.w3.org/2001/XInclude">&undefined;</a>',
        "<a>" * 200 + "</a>" * 200,
        "<a><b></a></b>",
        "",
    ],
)
def test_xml_that_harms_is_refused(text: str) -> None:
    with pytest.raises(UnsafeXml):
        parse(text.encode())


def test_plain_xml_with_a_document_type_is_read() -> None:
    root = parse(
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://x.example/x.dtd"><html xmlns="u"><p a="1">x</p></html>'  # noqa: E501
    )
    assert root.tag == "{u}html" and root[0].get("a") == "1" and root[0].text == "x"


def test_subtitles_give_words_with_their_times() -> None:
    srt = "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Xin chào</i>\r\n\r\n2\r\n01:00:00,000 --> 01:00:01,000\r\nHết.\r\n"
    assert lines_of(srt) == [(1.5, "Xin chào"), (3600.0, "Hết.")]
    vtt = "WEBVTT\n\nNOTE không đọc\n\nSTYLE\n::cue{}\n\nid7\n00:02.000 --> 00:04.000 align:start\n<v Lan>Một &amp; hai\nba"  # noqa: E501
    assert lines_of(vtt) == [(2.0, "Một & hai ba")]
    parts = parts_of_lines([(second, f"câu {second}") for second in range(0, 100, 10)])
    assert [(part.place, part.label) for part in parts] == [
        ("t=0", "0:00"),
        ("t=30", "0:30"),
        ("t=60", "1:00"),
        ("t=90", "1:30"),
    ]
    assert parts_of_lines([]) == ()


def test_a_page_is_cut_at_headings_that_one_can_go_to() -> None:
    parts = read_html(
        "<title>no</title><p>Đầu</p><h2 id='x'>Hai</h2><p>thân<script>no()</script></p><h2>Ba</h2>cuối<style>no</style>"
    )
    assert [(part.place, part.label, part.text) for part in parts] == [
        ("", "", "Đầu"),
        ("x", "Hai", "Hai\nthân\nBa\ncuối"),
    ]


def test_a_page_says_how_its_letters_are_written() -> None:
    assert decode(b"<meta charset=windows-1258>" + "đ".encode("cp1258")).endswith("đ")
    assert decode("\ufeffđá".encode()) == "đá"
    assert decode(b"<meta charset=nonsense>" + "đá".encode()).endswith("đá")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("duong", ["duong", "đuong"]),
        ("Đường sắt", ["đuong sat", "duong sat"]),
        ("dòng", ["dong"]),  # typed with a mark, so this d is meant
        ("di dan", ["di dan", "di đan", "đi dan", "đi đan"]),
        ("", []),
    ],
)
def test_archives_are_asked_without_marks_and_with_every_reading_of_d(typed: str, asked: list[str]) -> None:
    assert variants(typed) == asked
    assert len(variants("d " * 6)) <= 8


def made_zim(path: Path) -> Path:
    """A small archive with both indexes, as zimwriterfs makes them."""
    from libzim.writer import Creator, Hint, Item, StringProvider

    class Page(Item):  # type: ignore[misc]
        def __init__(self, title: str, text: str) -> None:
            super().__init__()
            self.title, self.text = title, text

        def get_path(self) -> str:
            return self.title.replace(" ", "_")

        def get_title(self) -> str:
            return self.title

        def get_mimetype(self) -> str:
            return "text/html"

        def get_contentprovider(self) -> StringProvider:
            return StringProvider(
                f"<html><head><title>{self.title}</title></head><body><p>{self.text}</p></body></html>"
            )

        def get_hints(self) -> dict[Hint, bool]:
            return {Hint.FRONT_ARTICLE: True}

    with Creator(str(path)).config_indexing(True, "vie") as creator:
        creator.set_mainpath("Đường_sắt")
        creator.add_item(Page("Đường sắt", "Tàu hỏa chạy trên đường ray."))
        creator.add_item(Page("Dòng sông", "Nước chảy về biển Đông."))
    return path


def test_what_stands_in_an_archive_is_found_with_the_rest(tmp_path: Path) -> None:
    made = made_zim(tmp_path / "a.zim")
    folder = pack(tmp_path / "p", 'id = "kho"\ntheme = "edu"\n[[item]]\ntitle = "Bách khoa"\nfile = "a.zim"\n[[item]]\ntitle = '  # noqa: E501
                  '"Đi tàu hỏa"\nfile = "t.html"', {"a.zim": made.read_bytes(), "t.html": "<p>Mua vé.</p>"})  # fmt: skip  # noqa: E501
    add(Shelves(tmp_path / "content"), folder, "2026-11-20")
    library = Library(tmp_path / "content")
    for typed in ("duong sat", "Đường sắt", "ĐƯỜNG SẮT", "duong ray"):
        labels = [hit.label for hit in library.search(typed).hits if hit.why == "inside"]
        assert labels[:1] == ["Đường sắt"], typed
    hits = library.search("tau hoa").hits
    assert [hit.why for hit in hits][:2] == ["title", "inside"]
    assert hits[1].address == "/items/kho/a/in/%C4%90%C6%B0%E1%BB%9Dng_s%E1%BA%AFt"
    json.dumps(library.search("tau hoa").as_data())
    library.close()


def test_real_archives_are_searched_where_they_lie_beside_the_checkout(tmp_path: Path) -> None:
    """Only with the shared data: they enlarge the test above, which every checkout runs."""
    zims = sorted((SHARED / "zim").glob("*.zim"))
    if not zims:
        print("no shared ZIM files here; the archive made above stands alone")
        return
    manifest = 'id = "kho"\ntheme = "edu"' + "".join(
        f'\n[[item]]\ntitle = "Kho {n}"\nfile = "{n}.zim"' for n, _zim in enumerate(zims)
    )
    add(
        Shelves(tmp_path / "content"),
        pack(tmp_path / "p", manifest, {f"{n}.zim": zim.read_bytes() for n, zim in enumerate(zims)}),
        "",
    )
    library = Library(tmp_path / "content")
    assert [hit.why for hit in library.search("main").hits].count("inside") >= 1
    library.close()


@pytest.mark.slow
def test_chromiums_own_pdf_of_vietnamese_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<meta charset=utf-8><p>Đường làng ngõ xóm sạch đẹp, nước về ruộng đủ.", encoding="utf-8"
    )
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={tmp_path / 'a.pdf'}",
               f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer", (tmp_path / "a.html").as_uri()]  # fmt: skip  # noqa: E501
    subprocess.run(command, check=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert "Đường làng ngõ xóm sạch đẹp, nước về ruộng đủ." in parts_of_pdf(tmp_path / "a.pdf").parts[0].text
