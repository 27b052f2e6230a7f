"""The guides that every station has from its first minute: complete, sourced, well formed, and readable offline."""

import re
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kiosk.content.catalogue import THEMES, Catalogue, harmless
from kiosk.content.clean_html import CLASSES
from kiosk.content.extract import extract
from kiosk.content.file_kinds import drawing_is_active
from kiosk.content.folding import fold
from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "policies" / "starter"
MANIFEST: dict[str, Any] = tomllib.loads((PACK / "pack.toml").read_text(encoding="utf-8"))
EVERYTHING: list[dict[str, str]] = MANIFEST["item"]
ITEMS = [item for item in EVERYTHING if item["file"].endswith(".html")]
OTHERS = [item for item in EVERYTHING if item not in ITEMS]
TAGS = {"p", "h2", "ol", "ul", "li", "strong", "kbd", "aside", "figure", "img", "table", "tr", "th", "td"}
BLOCKS = {"p", "h2", "li", "th", "td"}
DRAWN = re.compile(r'<figure><img src="([a-z_]+\.svg)" alt="([^"<>]+)"></figure>')
# Marks as wording.tsv sets them (khỏe, xóa, tùy): on the first vowel of an open oa, oe, uy; "qu" is a consonant.
OTHER_SPELLING = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<![qQ])u[ỳýỷỹỵ]\b")

every_guide = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["file"].removesuffix(".html"))
every_item = pytest.mark.parametrize("item", EVERYTHING, ids=lambda item: item["file"])


class Fragment(HTMLParser):
    """Reads a fragment strictly: every element is opened, closed in order, and known."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.blocks: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.faults: list[str] = []
        self.pictures: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in TAGS:
            self.faults.append(f"<{tag}> is not allowed")
        if tag == "img":
            self.pictures.append(dict(attrs))
            return
        for name, value in attrs:
            if name != "class" or value not in CLASSES:
                self.faults.append(f"{name}={value!r} on <{tag}> is not allowed")
        if tag in BLOCKS:
            if BLOCKS & set(self.open):
                self.faults.append(f"<{tag}> stands inside {self.open}")
            self.blocks.append((tag, ""))
        if tag == "li" and self.open[-1:] not in (["ol"], ["ul"]):
            self.faults.append("<li> stands outside a list")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> does not close what was opened last")

    def handle_data(self, data: str) -> None:
        self.words += data.split()
        if BLOCKS & set(self.open):
            tag, text = self.blocks[-1]
            self.blocks[-1] = (tag, text + data)
        elif data.strip():
            self.faults.append(f"text outside a paragraph: {data.strip()!r}")

    def handle_comment(self, data: str) -> None:
        self.faults.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("a declaration: it is no fragment")


def text_of(item: dict[str, str]) -> str:
    return (PACK / item["file"]).read_bytes().decode("utf-8")  # a byte that is no UTF-8 fails here


def parsed(html: str) -> Fragment:
    fragment = Fragment()
    fragment.feed(html)
    fragment.close()
    if fragment.open:
        fragment.faults.append(f"never closed: {fragment.open}")
    return fragment


def test_every_theme_has_three_guides_and_all_formats_are_there() -> None:
    assert len(ITEMS) >= 24
    counted = Counter(item["theme"] for item in ITEMS)
    assert min(counted[theme.code] for theme in THEMES) >= 3
    assert {Path(item["file"]).suffix for item in OTHERS} == {".epub", ".pdf", ".webm", ".ogg"}


def test_every_file_of_the_pack_is_used_and_the_catalogue_reads_them_all() -> None:
    named = {item[key] for item in EVERYTHING for key in ("file", "poster", "subtitles") if key in item}
    drawn = {name for item in ITEMS for name, _alt in DRAWN.findall(text_of(item))}
    assert {path.name for path in PACK.iterdir()} == named | drawn | {"pack.toml"}
    catalogue = Catalogue.load([PACK])
    assert catalogue.problems == ()
    assert [item.theme for item in catalogue.items] == [item["theme"] for item in EVERYTHING]


@every_item
def test_an_item_says_what_it_is_and_where_its_facts_are_from(item: dict[str, str]) -> None:
    told = {"title", "title_en", "file", "theme", "summary", "source"}
    assert told <= set(item) <= told | {"audience", "poster", "subtitles"}
    assert 15 <= len(item["title"]) <= 60  # two lines of a tile at most
    assert 15 <= len(item["title_en"]) <= 60
    assert 40 <= len(item["summary"]) <= 140 and item["summary"].endswith(".")
    assert len(item["source"]) > 40


@pytest.mark.slow
def test_the_pack_is_imported_whole_and_every_word_of_it_can_be_found(tmp_path: Path) -> None:
    shelves = Shelves(tmp_path)
    add(shelves, PACK, "2026-11-22")
    library = Library(tmp_path)
    try:
        for item in library.items():
            assert set(item.notes) <= {"no_subtitles"}, item
            for title in (item.title, item.title_en):
                assert item.id in [hit.item.id for hit in library.search(fold(title)).hits], title
        words = {"benh tieu chay": "health_oresol", "vong tuan hoan": "giot_nuoc_di_dau", "suoi gao": "na_va_chiec_may",
                 "quang tam": "nam_not_nhac", "telex vni": "go_tieng_viet"}  # fmt: skip
        for text, name in words.items():
            assert f"starter/{name}" in [hit.item.id for hit in library.search(text).hits], text
    finally:
        library.close()


@every_guide
def test_a_guide_has_its_drawing_with_words_for_who_does_not_see_it(item: dict[str, str]) -> None:
    found = DRAWN.findall(text_of(item))
    assert found and len(found) == text_of(item).count("<img")
    for name, alt in found:
        assert 20 <= len(alt) <= 140 and alt.endswith(".") and unicodedata.is_normalized("NFC", alt)
        path = PACK / name
        assert not drawing_is_active(path)
        assert "<text" not in path.read_text(encoding="utf-8") and path.stat().st_size < 20_000


@pytest.mark.parametrize(
    "html",
    [
        "<p>a",
        "<p>a</li>",
        "a",
        "<p><a href='https://example.org'>a</a></p>",
        "<p style='color: red'>a</p>",
        "<li>a</li>",
        "<ul><li><p>a</p></li></ul>",
        "<!-- a --><p>a</p>",
        "<!DOCTYPE html><p>a</p>",
        "<p><video src='a.webm'></video></p>",
    ],
)
def test_the_reader_of_these_tests_finds_faults(html: str) -> None:
    assert parsed(html).faults


@every_guide
def test_a_guide_is_a_well_formed_fragment_of_plain_elements(item: dict[str, str]) -> None:
    assert parsed(text_of(item)).faults == []


@every_guide
def test_nothing_of_a_guide_is_lost_when_it_is_made_harmless(item: dict[str, str]) -> None:
    made = harmless(PACK / item["file"], lambda place: f"/{place}")
    before, after = parsed(text_of(item)), parsed(made)
    assert (after.seen, after.blocks) == (before.seen, before.blocks)
    assert [one["alt"] for one in after.pictures] == [one["alt"] for one in before.pictures]
    assert [one["src"] for one in after.pictures] == [f"/{one['src']}" for one in before.pictures]


@every_guide
def test_a_guide_is_short_has_headings_and_numbered_steps(item: dict[str, str]) -> None:
    fragment = parsed(text_of(item))
    assert 350 <= len(fragment.words) <= 700
    assert fragment.seen[0] == "p"
    assert fragment.seen.count("h2") >= 4 and fragment.seen.count("ol") >= 1 and fragment.seen.count("aside") == 1
    for tag, text in fragment.blocks:
        limit = 12 if tag == "h2" else 75  # syllables; more do not fit well on one screen at 30 px
        assert (tag == "td" or text) and len(text.split()) <= limit, text


@every_guide
def test_a_guide_is_in_nfc_and_spelled_as_the_screens_are(item: dict[str, str]) -> None:
    for text in (text_of(item), item["title"], item["summary"], item["source"]):
        assert unicodedata.is_normalized("NFC", text)
        assert "\ufffd" not in text and "\u200b" not in text and "\ufeff" not in text and "  " not in text.strip()
        assert OTHER_SPELLING.findall(text) == []
        words = re.sub(r"<[^>]+>", "", text)
        # “ ” for quotes, … never as three dots, spaces after and not before a mark
        assert re.findall(r"[\"']|\.\.\.| [,;:!?]|[,;!?](?=[^\W\d])", words) == []


@every_guide
def test_joining_spaces_stand_in_headings_only(item: dict[str, str]) -> None:
    for tag, text in parsed(text_of(item)).blocks:
        assert tag == "h2" or "\u00a0" not in text, text
    assert "\u00a0" not in item["title"] + item["summary"]  # they are searched and shown on tiles


@every_guide
def test_a_guide_needs_nothing_from_outside(item: dict[str, str]) -> None:
    html = DRAWN.sub("", text_of(item)).lower()
    for trace in ("http:", "https:", "src=", "href=", "url(", "style=", "<script", "<img", "<link", "@import"):
        assert trace not in html


def test_the_book_and_the_captions_are_what_their_makers_make_of_the_sources(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "starter"), "book", "words"]
    made = subprocess.run(
        command, env={"KIOSK_STARTER": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.splitlines()) == len(list(tmp_path.iterdir())) == 5
    for name in (path.name for path in tmp_path.iterdir()):
        assert (tmp_path / name).read_bytes() == (PACK / name).read_bytes(), name


def test_the_sheet_says_what_its_source_says() -> None:
    source = parsed_words((ROOT / "scripts" / "starter" / "sheet.html").read_text(encoding="utf-8"))
    item = next(item for item in Catalogue.load([PACK]).items if item.format == "pdf")
    printed = "".join("".join(part.text.split()) for part in extract(item, lambda place: PACK / place).parts)
    missing = [word for word in source if word not in printed]
    assert missing == []


def parsed_words(html: str) -> list[str]:
    """The words of the body of a page."""
    return re.sub(r"<[^>]+>", " ", html.partition("</style>")[2]).split()
