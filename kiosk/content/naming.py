"""Names that the program has to find by itself: for packs and items whose maker gave them none. Pure."""

import re

from kiosk.content.folding import fold, tidy

LONGEST = 64


def slug(text: str, otherwise: str = "item") -> str:
    """Small letters, digits and _ from any text: a name that packs.NAME allows."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(tidy(text))).strip("_")
    return plain[:LONGEST].strip("_") or otherwise


def readable(stem: str) -> str:
    """A title from a file's name: blanks for _ and -, the first letter large."""
    words = " ".join(re.sub(r"[_-]+", " ", tidy(stem)).split())
    return words[:1].upper() + words[1:] if words else stem
