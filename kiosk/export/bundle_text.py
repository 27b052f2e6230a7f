"""From the bytes of a bundle to its lines: unpacked within bounds, and JSON about which no two readers disagree."""

import json
import zlib
from collections.abc import Callable
from typing import Any

from kiosk.export.bundle_lines import BundleError, Line

MAX_COMPRESSED = 256 * 1024
MAX_PLAIN = 4 * 1024 * 1024
# Values and lines of a bundle, so that one of a few kilobytes cannot fill the memory when it is read.
MAX_VALUES = 100_000


def lines_in(content: bytes) -> list[Line]:
    """The objects of a file's lines. BundleError where it is not whole, too large, or a line is no such object."""
    plain = _plain(content)
    if plain.count(b",") + plain.count(b"\n") > MAX_VALUES:
        raise BundleError("TOO_BIG", "more values than a bundle may have")
    return objects(plain)


def _plain(content: bytes) -> bytes:
    """Unpacked, never more than MAX_PLAIN bytes of it."""
    if len(content) > MAX_COMPRESSED:
        raise BundleError("TOO_BIG", "more bytes than a bundle may have")
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, MAX_PLAIN + 1)
    except zlib.error:
        raise BundleError("TRUNCATED", "not gzip") from None
    if len(plain) > MAX_PLAIN:
        raise BundleError("TOO_BIG", "more bytes than a bundle may have")
    if not unpack.eof or unpack.unused_data or not plain.endswith(b"\n"):
        raise BundleError("TRUNCATED", "cut off, or more behind its end")
    return plain


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


_ODD = ("\r", "\\u", '" ', '"\t')


def objects(plain: bytes) -> list[Line]:
    """The lines' objects. Fast for what stations write; anything else is looked at line by line."""
    found: list[Line] = []
    try:
        text = plain.decode()
        place, length, names = 0, len(text), 0
        while place < length:
            value, place = _scan(text, place)
            if text[place] != "\n" or type(value) is not dict or type(value.get("kind")) is not str:
                break
            found.append(value)
            names += len(value)
            place += 1
        # An object that goes over several lines, or a line that another sign ends, is none of ours; nor is one in which
        # a name stands twice (each stands before `":`, also in the objects of a line), or a letter is half a one.
        # _ODD: what would let a colon stand apart from its name, and two such oddities make up for one another.
        if place == length and text.count("\n") == len(found) and not any(sign in text for sign in _ODD):
            inside = text.count('":') - names
            if inside == len(found[0].get("rows", ())) or inside == _names_inside(found):
                return found
    except (ValueError, StopIteration, RecursionError, IndexError, TypeError):
        pass
    return [parsed(line) for line in plain.splitlines()]


def parsed(line: bytes) -> Line:
    try:
        value = json.loads(line, object_pairs_hook=_once)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate is no letter
    except (ValueError, RecursionError):
        raise BundleError("SCHEMA", "a line that is not JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise BundleError("SCHEMA", "a line without a kind")
    return value


def _names_inside(lines: list[Line]) -> int:
    """The names of the objects that stand in lines."""
    return sum(len(one) for line in lines for one in line.values() if type(one) is dict)


def _once(pairs: list[tuple[str, Any]]) -> Line:
    """An object in which no name stands twice: readers would not agree on which of them counts."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands there twice")
    return value
