"""Where the courier carries bundles to when it is no server of ours: a folder, a stick, or an fsspec URL such as sftp.

A folder is destination.py's; here are the rest, and what all have in common.
Every file comes there whole: written beside, then renamed, where the other side can rename. The line with the signature
(batch.py) comes before the bundle that it belongs to, so that a bundle that can be seen can also be checked.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from kiosk.errors import KioskError
from kiosk.export.batch import SUFFIX, Signed
from kiosk.export.destination import MOST_BYTES, RECEIPTS, Folder, folder_in, ours
from kiosk.export.sealed import MAX
from kiosk.translations import _

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
    folder = folder_in(to)
    return Far(to) if folder is None else Folder(folder)


def carry(place: Place, bundle: Signed, name: str) -> bool:
    """Signature first, then the bundle; whether anything had to be written."""
    signed = place.bring(name + SUFFIX, bundle.line)
    return place.bring(name, bundle.content) or signed


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
            left = MOST_BYTES
            for name in ours(there, begin):
                with self._fs.open(f"{folder}/{name}", "rb") as file:
                    found = bytes(file.read(min(MAX + 1, left)))
                left -= len(found)
                yield found
                if left <= 0:
                    return
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
