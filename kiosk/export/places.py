"""Where the courier carries bundles to when it is no server of ours: a folder, a stick, or an fsspec URL such as sftp.

Every file comes there whole: written beside, then renamed, where the other side can rename. The line with the signature
(batch.py) comes before the bundle that it belongs to, so that a bundle that can be seen can also be checked.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from kiosk.errors import KioskError
from kiosk.export.batch import SUFFIX, Signed
from kiosk.export.destination import open_folder
from kiosk.export.files import put, trouble
from kiosk.export.sealed import MAX
from kiosk.translations import _

RECEIPTS = "receipts"
MOST_RECEIPTS = 5_000
FEW = 200  # so few are all looked at: whoever carried them may have renamed them
# Whose files appear whole by themselves, and which have no rename of their own.
WHOLE_BY_THEMSELVES = {"s3", "s3a", "gs", "gcs", "az", "abfs", "oss", "memory"}


class Place(Protocol):
    """Somewhere files can be put and receipts found."""

    def bring(self, name: str, content: bytes) -> bool:
        """The file, whole; False where it was there already. KioskError where it cannot be."""

    def receipts(self, begin: str) -> Iterator[bytes]:
        """What lies in `receipts/`; where there is much, what has a name that begins so. Nothing without it."""

    def close(self) -> None:
        """Done."""


def is_url(to: str) -> bool:
    """Whether it names a place elsewhere, not a folder of this PC."""
    return "://" in to


def shown(to: str) -> str:
    """For people: an address without the name and the password in it."""
    if not is_url(to):
        return to
    parts = urlsplit(to)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def place_of(to: str) -> Place:
    """The place of that name. KioskError where it is not there or nothing here speaks its language."""
    return Far(to) if is_url(to) else Folder(Path(to))


def carry(place: Place, bundle: Signed, name: str) -> bool:
    """Signature first, then the bundle; whether anything had to be written."""
    signed = place.bring(name + SUFFIX, bundle.line)
    return place.bring(name, bundle.content) or signed


class Folder:
    """A folder or a stick."""

    def __init__(self, folder: Path) -> None:
        open_folder(folder)
        self._folder = folder

    def bring(self, name: str, content: bytes) -> bool:
        """As `Place`: also a file that was cut or damaged is written again."""
        target = self._folder / name
        try:
            if target.is_file() and target.read_bytes() == content:
                return False
        except OSError as error:
            raise trouble(self._folder, error) from error
        put(target, content)
        return True

    def receipts(self, begin: str) -> Iterator[bytes]:
        """As `Place`."""
        try:
            there = [path.name for path in (self._folder / RECEIPTS).glob("*.json")]
            for name in _ours(there, begin):
                with open(self._folder / RECEIPTS / name, "rb") as file:
                    yield file.read(MAX + 1)
        except OSError as error:
            raise trouble(self._folder, error) from error

    def close(self) -> None:
        """Nothing is open."""


class Far:
    """Whatever fsspec reaches. Its errors are many; every one becomes a sentence."""

    def __init__(self, url: str) -> None:
        self._shown = shown(url)
        try:
            from fsspec.core import url_to_fs

            self._fs, root = url_to_fs(url, use_listings_cache=False)
            self._root = PurePosixPath(str(root))
            if not self._fs.isdir(str(self._root)):
                self._fs.mkdir(str(self._root))
        except ImportError as error:
            raise KioskError(
                _("Nothing here can speak to {url}: {reason}.", url=self._shown, reason=str(error)),
                _("Install the package it names, or correct [export] to in site.toml."),
            ) from None
        except Exception as error:  # the border to whichever protocol it is
            raise self._trouble(error) from None

    def bring(self, name: str, content: bytes) -> bool:
        """As `Place`; a file of the same size is believed to be the same."""
        target = str(self._root / name)
        try:
            there = self._size(target)
            if there == len(content) and (not name.endswith(SUFFIX) or self._fs.cat_file(target) == content):
                return False
            if WHOLE_BY_THEMSELVES & {*self._protocols()}:
                self._fs.pipe_file(target, content)
                return True
            beside = str(self._root / f".{name}.part")
            self._fs.pipe_file(beside, content)
            if there is not None:
                self._fs.rm_file(target)
            self._fs.mv(beside, target)
        except Exception as error:  # the border to whichever protocol it is
            raise self._trouble(error) from None
        return True

    def receipts(self, begin: str) -> Iterator[bytes]:
        """As `Place`."""
        try:
            folder = str(self._root / RECEIPTS)
            if not self._fs.isdir(folder):
                return
            there = [str(one).rpartition("/")[2] for one in self._fs.ls(folder, detail=False)]
            for name in _ours(there, begin):
                yield bytes(self._fs.cat_file(f"{folder}/{name}"))
        except Exception as error:  # the border to whichever protocol it is
            raise self._trouble(error) from None

    def close(self) -> None:
        """The session of whichever protocol it is ends with the process."""

    def _protocols(self) -> tuple[str, ...]:
        known: Any = self._fs.protocol
        return (known,) if isinstance(known, str) else tuple(known)

    def _size(self, target: str) -> int | None:
        try:
            return int(self._fs.info(target)["size"])
        except FileNotFoundError:
            return None

    def _trouble(self, error: Exception) -> KioskError:
        if isinstance(error, KioskError):
            return error
        if isinstance(error, (TimeoutError, ConnectionError)):
            hint = _("The network may be slow or cut off; try again later.")
            return KioskError(_("{where} does not answer.", where=self._shown), hint)
        said = " ".join(str(error).split())[:200] or type(error).__name__
        return KioskError(
            _("{url} does not take files: {reason}.", url=self._shown, reason=said),
            _("Check [export] to in site.toml, and what may be written there."),
        )


def _ours(names: list[str], begin: str) -> list[str]:
    receipts = sorted(name for name in names if name.endswith(".json") and not name.startswith("."))
    return receipts if len(receipts) <= FEW else [name for name in receipts if name.startswith(begin)][-MOST_RECEIPTS:]
