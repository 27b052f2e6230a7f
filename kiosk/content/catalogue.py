"""What the menu offers: packs, each a folder with `pack.toml`, read once; texts are read when somebody opens them.

A pack that cannot be read is left out and told in `problems`: one bad pack must not empty the menu.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.content.clean_html import clean

MAX_TEXT = 1_000_000  # bytes of one text
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Theme:
    """One of the eight doors of the menu; `label` is an English sentence of the `web` catalogue."""

    code: str
    label: str


# Global Libraries' seven areas and computer skills, under local names (DOMAIN.md, content themes).
THEMES = (
    Theme("gov", "Public services"),
    Theme("agri", "Farming and livelihoods"),
    Theme("health", "Health"),
    Theme("edu", "Learning"),
    Theme("job", "Jobs"),
    Theme("law", "Policy and law"),
    Theme("culture", "Books, news, Thanh Hóa culture"),
    Theme("skill", "Computer skills, online safety"),
)
_CODES = frozenset(theme.code for theme in THEMES)


@dataclass(frozen=True)
class Item:
    """One text. `id` is `<pack>/<file without its ending>` and never changes; `source` says what its facts rest on."""

    id: str
    title: str
    theme: str
    language: str
    summary: str
    source: str
    path: Path
    pack: Path


@dataclass(frozen=True)
class Catalogue:
    """All packs of this station. `problems`: one line for each pack or item that was left out, for the log."""

    items: tuple[Item, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folders: Iterable[Path]) -> "Catalogue":
        """Every pack in or right under `folders`; an item met twice stays as first met."""
        items: dict[str, Item] = {}
        problems: list[str] = []
        for folder in folders:
            for manifest in sorted({*folder.glob("pack.toml"), *folder.glob("*/pack.toml")}):
                for item in _read_pack(manifest, problems):
                    items.setdefault(item.id, item)
        return cls(tuple(items.values()), tuple(problems))

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def of_theme(self, code: str, language: str) -> list[Item]:
        """A theme's items, those in the reader's language first."""
        return sorted((item for item in self.items if item.theme == code), key=lambda item: item.language != language)

    def text(self, item: Item) -> str:
        """The item as harmless HTML (see clean_html). OSError when the file is gone or too large."""
        if item.path.stat().st_size > MAX_TEXT:
            raise OSError("too large")
        return clean(item.path.read_text(encoding="utf-8", errors="replace"))


def _read_pack(manifest: Path, problems: list[str]) -> list[Item]:
    try:
        data = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{manifest}: {error}")
        return []
    pack = data.get("id")
    if not isinstance(pack, str) or not NAME.fullmatch(pack):
        problems.append(f"{manifest}: id must be small letters, digits, - and _")
        return []
    entries = data.get("item")
    items = []
    for entry in entries if isinstance(entries, list) else []:
        try:
            items.append(_read_item(pack, data, entry, manifest.parent.resolve()))
        except ValueError as error:
            problems.append(f"{manifest}: {error}")
    return items


def _read_item(pack: str, data: dict[str, Any], entry: Any, folder: Path) -> Item:
    if not isinstance(entry, dict):
        raise ValueError("item must be a table")
    path = (folder / _words(entry, "file")).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise ValueError("item.file must be a file inside the pack")
    if not NAME.fullmatch(path.stem) or path.suffix not in (".html", ".htm"):
        raise ValueError("item.file must be named in small letters and end in .html")
    theme = entry.get("theme", data.get("theme"))
    if theme not in _CODES:
        raise ValueError(f"item.theme must be one of {', '.join(sorted(_CODES))}")
    return Item(
        id=f"{pack}/{path.stem}",
        title=_words(entry, "title"),
        theme=theme,
        language=str(entry.get("language", data.get("language", "vi"))),
        summary=_words(entry, "summary", ""),
        source=_words(entry, "source", ""),
        path=path,
        pack=folder,
    )


def _words(entry: dict[str, Any], key: str, default: str | None = None) -> str:
    """A text field in NFC; ValueError when it is missing or no text."""
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ValueError(f"item.{key} must be text")
    return unicodedata.normalize("NFC", value.strip())
