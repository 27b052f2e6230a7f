"""The words of a page of ours, in pieces for the ear, taken from the page as the server makes it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from flask import Flask

VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "source", "track"})
BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "blockquote", "figcaption", "pre"})
SILENT = frozenset({"script", "style", "svg", "nav", "form", "noscript", "button", "template", "iframe"})
LONGEST = 600
_SENTENCE = re.compile(r"(?<=[.!?…;:])\s+")


def words_of(app: Flask, address: str, lang: str) -> list[dict[str, str]]:
    """The pieces of what stands in `main` at this address of ours, each with its language; [] where there is no page.

    It is made once more for it, as for the same reader, and is no new opening.
    """
    asked = address + ("&" if "?" in address else "?") + "again=1"
    client = app.test_client(use_cookies=False)
    answer = client.get(asked, headers={"Host": "localhost", "Cookie": f"lang={lang}"})
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return []
    reader = _Reader(lang)
    reader.feed(answer.get_data(as_text=True))
    reader.close()
    return [{"lang": one, "text": piece} for one, text in reader.blocks for piece in pieces(text)]


def pieces(text: str) -> Iterator[str]:
    """A text cut at the ends of sentences, and a sentence without an end between words."""
    flat, held = " ".join(text.split()), ""
    for sentence in _SENTENCE.split(flat):
        while len(sentence) > LONGEST:
            cut = sentence.rfind(" ", 1, LONGEST)
            cut = cut if cut > 0 else LONGEST
            yield from ([held] if held else [])
            held, sentence = sentence[:cut], sentence[cut:].strip()
        if held and len(held) + 1 + len(sentence) > LONGEST:
            yield held
            held = ""
        held = f"{held} {sentence}".strip()
    if held:
        yield held


class _Reader(HTMLParser):
    """Collects (language, text) block by block, in `main` only."""

    def __init__(self, lang: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", lang)]
        self._silent = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        if tag in BLOCKS:
            self._cut()
        found = dict(attrs)
        self._silent += tag in SILENT
        self._open.append((tag, found.get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in [name for name, _lang in self._open]:
            return
        if tag in BLOCKS or tag == "main":
            self._cut()
        while True:
            name, _lang = self._open.pop()
            self._silent -= name in SILENT
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent and any(name == "main" for name, _lang in self._open):
            self._text.append(data)

    def _cut(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self.blocks.append((self._open[-1][1], text))
