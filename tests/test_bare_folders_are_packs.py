"""Pages, books and films for which nobody wrote a pack.toml come in, with what was assumed told; else a sentence."""

import zipfile
from pathlib import Path

import pytest

from kiosk.content.imports import add
from kiosk.content.items import Item
from kiosk.content.library import Library
from kiosk.content.page_facts import language_of, page_facts
from kiosk.content.shelves import Shelves
from kiosk.errors import KioskError
from tests.pack_support import epub, pack, pdf
from tests.test_packs_come_whole_or_not_at_all import zipped

DAY = "2026-11-20"
HOME = """<!doctype html><html lang="vi"><head><title>Nuôi cá
 trong ruộng</title><script>document.title = "x"</script></head><body><h1>Nuôi cá</h1><p>Cá ăn sâu.</p>
<a href="two.html">Trang sau</a></body></html>"""
SITE = {"index.html": HOME, "two.html": "<h1>Hai</h1>", "look/a.css": "h1 { color: red }"}


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    return Shelves(tmp_path / "content")


def bare(folder: Path, files: dict[str, bytes | str]) -> Path:
    pack(folder, "", files)
    (folder / "pack.toml").unlink()
    return folder


def items(shelves: Shelves) -> list[Item]:
    return [item for one in shelves.packs() for item in one.items]


@pytest.mark.parametrize("inside", ["", "deep/er/"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_folder_of_pages_is_a_small_site(shelves: Shelves, tmp_path: Path, inside: str, as_zip: bool) -> None:
    source = bare(tmp_path / "Nuôi cá", {inside + name: data for name, data in SITE.items()})
    made = add(shelves, zipped(source, tmp_path / "Nuôi cá.zip") if as_zip else source, DAY, "agri")
    [item] = items(shelves)
    assert (item.id, item.title, item.language, item.file) == (
        "nuoi_ca/nuoi_ca", "Nuôi cá trong ruộng", "vi", "index.html"
    )  # fmt: skip
    assert made.assumed == (
        "nuoi_ca/nuoi_ca: “Nuôi cá trong ruộng” (as the file says), language vi",
        "It begins at index.html.",
    )
    assert set(shelves.packs()[0].files) == set(SITE)
    library = Library(shelves.root)
    assert library.search("ca an sau").hits[0].item.id == item.id
    library.close()


def test_a_page_by_another_name_is_where_it_begins(shelves: Shelves, tmp_path: Path) -> None:
    for name in ("home.html", "Index.HTM", "bài.html"):
        made = add(shelves, bare(tmp_path / name, {name: HOME, "a.css": ""}), DAY, "agri")
        assert f"It begins at {name}." in made.assumed
    assert [item.file for item in items(shelves)] == ["index.html"] * 3


def test_a_folder_of_books_and_films_is_an_item_each(shelves: Shelves, tmp_path: Path) -> None:
    folder = bare(
        tmp_path / "Thư viện", {
            "so_tay-trong lua.pdf": pdf([b"Trang mot co mot it chu de doc"]), "phim.mp4": b"film",
            "phim.vtt": "WEBVTT\n",
            "phim.jpg": b"\xff\xd8\xff", "sub/phim.mp4": b"other", "note.txt": "x", "page.html": HOME,
        }
    )  # fmt: skip
    path = epub(folder / "b.epub", {"Một": "<p>Một.</p>"})
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    told = b"<metadata><t xmlns='http://purl.org/dc/elements/1.1/'/></metadata>"
    told = told.replace(b"<t xmlns='http://purl.org/dc/elements/1.1/'/>", b"".join(
        b"<%s xmlns='http://purl.org/dc/elements/1.1/'>%s</%s>" % (name, text.encode(), name)
        for name, text in ((b"title", "Truyện làng"), (b"language", "en"))
    ))  # fmt: skip
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data.replace(b"<metadata/>", told))
    made = add(shelves, folder, DAY, "culture")
    found = {item.id: item for item in items(shelves)}
    assert set(found) == {f"thu_vien/{one}" for one in ("so_tay_trong_lua", "phim", "phim_2", "b", "page")}
    assert found["thu_vien/so_tay_trong_lua"].title == "So tay trong lua"
    assert (found["thu_vien/b"].title, found["thu_vien/b"].language) == ("Truyện làng", "en")
    assert (found["thu_vien/phim"].subtitles, found["thu_vien/phim"].poster) == ("phim.vtt", "phim.jpg")
    assert found["thu_vien/phim_2"].subtitles == ""
    assert "thu_vien/so_tay_trong_lua: “So tay trong lua” (after the file's name), language vi" in made.assumed
    assert {item.theme for item in found.values()} == {"culture"}


def test_a_single_book_or_film_is_a_pack(shelves: Shelves, tmp_path: Path) -> None:
    bare(tmp_path / "x", {"Phim hay.mp4": b"film", "Phim hay.srt": "", "other.mp4": b"other"})
    made = add(shelves, tmp_path / "x" / "Phim hay.mp4", DAY, "edu")
    [item] = items(shelves)
    assert (made.pack, item.title, item.subtitles) == ("phim_hay", "Phim hay", "Phim hay.srt")
    assert set(shelves.packs()[0].files) == {"Phim hay.mp4", "Phim hay.srt"}


@pytest.mark.parametrize(
    ("files", "theme", "said"),
    [
        (SITE, "", "say its theme with --theme: gov, agri, health"),
        (SITE, "farming", "say its theme"),
        ({"a.doc": "x"}, "gov", "no file that the menu can show"),
        ({}, "gov", "no file that the menu can show"),
    ],
)
def test_what_cannot_be_guessed_is_said(
    shelves: Shelves, tmp_path: Path, files: dict[str, bytes | str], theme: str, said: str
) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(KioskError, match=said):
        add(shelves, bare(tmp_path / "x", files), DAY, theme)
    assert shelves.packs() == []


def test_an_item_may_be_a_zip_of_pages(shelves: Shelves, tmp_path: Path) -> None:
    manifest = 'id = "p"\ntheme = "edu"\n[[item]]\ntitle = "Trò chơi"\nid = "game"\nfile = "games/game.zip"\n'
    folder = pack(tmp_path / "p", manifest, {"games/read.txt": "x"})
    zipped(bare(tmp_path / "site", SITE), folder / "games" / "game.zip", "inner/")
    for source in (folder, zipped(folder, tmp_path / "p.zip")):
        made = add(shelves, source, DAY)
        assert made.problems == ()
    [item] = items(shelves)
    assert (item.id, item.file) == ("p/game", "games/game/index.html")
    assert set(shelves.packs()[0].files) == {"pack.toml", "games/read.txt", *(f"games/game/{name}" for name in SITE)}


def test_a_zip_without_a_first_page_is_a_problem_of_its_item(shelves: Shelves, tmp_path: Path) -> None:
    manifest = (
        'id = "p"\ntheme = "edu"\n[[item]]\ntitle = "T"\nfile = "t.zip"\n[[item]]\ntitle = "A"\nfile = "a.html"\n'
    )
    folder = pack(tmp_path / "p", manifest, {"a.html": "<p>a</p>"})
    zipped(bare(tmp_path / "site", {"b.html": "b", "c.html": "c"}), folder / "t.zip")
    made = add(shelves, folder, DAY)
    assert made.items == 1 and made.problems == ("T: t.zip has no page to begin with; call it index.html",)


@pytest.mark.parametrize(
    ("html", "facts"),
    [
        ("<html lang=en><title> A  &amp; B </title>", ("A & B", "en")),
        ("<h1>Bài <b>một</b></h1><h1>Bài hai</h1>", ("Bài một", "")),
        ("<svg><title></title></svg><p>x", ("", "")),
        ("<html lang='<script>'><title>x", ("x", "")),
    ],
)
def test_a_page_says_its_title_and_language(html: str, facts: tuple[str, str]) -> None:
    assert page_facts(html)[:2] == facts


def test_a_language_is_told_by_its_letters() -> None:
    assert language_of("Bà con gieo mạ đúng vụ thì lúa tốt, ít sâu bệnh, đỡ tốn công.") == "vi"
    assert language_of("Wash your hands with soap before you eat, and after the toilet.") == "en"
    assert language_of("Soap") == "vi"
