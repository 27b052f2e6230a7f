"""Brings bundles to a folder: a share, a synchronised folder, a stick; and finds the receipts that lie there.

Whoever prepared a stick may have laid anything on it: nothing but plain files is read or written, from the open folder
(held.py), and of each kind no more than there can be.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kiosk.export.files import trouble
from kiosk.export.held import Held
from kiosk.export.sealed import MAX

RECEIPTS = "receipts"
MOST_RECEIPTS = 5_000
FEW = 200  # so few are all looked at: whoever carried them may have renamed them
MOST_NAMES = 200_000  # in one folder: of a station's own there are thousands
MOST_BYTES = 100_000_000  # of all receipts: each station's are some kilobytes


def folder_in(to: str) -> Path | None:
    """The folder that is meant, also where it is written as an address; None for a place elsewhere."""
    if "://" not in to:
        return Path(to)
    parts = urlsplit(to)
    return Path(unquote(parts.path)) if parts.scheme in ("file", "local") and parts.path else None


class Folder:
    """A folder or a stick: the place (places.py) that is reached without any protocol. KioskError for every trouble."""

    def __init__(self, folder: Path) -> None:
        """It is there, or is made inside one that is: a missing mount point is never made up on our own disk."""
        self._folder = folder
        try:
            folder.mkdir(exist_ok=True)
            self._held = Held.at(folder)
        except OSError as error:
            raise trouble(folder, error) from error

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def bring(self, name: str, content: bytes) -> bool:
        """The file, whole; False where it was there already. One that was cut or damaged is written again."""
        try:
            self._still_there()
            if self._held.holds(name, content):
                return False
            self._held.write(name, content)
        except OSError as error:
            raise trouble(self._folder, error) from error
        return True

    def receipts(self, begin: str) -> Iterator[bytes]:
        """What lies in `receipts/`; where there is much, what has a name that begins so. Nothing without it."""
        left = MOST_BYTES
        try:
            self._still_there()
            if not self._held.is_folder(RECEIPTS):
                return
            with self._held.inner(RECEIPTS) as folder:
                for name in ours(folder.names(MOST_NAMES), begin):
                    found = folder.read(name, min(MAX + 1, left))
                    if found is not None:
                        left -= len(found)
                        yield found
                    if left <= 0:
                        return
        except OSError as error:
            raise trouble(self._folder, error) from error

    def close(self) -> None:
        """Let the folder go; what a power cut left of an earlier file goes too."""
        with suppress(OSError):
            self._held.sweep(MOST_NAMES)
        self._held.close()

    def _still_there(self) -> None:
        """A stick may have been let go of meanwhile: nothing goes to what nobody sees any more."""
        if not self._held.is_at(self._folder):
            raise FileNotFoundError(2, "another folder by now", str(self._folder))


def copy(files: Iterable[tuple[str, bytes]], folder: Path) -> list[str]:
    """Writes the (name, bytes) that `folder` does not have yet, each whole; the names that were written."""
    with Folder(folder) as place:
        return [name for name, content in files if place.bring(name, content)]


def ours(names: Iterable[str], begin: str) -> list[str]:
    """Which files of `receipts/` are looked at."""
    receipts = sorted(name for name in names if name.endswith(".json") and not name.startswith("."))
    return receipts if len(receipts) <= FEW else [name for name in receipts if name.startswith(begin)][-MOST_RECEIPTS:]
