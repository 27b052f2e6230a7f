"""What the items of the menu are, as far as the province knows: the guides that come with the program, and its own.

Stations tell only how often an item was opened. Title and theme are the province's: `kiosk province guides add` takes
them from the catalogue that it publishes. An item nobody knows is counted as "other"; adding it later tells it apart.
"""

import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from kiosk.rules.themes import THEME_CODES
from kiosk.shipped import shipped_dir

STEPS: tuple[tuple[str, ...], ...] = (
    (
        # `item` as stations tell it, <pack>/<name>. What is known of it newly takes the place of what was known.
        """CREATE TABLE guides (
            item TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            title_en TEXT NOT NULL,
            theme TEXT NOT NULL,
            language TEXT NOT NULL,
            deed INTEGER NOT NULL REFERENCES deeds
        ) STRICT, WITHOUT ROWID""",
    ),
)
STARTER = "starter"


@dataclass(frozen=True)
class Guide:
    """One item. `title` is in its `language`; `title_en` may be ""."""

    item: str
    title: str
    theme: str
    language: str
    title_en: str = ""

    def called(self, lang: str) -> str:
        """Its title for a reader of that language."""
        return self.title_en or self.title if lang == "en" else self.title


def known(db: sqlite3.Connection) -> Mapping[str, Guide]:
    """Every item the province knows, the starter's too. A ledger of older software knows those alone."""
    found = dict(starter())
    if db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'guides'").fetchone():
        rows = db.execute("SELECT item, title, theme, language, title_en FROM guides ORDER BY item")
        found |= {item: Guide(item, *rest) for item, *rest in rows}
    return found


@cache
def starter() -> Mapping[str, Guide]:
    """The guides that come with the program."""
    return {one.item: one for one in of_pack(shipped_dir("policies") / STARTER)}


def of_pack(folder: Path) -> list[Guide]:
    """The items of a folder with a pack.toml. ValueError or OSError where it is none."""
    data = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    for_all: dict[str, Any] = {name: data[name] for name in ("theme", "language") if name in data}
    if not isinstance(data.get("id"), str):
        raise ValueError("a pack without an id")
    found = (guide(f"{data['id']}/{_name(entry)}", {**for_all, **entry}) for entry in data.get("item", []))
    return [one for one in found if one is not None]


def _name(entry: Mapping[str, Any]) -> str:
    """What an item is called where nobody said it: as content/packs.py has it."""
    place = PurePosixPath(str(entry.get("file", "")))
    named = place.parent.name if place.name == "index.html" and place.parent.name else place.stem
    return str(entry.get("id", named))


def guide(item: str, said: Mapping[str, Any]) -> Guide | None:
    """The guide of these words; None where they are no texts, or no theme of ours."""
    texts = [said.get("title"), said.get("theme"), said.get("language", "vi"), said.get("title_en", "")]
    if not item or not all(isinstance(one, str) and one.isprintable() for one in texts) or not texts[0]:
        return None
    title, theme, language, title_en = (" ".join(str(one).split()) for one in texts)
    return Guide(item, title[:300], theme, language[:20], title_en[:300]) if theme in THEME_CODES else None
