"""Editions of the lake: folders of whole files, one of them current. A new one is made beside and swapped in by rename.

    lake/current -> editions/7                    lake/editions/7/lake.json, schema.json
    lake/editions/7/days/month=2026-11.parquet    files that did not change are hard links to those of edition 6

A reader holds its edition by a shared lock on lake.json; two editions are kept, and any that is held.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from kiosk.errors import DamagedError, RefusedError
from kiosk.export.files import sync_folder, write_whole
from kiosk.province.lake.edition import ABOUT, SPEC, About, Edition, edition_at
from kiosk.province.lake.tables import VERSION
from kiosk.translations import _

CURRENT, EDITIONS, SCHEMA, LOCK = "current", "editions", "schema.json", "lake.lock"
KEPT = 2
TRIES = 100  # to hold an edition while others take its place


class Editions:
    """The folder of the lake."""

    def __init__(self, lake: Path) -> None:
        self.lake, self.folder = lake, lake / EDITIONS

    def current(self) -> Edition | None:
        """The edition that is published; None where there is none, or one that cannot be read."""
        try:
            return edition_at((self.lake / CURRENT).resolve(strict=True))
        except OSError:
            return None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one who builds. RefusedError when another does."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        handle = os.open(self.lake / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RefusedError(
                    _("The lake is being built already."), _("Wait until that has ended, and try again.")
                ) from None
            yield
        finally:
            os.close(handle)

    @contextmanager
    def held(self) -> Iterator[Edition]:
        """The current edition, which stays until the reader is done. DamagedError when there is none."""
        handle, edition = self._hold()
        try:
            yield edition
        finally:
            os.close(handle)

    def _hold(self) -> tuple[int, Edition]:
        for _again in range(TRIES):
            try:
                path = (self.lake / CURRENT).resolve(strict=True)
                handle = os.open(path / ABOUT, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue
            fcntl.flock(handle, fcntl.LOCK_SH)
            edition = edition_at(path)
            if edition is not None:
                return handle, edition
            os.close(handle)  # another one took its place between these lines
        raise no_lake(self.lake)

    def begin(self, tables: list[str]) -> Path:
        """An empty folder to build the next edition in. What was left of earlier builds is removed."""
        self.clean()
        number = max((int(path.name) for path in self.folder.iterdir() if path.name.isdigit()), default=0) + 1
        part = self.folder / f".{number}.part"
        for table in tables:
            (part / table).mkdir(mode=0o750, parents=True)
        return part

    def publish(self, part: Path, about: About, schema: Mapping[str, Mapping[str, str]]) -> Edition:
        """Everything of it on the disk, then its name, then `current`: whoever looks sees the old or the new one."""
        told = {"spec": SPEC, "version": VERSION, "tables": schema}
        write_whole(part / SCHEMA, json.dumps(told, indent=1).encode() + b"\n")
        write_whole(part / ABOUT, json.dumps(asdict(about), indent=1).encode() + b"\n")
        for folder in (*(path for path in part.iterdir() if path.is_dir()), part):
            sync_folder(folder)
        path = self.folder / part.name.strip(".").removesuffix(".part")
        os.rename(part, path)
        sync_folder(self.folder)
        beside = self.lake / f".{CURRENT}.part"
        beside.unlink(missing_ok=True)
        os.symlink(f"{EDITIONS}/{path.name}", beside)
        os.replace(beside, self.lake / CURRENT)
        sync_folder(self.lake)
        self.clean()
        return Edition(path, about)

    def clean(self) -> None:
        """Removes what no reader sees: leftovers, editions that were never published, old ones that nobody holds."""
        shown = os.path.basename(os.path.realpath(self.lake / CURRENT))
        numbers = sorted((int(path.name) for path in self.folder.iterdir() if path.name.isdigit()), reverse=True)
        published = [number for number in numbers if not shown.isdigit() or number <= int(shown)]
        kept = {str(number) for number in published[:KEPT]}
        for path in list(self.folder.iterdir()):
            if path.name.startswith("."):
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in kept:
                _remove(path)


def _remove(path: Path) -> None:
    """An edition that nobody holds; it loses its name first, so that no half of one is ever seen."""
    try:
        handle = os.open(path / ABOUT, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = path.with_name(f".{path.name}.gone")
        os.rename(path, gone)
        shutil.rmtree(gone, ignore_errors=True)
    except OSError:
        pass  # somebody reads it; the next build looks again
    finally:
        os.close(handle)


def no_lake(lake: Path) -> DamagedError:
    """What is said where nothing is published yet."""
    return DamagedError(_("There is no lake in {path}.", path=lake), _("Make it: kiosk province rebuild."))
