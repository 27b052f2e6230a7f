"""The folder of copies beside the store: named by kind and number, checked, and never fewer than before a failure.

Numbers only grow, so the newest copy is known without any clock. Beside each lies its sha256: a check of SQLite does
not see a flipped bit inside a row.
"""

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.store import images
from kiosk.store.failures import explain, full_disk, read_only
from kiosk.translations import _, reason

# How many of each kind are kept. What is made at one moment gets its numbers in this order: the fullest is newest.
KEPT = {"monthly": 12, "daily": 7, "hourly": 3}
NAME = re.compile(r"(monthly|daily|hourly)-(\d{8})-(\d{4}-\d\d-\d\d)\.db")


@dataclass(frozen=True)
class Copy:
    """A file that calls itself a copy; `day`: local, of the clock as it was then."""

    path: Path
    kind: str
    number: int
    day: str


def folder_of(store: Path) -> Path:
    """Where the copies of a store lie."""
    return store.parent / "copies"


def listed(folder: Path) -> list[Copy]:
    """All copies by their names, newest first."""
    try:
        names = [name for path in folder.iterdir() if (name := NAME.fullmatch(path.name))]
    except FileNotFoundError:
        return []
    found = [Copy(folder / name[0], name[1], int(name[2]), name[3]) for name in names]
    return sorted(found, key=lambda one: one.number, reverse=True)


def due(have: list[Copy], day: str, trusted: bool) -> list[str]:
    """The kinds to be made now, hourly always; a day and a month are only known while the date is trusted."""
    kinds = {
        "monthly": trusted and not any(one.kind == "monthly" and one.day[:7] == day[:7] for one in have),
        "daily": trusted and not any(one.kind == "daily" and one.day == day for one in have),
        "hourly": True,
    }
    return [kind for kind in KEPT if kinds[kind]]


def keep(image: sqlite3.Connection, folder: Path, kind: str, day: str, about: dict[str, str]) -> Path:
    """Writes an image as the newest copy, then lets the oldest of its kind go. KioskError, and all old ones stay."""
    images.strip(image, day, leaves=kind == "monthly")
    with explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        _sweep(folder)
        have = listed(folder)
        number = have[0].number + 1 if have else 1
        path = folder / f"{kind}-{number:08}-{day}.db"
        put(image, path, about | {"kind": kind})
        for old in [one for one in listed(folder) if one.kind == kind][KEPT[kind] :]:
            old.path.unlink(missing_ok=True)
            hash_file(old.path).unlink(missing_ok=True)
    return path


def _sweep(folder: Path) -> None:
    """What a killed predecessor left: parts, and hashes of copies that never came."""
    for path in folder.iterdir():
        alone = path.suffix == ".sha256" and not path.with_suffix("").exists()
        if alone or path.name.endswith((".part", ".part-journal")):
            path.unlink(missing_ok=True)


def put(image: sqlite3.Connection, path: Path, about: dict[str, str]) -> None:
    """The image at `path`, checked, its sha256 beside it: both whole or neither."""
    part = path.with_name(f".{path.name}.part")
    try:
        images.write(image, part, about)
        if not images.whole(part) or images.about(part) is None:
            raise OSError(errno.EIO, "written, and read back differently")
        write_hash(path, digest(part))
        os.replace(part, path)
        images.flush(path.parent)
    except BaseException:
        forget(part)
        if not path.exists():
            forget(hash_file(path))
        raise


def passes(path: Path) -> dict[str, str] | None:
    """What the copy at `path` says of itself, where its bytes are those that were written; else None."""
    try:
        if hash_file(path).read_text(encoding="ascii").split()[0] != digest(path):
            return None
    except (OSError, IndexError, UnicodeDecodeError):
        return None
    return images.about(path)


def hash_file(path: Path) -> Path:
    """Where the sha256 of a file stands, as `sha256sum -c` reads it."""
    return path.with_name(path.name + ".sha256")


def write_hash(path: Path, hexadecimal: str) -> None:
    """Puts a file's sha256 beside it."""
    with open(hash_file(path), "w", encoding="ascii") as file:
        file.write(f"{hexadecimal}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """The sha256 of a file."""
    hashed = sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def duplicate(source: Path, target: Path) -> None:
    """The same bytes in another file, on the disk."""
    forget(target)
    shutil.copyfile(source, target)
    target.chmod(0o600)
    images.flush(target)


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turns what SQLite and the system say about `place` into our sentences."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, place) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full_disk(place) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise read_only(place) from error
        raise KioskError(
            _("{path} cannot be used: {reason}.", path=place, reason=reason(error)),
            _("Check the path and the disk, then try again."),
        ) from error


def forget(path: Path) -> None:
    """With what a killed predecessor may have left beside it: a foreign log would be read into the new file."""
    for beside in ("-wal", "-shm", "-journal", ""):
        try:
            path.with_name(path.name + beside).unlink(missing_ok=True)
        except OSError:
            pass  # a read-only disk took nothing, so there is nothing to forget
