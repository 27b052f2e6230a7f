"""What one page of an OPDS 1.2 feed says: entries with their links, and where the next page is. Pure.

Shapes met in the field, and read here: Kiwix (libkiwix, `catalog_v2_entries.xml`: the language as ISO 639-3 in
`language`, several by commas; the publisher as a person; the file's address ending in `.meta4`; no `next`, but
totalResults, startIndex and itemsPerPage in Atom's own namespace) and calibre (`srv/opds.py`: several acquisition
links of one book, `/get/epub/7/library`; the summary as XHTML; covers by `http://opds-spec.org/cover`).
"""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from kiosk.content.items import ENDINGS, LANGUAGE
from kiosk.content.safe_xml import UnsafeXml, parse
from kiosk.translations import _

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/terms/}"
OLD_DC = "{http://purl.org/dc/elements/1.1/}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
ACQUISITION = "http://opds-spec.org/acquisition"
FREE = (ACQUISITION, f"{ACQUISITION}/open-access")
PICTURES = (
    "http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail", "http://opds-spec.org/cover",
    "http://opds-spec.org/thumbnail", "x-stanza-cover-image",
)  # fmt: skip
CATALOGUE = "application/atom+xml"
SUMMARY = 600
# Media type -> our ending, the formats that read best first: of a book in several, the first of these is taken.
TYPES = {
    "application/x-zim": ".zim", "application/epub+zip": ".epub", "application/pdf": ".pdf", "text/html": ".html",
    "video/mp4": ".mp4", "video/webm": ".webm", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/mp4": ".m4a",
}  # fmt: skip
# ISO 639-2 and -3 for the languages of our readers; Kiwix writes these.
LANGUAGES = {
    "vie": "vi", "eng": "en", "fra": "fr", "fre": "fr", "rus": "ru", "zho": "zh", "chi": "zh", "lao": "lo", "tha": "th",
    "khm": "km", "jpn": "ja", "kor": "ko", "deu": "de", "ger": "de", "spa": "es",
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """An address of the feed, as it is written there, and the ending of ours that its file would bear."""

    href: str
    ending: str = ""
    length: int = 0


@dataclass(frozen=True)
class Entry:
    """A book, an archive, a film. `files`: its free files that the menu can show, the best first."""

    title: str
    files: tuple[Link, ...]
    picture: str = ""
    language: str = "vi"
    summary: str = ""
    author: str = ""
    source: str = ""
    licence: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class FeedPage:
    """One page. `catalogues`: the feeds that it leads to, title and address, where it is a list of feeds."""

    title: str
    entries: tuple[Entry, ...]
    next: str = ""
    total: int = 0
    start: int = 0
    catalogues: tuple[tuple[str, str], ...] = ()


def read_page(data: bytes) -> FeedPage:
    """A page of a feed. ValueError, in words, when it is none."""
    try:
        root = parse(data)
    except UnsafeXml as error:
        raise ValueError(_("it is no OPDS catalogue: {reason}", reason=str(error))) from None
    if root.tag not in (f"{ATOM}feed", f"{ATOM}entry"):
        raise ValueError(_("it is no OPDS catalogue: {reason}", reason=root.tag.rpartition("}")[2]))
    found = [root] if root.tag == f"{ATOM}entry" else root.findall(f"{ATOM}entry")
    lists = [(_text(one, f"{ATOM}title"), href) for one in found if (href := _leads_on(one))]
    return FeedPage(
        _text(root, f"{ATOM}title"),
        tuple(_entry(one) for one in found if not _leads_on(one)),
        next((link.get("href", "") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"), ""),
        _number(root, "totalResults"), _number(root, "startIndex"), tuple(lists),
    )  # fmt: skip


def _leads_on(entry: Element) -> str:
    """Where an entry leads that is no book but another catalogue."""
    links = entry.findall(f"{ATOM}link")
    if any(link.get("rel", "").startswith(ACQUISITION) for link in links):
        return ""
    return next((link.get("href", "") for link in links if link.get("type", "").startswith(CATALOGUE)), "")


def _entry(entry: Element) -> Entry:
    links = entry.findall(f"{ATOM}link")
    offered = [link for link in links if link.get("rel", "").startswith(ACQUISITION)]
    free = [link for link in offered if link.get("rel") in FREE]
    files = sorted((made for link in free if (made := _file(link)).ending), key=_rank)
    pictures = {link.get("rel", ""): link.get("href", "") for link in links if link.get("rel") in PICTURES}
    language = _text(entry, f"{DC}language", f"{OLD_DC}language", f"{ATOM}language").split(",")[0].strip()
    return Entry(
        title=_text(entry, f"{ATOM}title") or "?", files=tuple(files),
        picture=next((pictures[rel] for rel in PICTURES if rel in pictures), ""),
        language=_language(language), summary=_short(_text(entry, f"{ATOM}summary", f"{ATOM}content")),
        author=", ".join(filter(None, (_flat(one) for one in entry.findall(f"{ATOM}author/{ATOM}name")))),
        source=_text(entry, f"{DC}publisher", f"{OLD_DC}publisher", f"{ATOM}publisher/{ATOM}name"),
        licence=_text(entry, f"{DC}rights", f"{OLD_DC}rights", f"{ATOM}rights"),
        why_not="" if files else _why_not(offered, free),
    )  # fmt: skip


def _why_not(offered: list[Element], free: list[Element]) -> str:
    if free:
        kinds = sorted({link.get("type", "?").partition(";")[0] for link in free})
        return _("no format that the menu can open: {formats}", formats=", ".join(kinds))
    return _("it has to be bought or borrowed") if offered else _("it has no file to open")


def _file(link: Element) -> Link:
    href, kind = link.get("href", ""), link.get("type", "").partition(";")[0].strip().lower()
    name = unquote(PurePosixPath(urlsplit(href).path).name).removesuffix(".meta4")
    ending = PurePosixPath(name).suffix.lower()
    # What it says it is comes first: calibre's addresses have no ending at all.
    chosen = TYPES.get(kind) or (ending if ending in ENDINGS and kind in ("", "application/octet-stream") else "")
    length = link.get("length", "")
    return Link(href, chosen, int(length) if length.isascii() and length.isdecimal() and len(length) < 18 else 0)


def _rank(link: Link) -> int:
    endings = list(TYPES.values())
    return endings.index(link.ending) if link.ending in endings else len(endings)


def _language(code: str) -> str:
    code = LANGUAGES.get(code.lower(), code)
    return code if LANGUAGE.fullmatch(code) else "vi"


def _number(root: Element, name: str) -> int:
    text = _text(root, f"{SEARCH}{name}", f"{ATOM}{name}")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _text(element: Element, *paths: str) -> str:
    found = (element.find(path) for path in paths)
    return next((text for one in found if one is not None and (text := _flat(one))), "")


def _flat(element: Element) -> str:
    """The words of an element; its parts stay apart, as lines of XHTML do."""
    return unicodedata.normalize("NFC", " ".join(" ".join(element.itertext()).split()))


def _short(text: str) -> str:
    if len(text) <= SUMMARY:
        return text
    return text[:SUMMARY].rpartition(" ")[0] + " …"
