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

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from kiosk.export.batch import MAX_BODY, Signed
from kiosk.province.memory.records import FIRST, HEAD, Place, Record, record_at
from kiosk.province.memory.segments import damaged, records_from, segment_numbers, segment_path
from kiosk.province.memory.tail import Tail

if TYPE_CHECKING:
    from kiosk.province.home import Home

MAX_SEGMENT = 64 << 20
_AT_ONCE = 4096  # bytes: a record of two kilobytes is had by one call
_OPEN_FILES = 32


class Archive:
    """The archive of a home. One thread at a time appends, after `recover`; any may read."""

    def __init__(self, home: "Home", segment_bytes: int = MAX_SEGMENT) -> None:
        """Opens nothing yet: who only reads needs no right to write."""
        self.folder = home.archive
        self._tail = Tail(self.folder, segment_bytes)
        self._files: OrderedDict[int, int] = OrderedDict()
        self._files_lock = Lock()

    @property
    def end(self) -> Place:
        """Where the next record will begin."""
        return self._tail.end

    def append(self, bundles: Sequence[Signed], at: int) -> list[Place]:
        """Writes records behind the last; they are durable only after `sync`. KioskError: nothing was written.

        `at`: when they were received, seconds since 1970 UTC.
        """
        return self._tail.append(bundles, at)

    def sync(self) -> Place:
        """Brings all that was appended to the disk; where the next record will begin. KioskError: it is cut off."""
        return self._tail.sync()

    def recover(self, committed: Place) -> Place:
        """After a crash: brings the whole records behind `committed` to the disk, cuts what is torn; the end now.

        DamagedError when the archive ends before `committed`: then bytes are missing that the ledger has a row for.
        """
        return self._tail.recover(committed)

    def read(self, place: Place) -> Signed:
        """The bundle at a place. DamagedError when it is not as it was written."""
        try:
            first = self._bytes(place)
        except OSError as error:
            raise damaged(self.folder, place) from error
        found = record_at(place, first)
        if found is None:
            raise damaged(self.folder, place)
        return found.bundle

    def records(self, start: Place = FIRST) -> Iterator[Record]:
        """All records from a place on, in order. DamagedError at one that is not whole, except at the very end."""
        return records_from(self.folder, start)

    def segments(self) -> list[int]:
        """The numbers of the segments that are there, in order."""
        return segment_numbers(self.folder)

    def close(self) -> None:
        """Closes the files."""
        self._tail.close()
        with self._files_lock:
            while self._files:
                os.close(self._files.popitem()[1])

    def _bytes(self, place: Place) -> bytes:
        """The record and perhaps more. The lock is held meanwhile, so that nobody closes the file."""
        with self._files_lock:
            handle = self._files.pop(place.segment, None)
            if handle is None:
                handle = os.open(segment_path(self.folder, place.segment), os.O_RDONLY | os.O_CLOEXEC)
            self._files[place.segment] = handle
            if len(self._files) > _OPEN_FILES:
                os.close(self._files.popitem(last=False)[1])
            first = os.pread(handle, _AT_ONCE, place.offset)
            if len(first) >= HEAD.size:
                length = HEAD.size + min(HEAD.unpack_from(first)[1], MAX_BODY)
                if length > len(first):
                    first += os.pread(handle, length - len(first), place.offset + len(first))
            return first
