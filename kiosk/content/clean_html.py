"""Text of a pack made harmless, so that it can stand inside our own page, in our type, print and high contrast.

Only the elements and attributes listed here survive; everything else is dropped, and what a script, style or frame
contains is dropped with it. What comes out is written anew and balanced, so nothing of the original markup passes
through. The page's content policy (web/guard.py) is the second wall. Packs that need scripts begin at an `index.html`
and are shown in a sandboxed frame (service/menu/viewers).

Pictures and links into the pack or book survive where whoever asks says by which address they are had.
"""

import unicodedata
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

# element -> attributes that it may keep
KEEP: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("p", "ul", "li", "dl", "dt", "dd", "strong", "em", "b", "i", "blockquote", "section", "aside", "div", "span"),
        frozenset({"class", "lang"}),
    ),
    **dict.fromkeys(("h2", "h3", "h4"), frozenset({"class", "id", "lang"})),
    **dict.fromkeys(("table", "caption", "thead", "tbody", "tr", "sub", "sup", "kbd", "mark", "abbr"), frozenset()),
    "ol": frozenset({"class", "start"}),
    "th": frozenset({"scope", "colspan", "rowspan"}),
    "td": frozenset({"colspan", "rowspan"}),
    "a": frozenset({"href"}),
    "br": frozenset(),
    "hr": frozenset(),
    "img": frozenset({"src", "alt"}),
    **dict.fromkeys(("pre", "code", "figure", "figcaption", "cite", "small", "u", "s"), frozenset()),
}
# Where a link inside a book may lead to, besides headings.
ANCHORS = frozenset({"p", "li", "div", "span", "section", "aside", "a", "dt", "dd", "blockquote"})
Address = Callable[[str], str]  # what the markup says -> an address of ours, "": none
CLASSES = frozenset({"steps", "warning", "note", "source", "example", "summary", "tip"})
VOID = frozenset({"br", "hr", "img"})
# Their content is no text for a reader.
SILENT = frozenset({"script", "style", "head", "title", "template", "iframe", "object", "svg", "math", "noscript",
                    "textarea", "select", "button", "form", "audio", "video"})  # fmt: skip
LINKS = ("https://", "http://", "tel:", "#")
RENAME = {"h1": "h2", "h5": "h4", "h6": "h4"}  # the page's one h1 is the item's title


class _Cleaner(HTMLParser):
    def __init__(self, picture: Address | None = None, link: Address | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.picture, self.link = picture, link
        self.out: list[str] = []
        self.open: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent or tag in SILENT:
            if tag in SILENT:
                self.silent.append(tag)
            elif tag == "image" and self.silent == ["svg"]:  # how many books draw their cover
                found = dict(attrs)
                self._show(found.get("xlink:href") or found.get("href") or "", "")
            return
        if tag == "img":
            said = dict(attrs)
            self._show(said.get("src") or "", said.get("alt") or "")
            return
        tag = RENAME.get(tag, tag)
        if tag not in KEEP:
            return
        if tag in ("p", "li") and tag in self.open[-1:]:
            self.handle_endtag(tag)
        self.out.append(f"<{tag}{_attributes(tag, attrs, self.link)}>")
        if tag not in VOID:
            self.open.append(tag)

    def _show(self, source: str, alt: str) -> None:
        address = self.picture(source.strip()) if self.picture and source.strip() else ""
        alt = unicodedata.normalize("NFC", alt)
        if address:
            self.out.append(f'<img src="{escape(address)}" alt="{escape(alt)}" loading="lazy">')
        elif alt and self.picture:
            self.out.append(escape(alt))

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag in self.silent:
                del self.silent[self.silent.index(tag) :]
            return
        tag = RENAME.get(tag, tag)
        if tag not in self.open:
            return
        while True:
            last = self.open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(escape(unicodedata.normalize("NFC", data)))


def _attributes(tag: str, attrs: list[tuple[str, str | None]], link: Address | None = None) -> str:
    kept = []
    for name, value in attrs:
        anchor = link is not None and name == "id" and tag in ANCHORS
        if (name not in KEEP[tag] and not anchor) or value is None:
            continue
        value = value.strip()
        if name == "href" and link is not None and not value.lower().startswith(LINKS[:-1]):
            value = link(value)
            if value:
                kept.append(f' href="{escape(value)}"')
            continue
        if name == "class":
            value = " ".join(word for word in value.split() if word in CLASSES)
        elif name == "href" and not value.lower().startswith(LINKS):
            continue
        elif name in ("colspan", "rowspan", "start") and not value.isdecimal():
            continue
        elif name in ("id", "lang", "scope") and not value.replace("-", "").replace("_", "").isalnum():
            continue
        if value:
            kept.append(f' {name}="{escape(value)}"')
    if tag == "a":
        kept.append(' rel="noopener noreferrer"')
    return "".join(kept)


def clean(html: str, picture: Address | None = None, link: Address | None = None) -> str:
    """The harmless part of `html`, balanced, in NFC. Without `picture` it has none; without `link` none to files."""
    cleaner = _Cleaner(picture, link)
    cleaner.feed(html)
    cleaner.close()
    cleaner.out.extend(f"</{tag}>" for tag in reversed(cleaner.open))
    return "".join(cleaner.out)
