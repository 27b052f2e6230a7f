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
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError
from kiosk.export.batch import Signed
from kiosk.export.files import trouble
from kiosk.province.records import FIRST, HEAD, Place, Record, frame, record_at, records_in
from kiosk.translations import _

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
        self._max = segment_bytes
        self._files: OrderedDict[int, int] = OrderedDict()
        self._files_lock = Lock()
        self._tail: int | None = None
        self._durable = FIRST
        self._end = self._durable
        self._torn = False

    @property
    def end(self) -> Place:
        """Where the next record will begin."""
        return self._end

    def append(self, bundles: Sequence[Signed], at: int) -> list[Place]:
        """Writes records behind the last; they are durable only after `sync`. KioskError: nothing was written.

        `at`: when they were received, seconds since 1970 UTC.
        """
        places: list[Place] = []
        parts: list[bytes] = []
        try:
            self._open_tail()
            for bundle in bundles:
                record = frame(bundle, at)
                if self._end.offset and self._end.offset + len(record) > self._max:
                    self._write(parts)
                    parts = []
                    self._next_segment()
                places.append(self._end)
                parts.append(record)
                self._end = Place(self._end.segment, self._end.offset + len(record))
            self._write(parts)
        except OSError as error:
            self._cut()
            raise trouble(self.folder, error) from error
        return places

    def sync(self) -> Place:
        """Brings all that was appended to the disk; where the next record will begin. KioskError: it is cut off."""
        try:
            if self._tail is not None:
                os.fdatasync(self._tail)
        except OSError as error:
            self._cut()
            raise trouble(self.folder, error) from error
        self._durable = self._end
        return self._end

    def read(self, place: Place) -> Signed:
        """The bundle at a place. DamagedError when it is not as it was written."""
        try:
            handle = self._handle(place.segment)
            first = os.pread(handle, _AT_ONCE, place.offset)
            if len(first) >= HEAD.size and (more := HEAD.size + HEAD.unpack_from(first)[1] - len(first)) > 0:
                first += os.pread(handle, more, place.offset + len(first))
        except OSError as error:
            raise self._damaged(place) from error
        found = record_at(place, first)
        if found is None:
            raise self._damaged(place)
        return found.bundle

    def records(self, start: Place = FIRST) -> Iterator[Record]:
        """All records from a place on, in order. DamagedError at one that is not whole, except at the very end."""
        segments = [number for number in self.segments() if number >= start.segment]
        for number in segments:
            here = Place(number, start.offset if number == start.segment else 0)
            path = self._path(number)
            with open(path, "rb") as file:
                for record in records_in(file, here):
                    yield record
                    here = record.next
            if number != segments[-1] and here.offset != path.stat().st_size:
                raise self._damaged(here)

    def recover(self, committed: Place) -> Place:
        """After a crash: brings the whole records behind `committed` to the disk, cuts what is torn; the end now.

        DamagedError when the archive ends before `committed`: then bytes are missing that the ledger has a row for.
        """
        self._close_tail()
        try:
            path = self._path(committed.segment)
            if committed != FIRST and (not path.exists() or path.stat().st_size < committed.offset):
                raise self._damaged(committed)
            end = committed
            for record in self.records(committed):
                end = record.next
            self._durable = self._end = end
            self._torn = True
            self._open_tail()
            self._write_again(committed)
        except OSError as error:
            raise trouble(self.folder, error) from error
        return end

    def segments(self) -> list[int]:
        """The numbers of the segments that are there, in order."""
        return sorted(int(path.stem) for path in self.folder.glob("[0-9]*.seg") if path.stem.isdigit())

    def close(self) -> None:
        """Closes the files."""
        self._close_tail()
        with self._files_lock:
            while self._files:
                os.close(self._files.popitem()[1])

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.seg"

    def _open_tail(self) -> None:
        """The last segment, open for appending, nothing behind the last durable record."""
        if self._torn:
            self._cut_off()
        if self._tail is None:
            new = not (path := self._path(self._end.segment)).exists()
            self._tail = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if new:
                self._sync_folder()

    def _next_segment(self) -> None:
        """Ends a full segment: it is on the disk before the next one begins, so only the last can be torn."""
        assert self._tail is not None
        os.fdatasync(self._tail)
        self._close_tail()
        self._end = Place(self._end.segment + 1, 0)
        self._open_tail()

    def _write(self, parts: list[bytes]) -> None:
        assert self._tail is not None
        view = memoryview(b"".join(parts))
        offset = self._end.offset - len(view)
        while view:
            done = os.pwrite(self._tail, view, offset)
            view, offset = view[done:], offset + done

    def _write_again(self, start: Place) -> None:
        """The records that a crash left: the same bytes once more, because a failed fsync may have forgotten them."""
        for number in self.segments():
            if number >= start.segment:
                handle = os.open(self._path(number), os.O_RDWR | os.O_CLOEXEC)
                try:
                    offset = start.offset if number == start.segment else 0
                    while part := os.pread(handle, 1 << 20, offset):
                        offset += os.pwrite(handle, part, offset)
                    os.fsync(handle)
                finally:
                    os.close(handle)
        self._sync_folder()

    def _cut(self) -> None:
        """After a failure: back to what is durable, at once where the disk allows it, else before the next record."""
        self._end, self._torn = self._durable, True
        try:
            self._cut_off()
        except OSError:
            pass  # `append` tries again before it writes

    def _cut_off(self) -> None:
        self._close_tail()
        for number in reversed(self.segments()):
            if number > self._durable.segment:
                with self._files_lock:
                    if number in self._files:
                        os.close(self._files.pop(number))
                self._path(number).unlink()
        path = self._path(self._durable.segment)
        if path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.ftruncate(handle, self._durable.offset)
                os.fsync(handle)
            finally:
                os.close(handle)
        self._torn = False

    def _close_tail(self) -> None:
        if self._tail is not None:
            os.close(self._tail)
            self._tail = None

    def _handle(self, number: int) -> int:
        with self._files_lock:
            handle = self._files.pop(number, None)
            if handle is None:
                handle = os.open(self._path(number), os.O_RDONLY | os.O_CLOEXEC)
            self._files[number] = handle
            if len(self._files) > _OPEN_FILES:
                os.close(self._files.popitem(last=False)[1])
            return handle

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _damaged(self, place: Place) -> DamagedError:
        path = self._path(place.segment)
        return DamagedError(
            _("The archive is damaged: {path}, from byte {n} on.", path=path, n=place.offset),
            _("Put it back from a copy: kiosk province restore."),
        )
