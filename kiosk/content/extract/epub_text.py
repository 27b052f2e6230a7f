"""The words of an EPUB, chapter by chapter in the order of its spine, titles from its table of contents.

A part's place is `chapter=N`, N counting the spine from 1: what the reader of EPUBs on the menu opens.
"""

import posixpath
import zipfile
import zlib
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from kiosk.content.extract import Extract
from kiosk.content.extract.html_text import decode, read_html
from kiosk.content.items import LANGUAGE, Part
from kiosk.content.safe_xml import UnsafeXml, parse

MAX_CHAPTERS = 2_000
MAX_CHAPTER = 8_000_000
OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


class Epub:
    """An EPUB that is open: its chapters as names in the archive, and their titles. ValueError when it is none."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        try:
            self._read()
        except BaseException:
            self._zip.close()
            raise

    def _read(self) -> None:
        container = parse(self.read("META-INF/container.xml"))
        root = container.find(f".//{OCF}rootfile")
        if root is None:
            raise ValueError("no rootfile")
        self._opf = unquote(root.get("full-path", ""))
        package = parse(self.read(self._opf))
        self.title = " ".join((package.findtext(f"{OPF}metadata/{DC}title") or "").split())
        language = (package.findtext(f"{OPF}metadata/{DC}language") or "").strip()
        self.language = language if LANGUAGE.fullmatch(language) else ""
        manifest = {one.get("id", ""): one for one in package.iter(f"{OPF}item")}
        refs = [one.get("idref", "") for one in package.iter(f"{OPF}itemref")]
        self.encrypted = (
            "META-INF/encryption.xml" in self._zip.namelist() and "META-INF/rights.xml" in self._zip.namelist()
        )
        self.chapters = [self._place(self._opf, manifest[ref].get("href", "")) for ref in refs if ref in manifest][
            :MAX_CHAPTERS
        ]
        self.titles = self._titles(manifest, package)

    def _titles(self, manifest: dict[str, Element], package: Element) -> dict[str, str]:
        """Chapter -> its title in the table of contents: EPUB 3's navigation, else EPUB 2's NCX."""
        for one in manifest.values():
            if "nav" in (one.get("properties") or "").split():
                nav = self._place(self._opf, one.get("href", ""))
                links = self._try(nav)
                if links is not None:
                    return self._first((nav, a.get("href", ""), "".join(a.itertext())) for a in links.iter(f"{XHTML}a"))
        spine = package.find(f"{OPF}spine")
        ncx = manifest.get(spine.get("toc", "") if spine is not None else "")
        if ncx is None:
            return {}
        place = self._place(self._opf, ncx.get("href", ""))
        tree = self._try(place)
        points = [] if tree is None else list(tree.iter(f"{NCX}navPoint"))
        return self._first(
            (place, found.get("src", ""), point.findtext(f"{NCX}navLabel/{NCX}text") or "")
            for point in points
            if (found := point.find(f"{NCX}content")) is not None
        )

    def _first(self, links: "object") -> dict[str, str]:
        titles: dict[str, str] = {}
        for base, href, title in links:  # type: ignore[attr-defined]
            if title.strip():
                titles.setdefault(self._place(base, href.partition("#")[0]), " ".join(title.split()))
        return titles

    def _try(self, name: str) -> Element | None:
        try:
            return parse(self.read(name))
        except (UnsafeXml, KeyError):
            return None

    @staticmethod
    def _place(base: str, href: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))

    def read(self, name: str) -> bytes:
        """One file of the book, never more than MAX_CHAPTER bytes. KeyError when it is not there."""
        with self._zip.open(name) as file:
            data = file.read(MAX_CHAPTER + 1)
        if len(data) > MAX_CHAPTER:
            raise ValueError("too large")
        return data

    def names(self) -> list[str]:
        """All files of the book."""
        return self._zip.namelist()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


def parts_of_epub(path: Path) -> Extract:
    """The chapters' words."""
    try:
        book = Epub(path)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return Extract(notes=("unreadable",))
    try:
        if book.encrypted:
            return Extract(pages=len(book.chapters), notes=("encrypted",))
        parts: list[Part] = []
        for number, name in enumerate(book.chapters, 1):
            try:
                text = "\n".join(part.text for part in read_html(decode(book.read(name))))
            except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError):
                continue
            if text:
                parts.append(Part(text, f"chapter={number}", book.titles.get(name, "")))
        return Extract(tuple(parts), len(book.chapters), () if parts else ("scanned",))
    finally:
        book.close()
