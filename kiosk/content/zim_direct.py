"""Where a film inside a ZIM archive lies in the file, so that it is sent from there and never held in memory.

libzim hands an item over whole. What is not packed anyway (films, sound, pictures) stands in the archive as it is:
entry -> its cluster -> its place in it (openZIM, "ZIM file format": directory entries, clusters).
"""

import struct
from pathlib import Path
from typing import IO

from kiosk.content.checks.zim_header import HEADER, MAGIC

_ENTRY = struct.Struct("<HBcIII")  # type, parameters, namespace, revision, cluster, blob
_REDIRECT = 0xFFFC  # from here on no item but a redirect, or nothing
_PLAIN = (0, 1)
_LARGE_OFFSETS = 0x10


def place_of(archive: Path, index: int) -> tuple[int, int] | None:
    """First byte and length of the item that is entry `index`, by path; None where it is packed, or not to be had."""
    try:
        with open(archive, "rb") as file:
            return _place(file, index)
    except (OSError, struct.error, ValueError, OverflowError):
        return None


def _place(file: IO[bytes], index: int) -> tuple[int, int] | None:
    magic, _major, _minor, _uuid, entries, clusters, paths, _titles, cluster_list, *_rest = HEADER.unpack(
        file.read(HEADER.size)
    )
    if magic != MAGIC or not 0 <= index < entries:
        return None
    (at,) = _read(file, paths + 8 * index, struct.Struct("<Q"))
    kind, _parameters, _space, _revision, cluster, blob = _read(file, at, _ENTRY)
    if kind >= _REDIRECT or cluster >= clusters:
        return None
    (begin,) = _read(file, cluster_list + 8 * cluster, struct.Struct("<Q"))
    (info,) = _read(file, begin, struct.Struct("<B"))
    if info & 0x0F not in _PLAIN:
        return None
    offsets = struct.Struct("<QQ" if info & _LARGE_OFFSETS else "<II")
    first, end = _read(file, begin + 1 + blob * offsets.size // 2, offsets)
    return (begin + 1 + first, end - first) if end >= first else None


def _read(file: IO[bytes], place: int, layout: struct.Struct) -> tuple[int, ...]:
    file.seek(place)
    found: tuple[int, ...] = layout.unpack(file.read(layout.size))
    return found
