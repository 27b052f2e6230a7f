"""Where `kiosk province ingest` reads: a folder or a stick, or an fsspec URL. Of a file never more than asked."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from kiosk.errors import KioskError
from kiosk.export.files import trouble, write_whole
from kiosk.export.handshake import ANSWER, FOLDER, QUESTION
from kiosk.translations import _, reason

RECEIPTS = "receipts"
ENDING = ".jsonl.gz"


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
    return Far(place) if "://" in place else Folder(Path(place))


class Folder:
    """A folder, with its subfolders. What is no plain file (a link, a pipe) is left alone."""

    way = "stick"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Iterator[str]:
        """As `Source`."""

        def cannot(error: OSError) -> None:
            if Path(error.filename or self._folder) == self._folder:
                why = reason(error)
                raise KioskError(
                    _("{path} cannot be read: {reason}.", path=self._folder, reason=why), _("Allow it, or correct it.")
                )

        for here, folders, files in os.walk(self._folder, onerror=cannot):
            folders[:] = sorted(name for name in folders if name != RECEIPTS and not name.startswith("."))
            for name in sorted(files):
                if name.endswith(ENDING) and not name.startswith("."):
                    yield str((Path(here) / name).relative_to(self._folder))

    def read(self, name: str, most: int) -> bytes | None:
        """As `Source`."""
        path = self._folder / name
        try:
            if not S_ISREG(path.lstat().st_mode):
                return None
            with open(path, "rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None

    def put_receipt(self, name: str, text: str) -> None:
        """As `Source`."""
        folder = self._folder / RECEIPTS
        folder.mkdir(exist_ok=True)
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_whole(path, text.encode())

    def questions(self) -> Iterator[str]:
        """As `Source`."""
        for path in sorted((self._folder / FOLDER).glob(f"[!.]*{QUESTION}")):
            answer = path.name.removesuffix(QUESTION) + ANSWER
            if not path.name.endswith(ANSWER) and not path.with_name(answer).exists():
                yield str(path.relative_to(self._folder))

    def put_answer(self, question: str, text: str) -> None:
        """As `Source`."""
        path = self._folder / question
        write_whole(path.with_name(path.name.removesuffix(QUESTION) + ANSWER), text.encode() + b"\n")


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
        except ImportError as error:
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
