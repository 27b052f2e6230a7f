"""Where `kiosk province ingest` reads: a folder or a stick (ingest_folder.py), or an fsspec URL.

Of a file never more than asked.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from kiosk.errors import KioskError
from kiosk.export.files import trouble
from kiosk.province.intake.ingest_folder import ENDING, RECEIPTS, Folder
from kiosk.translations import _


class Source(Protocol):
    """Somewhere bundles lie."""

    way: str

    def names(self) -> Iterator[str]:
        """The files of bundles, in order. KioskError when the place cannot be read."""

    def read(self, name: str, most: int) -> bytes | None:
        """The beginning of a file, `most` bytes of it; None where there is none. OSError when it cannot be read."""

    def put_receipt(self, name: str, text: str) -> None:
        """Writes a receipt into `receipts/`. OSError when it cannot be written."""

    def questions(self) -> Iterator[str]:
        """The files by which PCs without a network ask to join (export/join_by_stick.py), not yet answered."""

    def put_answer(self, question: str, text: str) -> None:
        """Writes the answer beside its question. OSError when it cannot be written."""


def source_of(place: str) -> Source:
    """The place of that name. KioskError where it is not there or nothing here speaks its language."""
    parts = urlsplit(place)
    if parts.scheme in ("file", "local") and parts.path:
        return Folder(Path(unquote(parts.path)))  # whoever writes it so may have the same laid on it
    return Far(place) if "://" in place else Folder(Path(place))


class Far:
    """Whatever fsspec reaches. Its errors are many; every one becomes a sentence, or an OSError of one file."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.way = parts.scheme
        self._shown = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        try:
            from fsspec.core import url_to_fs

            self._fs: Any
            self._fs, root = url_to_fs(url, use_listings_cache=False)
            self._root = PurePosixPath(str(root))
        except (ImportError, ValueError) as error:  # ValueError: it knows no such protocol
            raise KioskError(
                _("Nothing here can speak to {url}: {reason}.", url=self._shown, reason=str(error)),
                _("Install the package it names, or correct the address."),
            ) from None
        except Exception as error:  # the border to whichever protocol it is
            raise self._trouble(error) from None

    def names(self) -> Iterator[str]:
        """As `Source`."""
        try:
            if not self._fs.isdir(str(self._root)):
                raise trouble(Path(self._shown), FileNotFoundError(2, "not there"))
            found = sorted(str(path) for path in self._fs.find(str(self._root)))
        except Exception as error:  # the border to whichever protocol it is
            raise self._trouble(error) from None
        for path in found:
            if path.endswith(ENDING):
                yield path

    def read(self, name: str, most: int) -> bytes | None:
        """As `Source`."""
        try:
            with self._fs.open(name, "rb") as file:
                return bytes(file.read(most))
        except FileNotFoundError:
            return None
        except Exception as error:  # the border to whichever protocol it is
            if _is_not_there(error):
                return None
            raise OSError(str(error)) from None

    def put_receipt(self, name: str, text: str) -> None:
        """As `Source`."""
        folder = str(self._root / RECEIPTS)
        try:
            if not self._fs.isdir(folder):
                self._fs.mkdir(folder)
            self._fs.pipe_file(f"{folder}/{name}", text.encode())
        except Exception as error:  # the border to whichever protocol it is
            raise OSError(str(error)) from None

    def questions(self) -> Iterator[str]:
        """As `Source`: only on sticks."""
        return iter(())

    def put_answer(self, question: str, text: str) -> None:
        """As `Source`."""
        raise OSError("only on sticks")

    def _trouble(self, error: Exception) -> KioskError:
        if isinstance(error, KioskError):
            return error
        said = " ".join(str(error).split())[:200] or type(error).__name__
        return KioskError(
            _("{path} cannot be read: {reason}.", path=self._shown, reason=said),
            _("The network may be slow or cut off; try again later."),
        )


def _is_not_there(error: Exception) -> bool:
    """How FTP says that there is no such file."""
    return str(error).startswith("550")
