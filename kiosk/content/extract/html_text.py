"""The words of an HTML page: what a reader sees, one part for each heading, headings as labels."""

import re
from html.parser import HTMLParser
from pathlib import Path

from kiosk.content.clean_html import SILENT
from kiosk.content.extract import Extract
from kiosk.content.items import Part

MAX_BYTES = 8_000_000
_LINES = frozenset({"p", "div", "li", "br", "tr", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "section",
                    "article", "aside", "blockquote", "pre", "figcaption", "caption", "hr", "option"})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3"})
# A page's own text may stand in a form; only what is never text stays out.
_SILENT = (SILENT - {"form", "button", "noscript"}) | {"nav"}
_VOID_SILENT = frozenset({"meta", "link", "base", "input", "img"})
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections: list[tuple[str, list[str], list[str]]] = [("", [], [])]  # place, label, text
        self.silent: list[str] = []
        self.in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent.append(tag)
        if self.silent or tag in _VOID_SILENT:
            return
        if tag in _HEADINGS:
            self.sections.append((dict(attrs).get("id") or "", [], []))
            self.in_heading = True
        if tag in _LINES:
            self.sections[-1][2].append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES and not self.silent:
            self.sections[-1][2].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in _HEADINGS:
            self.in_heading = False
        if tag in _LINES and not self.silent:
            self.sections[-1][2].append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.sections[-1][2].append(data)
            if self.in_heading:
                self.sections[-1][1].append(data)


def read_html(html: str) -> list[Part]:
    """The parts of a page: a new one at each heading that has an id to go to, else all in one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    parts: list[Part] = []
    for place, label, pieces in reader.sections:
        text = flat("".join(pieces))
        if not text:
            continue
        if parts and not place:
            parts[-1] = Part(f"{parts[-1].text}\n{text}", parts[-1].place, parts[-1].label)
        else:
            parts.append(Part(text, place, flat("".join(label)) if place else ""))
    return parts


def flat(text: str) -> str:
    """Blanks as one, lines kept, empty lines dropped."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def decode(data: bytes) -> str:
    """The bytes of a page as text: what it says of itself, else UTF-8."""
    said = CHARSET.search(data[:2048])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode(said[1].decode() if said else "utf-8-sig", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def parts_of_html(path: Path) -> Extract:
    """The parts of a file."""
    if path.stat().st_size > MAX_BYTES:
        return Extract(notes=("too_large",))
    return Extract(tuple(read_html(decode(path.read_bytes()))))
