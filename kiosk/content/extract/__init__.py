"""The words inside an item, taken out when a pack is made or imported and never when somebody searches.

One file a format, each with one function from a path to parts. A file whose words cannot be had is no failure: it is
offered all the same, found by its title, and its note says why (NOT_SEARCHED).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.content.items import Item, Part


@dataclass(frozen=True)
class Extract:
    """What came out: parts in reading order, how many pages there are, codes of what has to be told."""

    parts: tuple[Part, ...] = ()
    pages: int = 0
    notes: tuple[str, ...] = ()


def extract(item: Item, path_of: Callable[[str], Path]) -> Extract:
    """The words of an item; `path_of` says where a file of its pack lies. OSError when one cannot be read, no other."""
    match item.format:
        case "html":
            from kiosk.content.extract.html_text import parts_of_html

            return parts_of_html(path_of(item.file))
        case "pdf":
            from kiosk.content.extract.pdf_text import parts_of_pdf

            return parts_of_pdf(path_of(item.file))
        case "epub":
            from kiosk.content.extract.epub_text import parts_of_epub

            return parts_of_epub(path_of(item.file))
        case "video" | "audio":
            from kiosk.content.extract.subtitles import parts_of_sound

            return parts_of_sound(item, path_of)
        case "zim":
            return Extract()  # brings its own index (zim.py)
        case _:
            return Extract()
