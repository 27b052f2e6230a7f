"""The files of the archive: where a segment lies, and all its records one after the other."""

import os
from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import DamagedError
from kiosk.province.memory.records import Place, Record, records_in
from kiosk.translations import _


def segment_path(folder: Path, number: int) -> Path:
    """The file of a segment."""
    return folder / f"{number:06}.seg"


def segment_numbers(folder: Path) -> list[int]:
    """The numbers of the segments that are there, in order."""
    return sorted(int(path.stem) for path in folder.glob("[0-9]*.seg") if path.stem.isdigit())


def records_from(folder: Path, start: Place) -> Iterator[Record]:
    """All records from a place on, in order. DamagedError at one that is not whole, except at the very end."""
    segments = [number for number in segment_numbers(folder) if number >= start.segment]
    for number in segments:
        here = Place(number, start.offset if number == start.segment else 0)
        path = segment_path(folder, number)
        with open(path, "rb") as file:
            for record in records_in(file, here):
                yield record
                here = record.next
        if number != segments[-1] and here.offset != path.stat().st_size:
            raise damaged(folder, here)


def write_again(folder: Path, start: Place) -> None:
    """What stands from a place on: the same bytes once more, because a failed fsync may have forgotten them."""
    for number in segment_numbers(folder):
        if number >= start.segment:
            handle = os.open(segment_path(folder, number), os.O_RDWR | os.O_CLOEXEC)
            try:
                offset = start.offset if number == start.segment else 0
                while part := os.pread(handle, 1 << 20, offset):
                    offset += os.pwrite(handle, part, offset)
                os.fsync(handle)
            finally:
                os.close(handle)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Brings the names of a folder's files to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def damaged(folder: Path, place: Place) -> DamagedError:
    """What a person can do about bytes that are not as they were written."""
    path = segment_path(folder, place.segment)
    return DamagedError(
        _("The archive is damaged: {path}, from byte {n} on.", path=path, n=place.offset),
        _("Put it back from a copy: kiosk province restore."),
    )
