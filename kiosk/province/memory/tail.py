"""The end of the archive, where it grows: written, brought to the disk; after a failure cut back to what is there."""

import os
from collections.abc import Sequence
from pathlib import Path

from kiosk.export.batch import Signed
from kiosk.export.files import trouble
from kiosk.province.memory.records import FIRST, Place, frame
from kiosk.province.memory.segments import (
    damaged,
    records_from,
    segment_numbers,
    segment_path,
    sync_folder,
    write_again,
)


class Tail:
    """The last segment. `end`: where the next record begins; up to `_durable` everything is on the disk."""

    def __init__(self, folder: Path, segment_bytes: int) -> None:
        self.end = self._durable = FIRST
        self._folder, self._max = folder, segment_bytes
        self._handle: int | None = None
        self._torn = False

    def append(self, bundles: Sequence[Signed], at: int) -> list[Place]:
        """As Archive.append."""
        places: list[Place] = []
        parts: list[bytes] = []
        try:
            self._open()
            for bundle in bundles:
                record = frame(bundle, at)
                if self.end.offset and self.end.offset + len(record) > self._max:
                    self._write(parts)
                    parts = []
                    self._next_segment()
                places.append(self.end)
                parts.append(record)
                self.end = Place(self.end.segment, self.end.offset + len(record))
            self._write(parts)
        except OSError as error:
            self._cut()
            raise trouble(self._folder, error) from error
        return places

    def sync(self) -> Place:
        """As Archive.sync."""
        try:
            if self._handle is not None:
                os.fdatasync(self._handle)
        except OSError as error:
            self._cut()
            raise trouble(self._folder, error) from error
        self._durable = self.end
        return self.end

    def recover(self, committed: Place) -> Place:
        """As Archive.recover."""
        self.close()
        try:
            path = segment_path(self._folder, committed.segment)
            if committed != FIRST and (not path.exists() or path.stat().st_size < committed.offset):
                raise damaged(self._folder, committed)
            end = committed
            for record in records_from(self._folder, committed):
                end = record.next
            self._durable = self.end = end
            self._torn = True
            self._open()
            write_again(self._folder, committed)
        except OSError as error:
            raise trouble(self._folder, error) from error
        return end

    def close(self) -> None:
        """Closes the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> None:
        """The last segment, open for appending, nothing behind the last durable record."""
        if self._torn:
            self._cut_off()
        if self._handle is None:
            new = not (path := segment_path(self._folder, self.end.segment)).exists()
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if new:
                sync_folder(self._folder)

    def _next_segment(self) -> None:
        """Ends a full segment: it is on the disk before the next one begins, so only the last can be torn."""
        assert self._handle is not None
        os.fdatasync(self._handle)
        self.close()
        self.end = Place(self.end.segment + 1, 0)
        self._open()

    def _write(self, parts: list[bytes]) -> None:
        assert self._handle is not None
        view = memoryview(b"".join(parts))
        offset = self.end.offset - len(view)
        while view:
            done = os.pwrite(self._handle, view, offset)
            view, offset = view[done:], offset + done

    def _cut(self) -> None:
        """After a failure: back to what is durable, at once where the disk allows it, else before the next record."""
        self.end, self._torn = self._durable, True
        try:
            self._cut_off()
        except OSError:
            pass  # `append` tries again before it writes

    def _cut_off(self) -> None:
        self.close()
        for number in reversed(segment_numbers(self._folder)):
            if number > self._durable.segment:
                segment_path(self._folder, number).unlink()
        path = segment_path(self._folder, self._durable.segment)
        if path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.ftruncate(handle, self._durable.offset)
                os.fsync(handle)
            finally:
                os.close(handle)
        self._torn = False
