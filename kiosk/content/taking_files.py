"""The files of a pack into the object store: looked at first, all of them, then kept, and taken back where it fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from kiosk.content.checks import trouble
from kiosk.content.files import need_room
from kiosk.content.items import File, Pack
from kiosk.content.packs import media_type
from kiosk.content.shelf_making import Told
from kiosk.content.shelves import Shelves
from kiosk.errors import KioskError
from kiosk.translations import _, reason


class Taking:
    """Puts packs into `shelves`, and knows what has to go again when the import does not come to its end."""

    def __init__(self, shelves: Shelves, told: Told) -> None:
        self._shelves, self._told = shelves, told
        self._fresh: list[str] = []
        self.new_bytes = 0

    def files(self, pack: Pack, old: Pack | None) -> Pack:
        """The pack with all its files kept. ValueError names a file that may not come in, KioskError a full disk."""
        sizes = {place: path.stat().st_size for place, path in pack.sources}
        self._look(pack, sum(sizes.values()))
        there = {(file.path, file.size) for file in old.files.values()} if old else set()
        self._shelves.root.mkdir(parents=True, exist_ok=True)
        need_room(self._shelves.root, sum(size for place, size in sizes.items() if (place, size) not in there))
        counted = _Counted(self._told, "copy", sum(sizes.values()))
        files: dict[str, File] = {}
        with self._shelves.objects.together():
            for place, path in pack.sources:
                counted.name = place
                with _opened(path, place) as source:
                    kept = self._shelves.objects.put(source, counted)
                if kept.new:
                    self._fresh.append(kept.sha256)
                    self.new_bytes += kept.size
                files[place] = File(place, kept.sha256, kept.size, media_type(place))
        return replace(pack, files=files)

    def _look(self, pack: Pack, whole: int) -> None:
        counted = _Counted(self._told, "look", whole)
        for place, path in pack.sources:
            counted.name = place
            try:
                why = trouble(path, place, counted)
            except OSError as error:
                raise lost(place, error) from None
            if why:
                raise ValueError(why)

    def take_back(self) -> None:
        """Delete what was kept for nothing."""
        for sha256 in self._fresh:
            self._shelves.objects.path(sha256).unlink(missing_ok=True)


class _Counted:
    """Bytes done of one file after the other, told as part of the whole."""

    def __init__(self, told: Told, step: str, whole: int) -> None:
        self._told, self._step, self._whole = told, step, whole
        self._done, self.name = 0, ""

    def __call__(self, count: int) -> None:
        self._done += count
        self._told(self._step, self.name, self._done, self._whole)


@contextmanager
def _opened(path: Path, place: str) -> Iterator["_Source"]:
    """The file itself, and never what a link put in its place leads to."""
    try:
        file = open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        raise lost(place, error) from None
    with file:
        yield _Source(file, place)


class _Source:
    """A file that is being read, whose failing is not taken for that of our own disk."""

    def __init__(self, file: IO[bytes], place: str) -> None:
        self._file, self._place = file, place

    def read(self, count: int = -1, /) -> bytes:
        """Some bytes; KioskError when the stick is out, or worn."""
        try:
            return self._file.read(count)
        except OSError as error:
            raise lost(self._place, error) from None


def lost(place: str, error: OSError) -> KioskError:
    """A file of the pack that cannot be read, or no more."""
    return KioskError(
        _("{path} cannot be read: {reason}.", path=place, reason=reason(error)),
        _("Plug the stick in again, or have the pack copied anew."),
    )
