"""Files of the object store: whole or absent, on the disk when a function returns, each under the hash of its bytes."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.errors import DamagedError, KioskError
from kiosk.translations import _

CHUNK = 1 << 20
SPARE = 64 << 20  # bytes that the next catalogue and index may need
Progress = Callable[[int], None]  # told how many bytes more have been read


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, count: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Kept:
    """An object; `new` when it was not there before."""

    sha256: str
    size: int
    new: bool


class Objects:
    """`objects/ab/<sha256>`: bytes that never change. Two items with the same file share one object."""

    def __init__(self, root: Path, mode: int = 0o640) -> None:
        self.root, self._mode = root, mode
        self._unsynced: set[Path] | None = None

    def path(self, sha256: str) -> Path:
        """Where that object lies, or would."""
        return self.root / sha256[:2] / sha256

    def there(self, sha256: str, size: int, read: bool = False) -> bool:
        """Whether the object is here and as long as it should be; `read`: and each byte of it is right."""
        if read:
            return not self.verify(sha256, size)
        path = self.path(sha256)
        return path.exists() and path.stat().st_size == size

    def put(self, source: Readable, told: Progress = lambda _n: None) -> Kept:
        """Keep what can be read from `source`. KioskError when the disk does not take it."""
        beside = self.root / f".{os.getpid()}.part"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            digest, size = hashlib.sha256(), 0
            with open(beside, "wb") as file:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                    told(len(chunk))
                file.flush()
                os.fsync(file.fileno())
            new = self.adopt(beside, digest.hexdigest())
        except OSError as error:
            raise no_room(self.root, error) from error
        finally:
            beside.unlink(missing_ok=True)
        return Kept(digest.hexdigest(), size, new)

    def adopt(self, beside: Path, sha256: str) -> bool:
        """Keep a file whose bytes were hashed and flushed by the caller; whether it was not there before."""
        target = self.path(sha256)
        # What is there is replaced all the same: these bytes are right, and those may have rotted.
        new = not target.exists()
        target.parent.mkdir(exist_ok=True)
        os.chmod(beside, self._mode)
        os.replace(beside, target)
        if self._unsynced is None:
            sync_folder(target.parent)
            sync_folder(self.root)
        else:
            self._unsynced |= {target.parent, self.root}
        return new

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many objects in one go: their names are on the disk only when this ends, each folder flushed once."""
        self._unsynced = set()
        try:
            yield
            for folder in self._unsynced:
                sync_folder(folder)
        finally:
            self._unsynced = None

    def verify(self, sha256: str, size: int, told: Progress = lambda _n: None) -> str:
        """ "" when the object is whole; else what is wrong with it: `missing` or `damaged`."""
        try:
            with open(self.path(sha256), "rb") as file:
                digest = hashlib.sha256()
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    told(len(chunk))
                right = digest.hexdigest() == sha256 and file.tell() == size
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "damaged"
        return "" if right else "damaged"

    def all(self) -> Iterator[Path]:
        """Every object that lies here."""
        return (path for path in self.root.glob("??/*") if path.is_file())

    def sweep(self, wanted: set[str]) -> int:
        """Delete what nobody wants any more, and what was half written; the bytes that this freed."""
        freed = 0
        for path in [*self.root.glob(".*.part"), *(one for one in self.all() if one.name not in wanted)]:
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
        return freed


def digest_of(path: Path) -> tuple[str, int]:
    """A file's hash and size."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def write_whole(path: Path, content: bytes, mode: int = 0o640) -> None:
    """`content` at `path`, whole and on the disk when this returns: before the rename the old file stands."""
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)  # of a power cut, or a link that a stranger laid on this stick
    # Made with its mode, so that a secret is nobody else's for not one moment.
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(beside, new, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """See to it that a file's bytes are on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems of sticks and shares cannot
            raise
    finally:
        os.close(handle)


def need_room(folder: Path, needed: int) -> None:
    """KioskError when so many bytes of new files, and what is made of them, do not fit on the disk of `folder`."""
    free = shutil.disk_usage(folder).free
    if needed and needed + SPARE > free:
        raise KioskError(
            _("There is no room: {needed} MB are needed in {folder}, {free} MB are free.",
              needed=(needed + SPARE) // 10**6, folder=folder, free=free // 10**6),
            _("Make room there and try again."),
        )  # fmt: skip


def no_room(folder: Path, error: OSError) -> KioskError:
    """A write that failed, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return KioskError(_("There is no room left in {folder}.", folder=folder), _("Make room there and try again."))
    if error.errno == errno.EIO:
        return DamagedError(
            _("The disk under {folder} does not work properly.", folder=folder), _("Save what you need and replace it.")
        )
    return KioskError(_("{folder} cannot be written.", folder=folder), _("Allow it, or take off its write protection."))
