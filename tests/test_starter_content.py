"""The guides that every station has from its first minute: complete, sourced, well formed, and readable offline."""

import re
import tomllib
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kiosk.content.catalogue import THEMES, Catalogue
from kiosk.content.clean_html import CLASSES

PACK = Path(__file__).resolve().parents[1] / "policies" / "starter"
MANIFEST: dict[str, Any] = tomllib.loads((PACK / "pack.toml").read_text(encoding="utf-8"))
ITEMS: list[dict[str, str]] = MANIFEST["item"]
TAGS = {"p", "h2", "ol", "ul", "li", "strong", "kbd", "aside"}
BLOCKS = {"p", "h2", "li"}
# Marks as wording.tsv sets them (khỏe, xóa, tùy): on the first vowel of an open oa, oe, uy; "qu" is a consonant.
OTHER_SPELLING = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<![qQ])u[ỳýỷỹỵ]\b")

every_guide = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["theme"])


class Fragment(HTMLParser):
    """Reads a fragment strictly: every element is opened, closed in order, and known."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.blocks: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in TAGS:
            self.faults.append(f"<{tag}> is not allowed")
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


def test_every_theme_has_one_guide() -> None:
    assert [item["theme"] for item in ITEMS] == [theme.code for theme in THEMES]


def test_every_file_of_the_pack_is_offered_and_the_catalogue_reads_them_all() -> None:
    assert {item["file"] for item in ITEMS} == {path.name for path in PACK.glob("*.html")}
    catalogue = Catalogue.load([PACK])
    assert catalogue.problems == ()
    assert [item.theme for item in catalogue.items] == [item["theme"] for item in ITEMS]


@every_guide
def test_a_guide_says_what_it_is_and_where_its_facts_are_from(item: dict[str, str]) -> None:
    assert set(item) == {"title", "file", "theme", "language", "summary", "source"}
    assert item["language"] == "vi"
    assert 15 <= len(item["title"]) <= 60  # two lines of a tile at most
    assert 40 <= len(item["summary"]) <= 140 and item["summary"].endswith(".")
    assert len(item["source"]) > 40


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
        "<p><img src='a.png'></p>",
    ],
)
def test_the_reader_of_these_tests_finds_faults(html: str) -> None:
    assert parsed(html).faults


@every_guide
def test_a_guide_is_a_well_formed_fragment_of_plain_elements(item: dict[str, str]) -> None:
    assert parsed(text_of(item)).faults == []


@every_guide
def test_nothing_of_a_guide_is_lost_when_it_is_made_harmless(item: dict[str, str]) -> None:
    catalogue = Catalogue.load([PACK])
    found = catalogue.item(f"{MANIFEST['id']}/{Path(item['file']).stem}")
    assert found is not None
    before, after = parsed(text_of(item)), parsed(catalogue.text(found))
    assert (after.seen, after.blocks) == (before.seen, before.blocks)


@every_guide
def test_a_guide_is_short_has_headings_and_numbered_steps(item: dict[str, str]) -> None:
    fragment = parsed(text_of(item))
    assert 350 <= len(fragment.words) <= 700
    assert fragment.seen[0] == "p"
    assert fragment.seen.count("h2") >= 4 and fragment.seen.count("ol") >= 1 and fragment.seen.count("aside") == 1
    for tag, text in fragment.blocks:
        limit = 12 if tag == "h2" else 75  # syllables; more do not fit well on one screen at 30 px
        assert 1 <= len(text.split()) <= limit, text


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
    html = text_of(item).lower()
    for trace in ("http:", "https:", "src=", "href=", "url(", "style=", "<script", "<img", "<link", "@import"):
        assert trace not in html
