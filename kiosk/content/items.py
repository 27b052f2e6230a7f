"""What the menu can offer, as plain data: themes, formats, an item, a file of a pack. Start reading the room here."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from kiosk.rules.themes import THEME_CODES, THEMES, Theme

__all__ = ["THEMES", "THEME_CODES", "Facets", "File", "Item", "Pack", "Part", "Theme"]

AUDIENCES = ("everyone", "children", "young", "grown", "older")
# ending -> (format, media type). `link` has no file.
ENDINGS = {
    ".html": ("html", "text/html"),
    ".htm": ("html", "text/html"),
    ".pdf": ("pdf", "application/pdf"),
    ".epub": ("epub", "application/epub+zip"),
    ".mp4": ("video", "video/mp4"),
    ".webm": ("video", "video/webm"),
    ".mp3": ("audio", "audio/mpeg"),
    ".ogg": ("audio", "audio/ogg"),
    ".m4a": ("audio", "audio/mp4"),
    ".zim": ("zim", "application/x-zim"),
}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FORMATS = ("html", "pdf", "epub", "video", "audio", "zim", "link")
# Why the words inside an item cannot be searched; its title still can. Codes, for `notes` of an item.
NOT_SEARCHED = ("scanned", "legacy_font", "too_large", "unreadable", "encrypted", "no_reader", "no_subtitles")


# By what a list of items can be narrowed; names of columns of the index and of fields of an item.
FACETS = ("language", "format", "audience")


@dataclass(frozen=True, slots=True)
class Facets:
    """What a reader narrowed a list to; "" is everything."""

    language: str = ""
    format: str = ""
    audience: str = ""

    def chosen(self) -> list[tuple[str, str]]:
        """(name, value) of those that narrow."""
        return [(name, getattr(self, name)) for name in FACETS if getattr(self, name)]

    def fit(self, item: "Item") -> bool:
        """Whether the item is one of them."""
        return all(getattr(item, name) == value for name, value in self.chosen())


@dataclass(frozen=True, slots=True)
class File:
    """One file of a pack: its place in the pack, and the object that holds its bytes."""

    path: str
    sha256: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to open. `id` is `<pack>/<name>` and never changes; `source` says what its facts rest on.

    `file`, `poster`, `subtitles` and `transcript` are places in the pack; `url` is set for a link only. `added` is the
    day on which this station got it, `notes` are codes of NOT_SEARCHED and of what else an import had to tell.
    """

    id: str
    title: str
    theme: str
    language: str
    format: str
    pack: str
    file: str = ""
    url: str = ""
    title_en: str = ""
    summary: str = ""
    source: str = ""
    author: str = ""
    licence: str = ""
    audience: str = "everyone"
    added: str = ""
    featured: bool = False
    poster: str = ""
    subtitles: str = ""
    transcript: str = ""
    pages: int = 0
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        """The item for the index; what is empty is left out."""
        kept = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Item":
        """The item again. Unknown names are dropped: a newer program may have written them."""
        known = {name: data[name] for name in _NAMES if name in data}
        return cls(**{**_REQUIRED, **known, "notes": tuple(known.get("notes", ()))})


_NAMES = tuple(field.name for field in fields(Item))
_REQUIRED = {"id": "", "title": "", "theme": "", "language": "vi", "format": "html", "pack": ""}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an item's text that can be opened by itself: a page, a chapter, a spoken line.

    `place` is what comes after # in the item's address (`page=3`, `t=12.5`, `chapter=4`), "" for the beginning; `label`
    is a heading in the item's own words, "" where it has none.
    """

    text: str
    place: str = ""
    label: str = ""


@dataclass(frozen=True)
class Pack:
    """A pack as it was read or imported. `problems`: one line for each item that was left out.

    Of a pack that is being imported `sources` are its files, place and path; `assumed` says what nobody wrote down.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    files: dict[str, File]
    folder: Path | None = None
    problems: tuple[str, ...] = ()
    sources: tuple[tuple[str, Path], ...] = ()
    assumed: tuple[str, ...] = ()

    def with_sources(self, sources: Iterable[tuple[str, Path]]) -> "Pack":
        """The same pack with these files, place and path."""
        return replace(self, sources=tuple(sources))
