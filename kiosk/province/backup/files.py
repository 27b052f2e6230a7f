"""Files of a backup: copied or linked, then read again from the disk and compared; and the listing that names them."""

import errno
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from kiosk.errors import DamagedError, KioskError
from kiosk.export.files import trouble, write_whole
from kiosk.translations import _

SPEC = "kiosk-province-backup/1"
LISTING = "backup.json"
LEDGER, SETTINGS, ARCHIVE, KEYS = "ledger.db", "province.toml", "archive", "keys"
CHUNK = 1 << 20

Progress = Callable[[int, int], None]  # (bytes done, bytes in all)


def silent(_done: int, _whole: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class File:
    """How long a file is, and the sha256 of its bytes."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """A backup as its listing tells it. `files` by their path inside it; `made` UTC; `ledger` whose memory it is.

    Of one that was just made: `damaged` names files that are damaged in the backup `before`, and whole in this one.
    """

    path: Path
    made: str
    ledger: str
    bundles: int
    files: Mapping[str, File]
    before: Path | None = None
    damaged: tuple[str, ...] = ()

    @property
    def keys(self) -> bool:
        """Whether the province's secret keys are in it."""
        return any(name.startswith(f"{KEYS}/") for name in self.files)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files.values())

    def save(self, folder: Path) -> None:
        """Writes the listing, which is the last of its files. OSError."""
        listing = {"spec": SPEC, "made": self.made, "ledger": self.ledger, "bundles": self.bundles,
                   "files": {name: asdict(file) for name, file in sorted(self.files.items())}}  # fmt: skip
        write_whole(folder / LISTING, json.dumps(listing, indent=1).encode() + b"\n", mode=0o600)


def backup_at(path: Path) -> Backup:
    """The backup in a folder. KioskError when it is none, DamagedError when its listing cannot be read."""
    try:
        listing = json.loads((path / LISTING).read_bytes())
        if listing["spec"] != SPEC:
            raise ValueError(listing["spec"])
        files = {_inside(name): File(int(file["size"]), str(file["sha256"])) for name, file in listing["files"].items()}
        return Backup(path, str(listing["made"]), str(listing["ledger"]), int(listing["bundles"]), files)
    except (FileNotFoundError, NotADirectoryError):
        raise KioskError(
            _("{path} is no backup of a province.", path=path),
            _("Name the folder of one backup; in it lies a file {name}.", name=LISTING),
        ) from None
    except OSError as error:
        raise trouble(path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedError(_("The backup {path} is damaged: {name}.", path=path, name=LISTING),
                           _("Take another backup.")) from None  # fmt: skip


def backups_in(folder: Path) -> list[Backup]:
    """All backups of a folder that can be read, the newest first."""
    found = []
    for path in folder.glob(f"*/{LISTING}"):
        try:
            found.append(backup_at(path.parent))
        except KioskError:
            continue
    return sorted(found, key=lambda one: one.made, reverse=True)


def copied(source: Path, target: Path, size: int | None = None, step: Callable[[int], None] = lambda _n: None) -> File:
    """The first `size` bytes of a file (all, with None) as a new one, on the disk and compared; OSError.

    DamagedError: what was written is not what was read, so disk or memory err.
    """
    digest, left = sha256(), source.stat().st_size if size is None else size
    whole = left
    with open(source, "rb") as reading, open(target, "xb") as writing:
        os.chmod(target, 0o600)
        while left and (chunk := reading.read(min(CHUNK, left))):
            digest.update(chunk)
            writing.write(chunk)
            left -= len(chunk)
            step(len(chunk))
        writing.flush()
        os.fsync(writing.fileno())
        if left:
            raise DamagedError(
                _("{path} is shorter than the ledger says.", path=source), _("Run kiosk province verify.")
            )
        os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    made = File(whole, digest.hexdigest())
    if read_again(target) != made:
        raise DamagedError(_("{path} could not be read as it was written.", path=target),
                           _("The disk may be failing: use another one."))  # fmt: skip
    return made


def linked(source: Path, target: Path) -> bool:
    """The same file under another name, where the file system can; OSError only for what copying would meet too."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EACCES):
            return False
        raise
    return True


def read_again(path: Path, step: Callable[[int], None] = lambda _n: None) -> File:
    """How long a file is and what its bytes are, as read now. OSError."""
    digest, size = sha256(), 0
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            step(len(chunk))
    return File(size, digest.hexdigest())


def _inside(name: Any) -> str:
    """A listing names files of its own folder only."""
    if not isinstance(name, str) or name.startswith("/") or not set(name.split("/")).isdisjoint({"", ".", ".."}):
        raise ValueError(name)
    return name
