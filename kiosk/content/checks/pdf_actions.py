"""PDFs that act by themselves: JavaScript, starting programs, sending forms away.

A PDF is read as bytes, with no library and no trust in its table: all that stands outside its streams, and the object
streams unpacked, in which newer PDFs keep their objects. Names may be written with #xx for any letter (ISO 32000-1,
7.3.5), actions are listed there in 12.6.4. What is encrypted cannot be looked into; there the viewer's policy is the
wall.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from kiosk.translations import _

# What a leaflet never needs. Links (URI, GoTo) may stay: somebody has to press them.
ACTIONS = frozenset({b"JavaScript", b"JS", b"Launch", b"SubmitForm", b"ImportData"})
MAX_UNPACKED = 64 << 20
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){2,30})")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS = re.compile(rb"/(?:O|#4[fF])(?:b|#62)(?:j|#6[aA])(?:S|#53)(?:t|#74)(?:m|#6[dD])\b")
_DICTIONARY = 2_048  # bytes before a stream in which its dictionary stands


def pdf_trouble(path: Path, place: str) -> str:
    """Why the PDF may not come in."""
    found = sorted(actions(path))
    return _("{name} is a PDF that acts by itself ({actions})", name=place, actions=", ".join(found)) if found else ""


def actions(path: Path) -> set[str]:
    """The names of ACTIONS that the PDF uses."""
    found: set[str] = set()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for piece in _outside_streams(data):
            for name in _NAME.findall(piece):
                plain = _HEX.sub(lambda one: bytes([int(one[1], 16)]), name)
                if plain in ACTIONS:
                    found.add(plain.decode())
    return found


def _outside_streams(data: mmap.mmap) -> Iterator[bytes]:
    """The bytes between streams, and what object streams hold."""
    at = 0
    while (begun := _STREAM.search(data, at)) is not None:
        yield data[at : begun.start()]
        end = data.find(b"endstream", begun.end())
        end = len(data) if end < 0 else end
        dictionary = data[max(at, begun.start() - _DICTIONARY) : begun.start()]
        if _OBJECTS.search(dictionary.rpartition(b" obj")[2]):
            yield _unpacked(data[begun.end() : end])
        at = end
    yield data[at:]


def _unpacked(packed: bytes) -> bytes:
    """An object stream's bytes; as they are, where they were not packed."""
    try:
        return zlib.decompressobj().decompress(packed, MAX_UNPACKED)
    except zlib.error:
        return packed
