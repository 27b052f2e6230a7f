"""One record of the archive: how it is framed, and how a whole one is told from a torn one."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO, NamedTuple
from zlib import crc32

from kiosk.export.batch import MAX_BODY, BatchError, Signed, unpack

MAGIC = b"KREC"
HEAD = Struct(">4sIIQ")  # magic, length of the body, CRC-32 of time and body, time
_TIME = Struct(">Q")
_OFFSET_BITS = 32


class Place(NamedTuple):
    """Where a record begins."""

    segment: int
    offset: int

    @property
    def number(self) -> int:
        """The place as the ledger keeps it; later places are larger."""
        return self.segment << _OFFSET_BITS | self.offset

    @classmethod
    def of(cls, number: int) -> "Place":
        """The place of a number."""
        return cls(number >> _OFFSET_BITS, number & ((1 << _OFFSET_BITS) - 1))


FIRST = Place(1, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """A record: where it begins and the next one does, when it was received (seconds since 1970 UTC), what."""

    place: Place
    next: Place
    received: int
    bundle: Signed


def frame(bundle: Signed, at: int) -> bytes:
    """A record's bytes."""
    body = bundle.line + bundle.content
    return HEAD.pack(MAGIC, len(body), crc32(body, crc32(_TIME.pack(at))), at) + body


def record_at(place: Place, found: bytes) -> Record | None:
    """The record that these bytes begin with; None when they are not a whole one."""
    if len(found) < HEAD.size:
        return None
    magic, length, check, at = HEAD.unpack_from(found)
    end = HEAD.size + length
    if magic != MAGIC or length > MAX_BODY or len(found) < end:
        return None
    body = found[HEAD.size : end]
    if crc32(body, crc32(_TIME.pack(at))) != check:
        return None
    try:
        [bundle] = unpack(body)
    except (BatchError, ValueError):
        return None
    return Record(place, Place(place.segment, place.offset + end), at, bundle)


def records_in(file: BinaryIO, start: Place) -> Iterator[Record]:
    """The whole records of a segment from a place on; ends before the first that is none."""
    file.seek(start.offset)
    here = start
    while len(head := file.read(HEAD.size)) == HEAD.size:
        length = HEAD.unpack(head)[1]
        found = record_at(here, head + file.read(min(length, MAX_BODY)))
        if found is None:
            return
        yield found
        here = found.next
