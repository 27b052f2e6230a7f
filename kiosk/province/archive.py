"""The archive: every bundle as it came, appended for ever. The truth of a province; all else can be made again of it.

    archive/000001.seg, 000002.seg, ...   at most 64 MB each; only the last one grows

A segment is one record after the other, nothing between:

    bytes  0-3   KREC
    bytes  4-7   length of the body, big-endian
    bytes  8-11  CRC-32 (zlib) of all that follows: time, then body
    bytes 12-19  when it was received: seconds since 1970 UTC, big-endian
    body         the line of a bundle (export/batch.py: key id, signature, length), then its bytes as they were signed

What could not be taken stands there too, with what it said of itself; the ledger knows what each record is worth.
A record is told of only after fsync. What a crash has left behind the last good record is cut off at the next start;
a whole record that the ledger does not know is judged then, as if it had come again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kiosk.export.batch import Signed

if TYPE_CHECKING:
    from kiosk.province.home import Home

MAX_SEGMENT = 64 << 20
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


@dataclass(frozen=True, slots=True)
class Record:
    """A record: where, when it was received (seconds since 1970 UTC), what."""

    place: Place
    received: int
    bundle: Signed


class Archive:
    """The archive of a home. One thread at a time appends; any may read."""

    def __init__(self, home: "Home", writable: bool = True) -> None:
        """Opens it; nothing is read yet. KioskError when the folder cannot be had."""
        self.folder = home.archive

    def append(self, bundles: Sequence[Signed], at: int) -> list[Place]:
        """Writes records behind the last; they are durable only after `sync`. KioskError: nothing was written."""
        raise NotImplementedError

    def sync(self) -> Place:
        """Brings all that was appended to the disk; where the next record will begin. KioskError: it is cut off."""
        raise NotImplementedError

    def read(self, place: Place) -> Signed:
        """The bundle at a place. DamagedError when it is not as it was written."""
        raise NotImplementedError

    def records(self, start: Place | None = None) -> Iterator[Record]:
        """All records from a place on, in order, as far as they are whole. DamagedError at one that is not."""
        raise NotImplementedError

    def recover(self, committed: Place) -> list[Record]:
        """After a crash: the whole records behind `committed`, brought to the disk; what is torn behind them is cut."""
        raise NotImplementedError

    def close(self) -> None:
        """Closes the files."""
