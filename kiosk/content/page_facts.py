"""What a page of HTML says of itself: its title, its language, and how its text begins. Pure."""

import unicodedata
from html.parser import HTMLParser

from kiosk.content.folding import fold
from kiosk.content.items import LANGUAGE

ENOUGH = 4_000  # characters of text
_SILENT = frozenset({"script", "style", "template", "noscript"})
LEAST = 40  # letters from which on a language can be told
# Of the letters of Vietnamese text about a quarter bear a mark that makes them Vietnamese; of other languages' few do.
SHARE = 0.08


class _Facts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.title: list[str] = []
        self.heading: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self._headed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            found = dict(attrs)
            self.language = (found.get("lang") or found.get("xml:lang") or "").strip()
        if tag in _SILENT or tag in ("title", "h1"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[self._open.index(tag) :]
            self._headed = self._headed or tag == "h1"

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title.append(data)
        elif not _SILENT.intersection(self._open):
            if "h1" in self._open and not self._headed:
                self.heading.append(data)
            self.text.append(data)


def page_facts(html: str) -> tuple[str, str, str]:
    """Title (of <title>, else of the first heading), language code or "", and some of the text."""
    reader = _Facts()
    reader.feed(html)
    reader.close()
    language = reader.language if LANGUAGE.fullmatch(reader.language) else ""
    return _flat(reader.title) or _flat(reader.heading), language, " ".join(reader.text)[:ENOUGH]


def language_of(text: str) -> str:
    """`vi` or `en` by the letters of a text; `vi` where it is too short to say."""
    letters = [one for one in unicodedata.normalize("NFC", text) if one.isalpha()]
    if len(letters) < LEAST:
        return "vi"
    marked = sum(fold(one) != one.lower() for one in letters)
    return "vi" if marked >= SHARE * len(letters) else "en"


def _flat(pieces: list[str]) -> str:
    return unicodedata.normalize("NFC", " ".join("".join(pieces).split()))[:200]
