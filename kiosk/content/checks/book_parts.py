"""EPUBs that would harm whoever opens them: XML with entities, and files that grow without end."""

import zipfile
import zlib
from pathlib import Path

from kiosk.content.extract.epub_text import Epub
from kiosk.content.safe_xml import HarmfulXml
from kiosk.content.zips import MAX_RATIO, RATIO_FROM
from kiosk.translations import _

_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, OSError)


def book_trouble(path: Path, place: str) -> str:
    """Why the book may not come in. One that is only damaged may: its page says that it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as opened:
            for entry in opened.infolist():
                if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
                    return _("{name} is a book whose {part} would grow more than {n} times",
                             name=place, part=ascii(entry.filename), n=MAX_RATIO)  # fmt: skip
        Epub(path).close()
    except HarmfulXml:
        return _("{name} is a book with entities in its XML, which can read other files or fill the memory", name=place)
    except _BROKEN:
        return ""
    return ""
