"""A copy of a province's home: consistent while the collector serves, whole or not there, and cheap to repeat.

The ledger is copied first, as of one moment; then of each segment what that ledger knows, which is on the disk for
good. Segments that no longer grow are linked to those of the backup before it in the same folder once they were read
and found whole; never to the archive's own, for what happens to one file happens to all of its names. The lake is left
out: it is made again of ledger and archive.
"""

import os
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone
from itertools import count
from pathlib import Path

from kiosk.errors import DamagedError
from kiosk.export.files import sync_folder, trouble
from kiosk.province.backup.files import (
    ARCHIVE,
    KEYS,
    LEDGER,
    SETTINGS,
    Backup,
    File,
    Progress,
    backups_in,
    copied,
    linked,
    read_again,
    silent,
)
from kiosk.province.backup.leftovers import clear, working_in
from kiosk.province.home import Home
from kiosk.province.memory.ledger import Ledger, explain
from kiosk.province.memory.records import FIRST, Place
from kiosk.translations import _

NAME = "kiosk-province"


def make_backup(home: Home, to: Path, now: datetime, keys: bool = True, progress: Progress = silent) -> Backup:
    """A new backup: a folder in `to`, named after the moment. KioskError when it cannot be made; then none is there.

    DamagedError when what is to be copied, or the copy, is not what it should be.
    """
    moment = now.astimezone(timezone.utc)
    try:
        to.mkdir(mode=0o700, exist_ok=True)
        clear(to, f".{NAME}-*.part")
        with working_in(lambda: _part(to, f"{NAME}-{moment:%Y%m%d-%H%M%S}")) as part:
            done = to / part.name.removeprefix(".").removesuffix(".part")
            try:
                made = _Copying(home, part, to, keys, progress).run(moment.isoformat(timespec="seconds"))
                os.rename(part, done)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
        sync_folder(to)
    except OSError as error:
        raise trouble(to, error) from error
    return replace(made, path=done)


def _part(to: Path, name: str) -> Path:
    """A new folder to work in, of a name that no other backup of this second has."""
    for number in count(1):
        named = name if number == 1 else f"{name}-{number}"
        part = to / f".{named}.part"
        if not (to / named).exists():
            with suppress(FileExistsError):
                part.mkdir(mode=0o700)
                return part
    raise AssertionError


class _Copying:
    def __init__(self, home: Home, folder: Path, to: Path, keys: bool, progress: Progress) -> None:
        self.home, self.folder, self.to, self.keys, self.progress = home, folder, to, keys, progress
        self.done = self.whole = 0
        self.damaged: list[str] = []

    def run(self, made: str) -> Backup:
        ledger, end, bundles = self._ledger()
        before = next((one for one in backups_in(self.to) if one.ledger == ledger), None)
        (self.folder / ARCHIVE).mkdir(mode=0o700)
        files = {LEDGER: read_again(self.folder / LEDGER), **self._segments(end, before), **self._few()}
        backup = Backup(self.folder, made, ledger, bundles, files, before.path if before and self.damaged else None,
                        tuple(self.damaged))  # fmt: skip
        backup.save(self.folder)
        for folder in (self.folder, *(path for path in self.folder.iterdir() if path.is_dir())):
            sync_folder(folder)
        return backup

    def _ledger(self) -> tuple[str, Place, int]:
        """The ledger as of one moment, in one file; its name, how far the archive was then, how many bundles."""
        target = self.folder / LEDGER
        target.touch(mode=0o600)
        source = Ledger.read_only(self.home)
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            with source.reading() as db:
                db.backup(copy)  # in one step: the writer goes on in its log meanwhile
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()
            if copy.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise DamagedError(_("The ledger {path} is damaged.", path=self.home.ledger),
                                   _("Put it back: kiosk province restore."))  # fmt: skip
            # Codes by which PCs join are good once: what comes back later must not know those that were open now.
            copy.execute("PRAGMA secure_delete=ON").fetchall()
            copy.execute("UPDATE enrol_codes SET secret = NULL WHERE secret IS NOT NULL")
            meta = dict(copy.execute("SELECT name, value FROM meta"))
            bundles = int(copy.execute("SELECT count(*) FROM bundles").fetchone()[0])
        except sqlite3.Error as error:
            raise explain(error, target) from error
        finally:
            copy.close()
            source.close()
        with open(target, "rb") as file:
            os.fsync(file.fileno())
        return meta["ledger"], Place.of(int(meta.get("archive_end", FIRST.number))), bundles

    def _segments(self, end: Place, before: Backup | None) -> dict[str, File]:
        there = sorted(self.home.archive.glob("*.seg"))
        sizes = {path: path.stat().st_size for path in there if int(path.stem) < end.segment}
        if end.offset:
            sizes[self.home.archive / f"{end.segment:06}.seg"] = end.offset
        self.whole = sum(sizes.values())
        return {f"{ARCHIVE}/{path.name}": self._segment(path, size, int(path.stem) < end.segment, before)
                for path, size in sizes.items()}  # fmt: skip

    def _segment(self, path: Path, size: int, sealed: bool, before: Backup | None) -> File:
        name = f"{ARCHIVE}/{path.name}"
        target, known = self.folder / name, before.files.get(name) if before else None
        if sealed and before and known and known.size == size and linked(before.path / name, target):
            if read_again(target) == known:
                self._step(size)
                return known
            target.unlink()
            if (made := copied(path, target, size, self._step)) == known:
                self.damaged.append(name)
            return made
        return copied(path, target, size, self._step)

    def _few(self) -> dict[str, File]:
        """Settings and keys."""
        files = {SETTINGS: copied(self.home.settings, self.folder / SETTINGS)}
        if self.keys:
            (self.folder / KEYS).mkdir(mode=0o700)
            for path in sorted(self.home.keys.iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    files[f"{KEYS}/{path.name}"] = copied(path, self.folder / KEYS / path.name)
        return files

    def _step(self, more: int) -> None:
        self.done += more
        self.progress(self.done, self.whole)
