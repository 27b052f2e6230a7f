"""Bundles and receipts as files that staff carry by themselves: from a phone, by mail, from another computer.

What waits becomes one ZIP, as it would lie on a stick; what the province gave back is taken from a ZIP or from single
files. Both pass through a folder of the service's own, which is empty afterwards; and neither makes a bundle count as
carried: who looks at a file has not brought it anywhere.
"""

import shutil
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.export.files import trouble
from kiosk.export.sealed import MARKS, RECEIPT, SealError, unproved
from kiosk.export.sealed import MAX as MOST_OF_A_RECEIPT
from kiosk.service.carrying import Carried, carried
from kiosk.store.acknowledged import place
from kiosk.translations import _

FOLDER, RECEIPTS = "by_hand", "receipts"
# A PC makes a bundle a day of some 2 kB: so much is many years.
MOST_FILES, MOST_BYTES = 20_000, 64_000_000
MOST_RECEIPTS, MOST_OF_RECEIPTS = 2_000, 16_000_000
PIECE = 1 << 16


class Hands(Protocol):
    """What by_folder.py does."""

    def copy_to(self, folder: Path) -> Mapping[str, Any]:
        """Lays what waits there."""

    def read_from(self, folder: Path) -> Mapping[str, Any]:
        """Reads the receipts there."""


class ByHand:
    """`aside`: a folder that only the service may enter; `names`: our site and number."""

    def __init__(self, aside: Path, hands: Hands, names: Callable[[], tuple[str, str]]) -> None:
        self._aside, self._hands, self._names = aside / FOLDER, hands, names
        self._one_at_a_time = threading.Lock()

    def packed(self) -> Iterator[bytes]:
        """What waits, as the pieces of a ZIP. KioskError where it cannot be made, before the first piece.

        RefusedError where nothing waits.
        """
        with self._folder() as folder:
            self._hands.copy_to(folder)
            files = sorted(path for path in folder.iterdir() if path.is_file())
            if not files:
                raise RefusedError(_("Nothing waits just now, so there is no file to take."))
            if len(files) > MOST_FILES or sum(path.stat().st_size for path in files) > MOST_BYTES:
                raise KioskError(
                    _("More waits than fits into one file."), _("Copy it to a USB stick at the computer itself.")
                )
            whole = folder / ".whole.zip"
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as made:  # bundles are compressed already
                for path in files:
                    made.write(path, path.name)
            file = open(whole, "rb")  # it is read on when the folder is gone
        return _pieces(file)

    def take(self, files: Mapping[str, bytes]) -> Carried:
        """Receipts in files that the province gave back, ZIPs or single ones, whatever they are called by now.

        Those of other computers of the site are left alone. UsageError where there are none of this one.
        """
        ours, receipts = self._names(), [(one, _of_whom(one)) for one in _receipts(files)]
        if not any(whose for _one, whose in receipts):
            raise UsageError(
                _("In this file are no receipts of the province."),
                _("Choose the file that the province sent back: its name ends in .zip or .json."),
            )
        mine = [one for one, whose in receipts if whose == ours]
        if not mine:
            raise UsageError(
                _("The receipts in this file are for other computers."),
                _("Choose the file for site {site}, computer {station}.", site=ours[0], station=ours[1]),
            )
        with self._folder() as folder:
            (folder / RECEIPTS).mkdir()
            for number, content in enumerate(mine):
                (folder / RECEIPTS / f"{place(*ours)}{number}.json").write_bytes(content)
            return carried(self._hands.read_from(folder))

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        with self._one_at_a_time:
            try:
                shutil.rmtree(self._aside, ignore_errors=True)
                self._aside.mkdir(mode=0o700, parents=True)
                yield self._aside
            except OSError as error:
                raise trouble(self._aside, error) from error
            finally:
                shutil.rmtree(self._aside, ignore_errors=True)


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _of_whom(sealed: bytes) -> tuple[str, str] | None:
    """Whose receipt it says it is, or whose marks; whether it is the province's is proved by the courier."""
    for spec in (RECEIPT, MARKS):
        try:
            told = unproved(sealed, spec)
            return str(told["site"]), str(told["station"])
        except (SealError, KeyError):
            continue
    return None


def _receipts(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """What may be a receipt, bounded whatever a ZIP says of itself."""
    left, count = MOST_OF_RECEIPTS, 0
    for content in files.values():
        for found in _in_zip(content) if content[:2] == b"PK" else (content,):
            count, left = count + 1, left - len(found)
            if count > MOST_RECEIPTS or left < 0:
                raise UsageError(_("This file is too large for receipts."), _("Choose the file of the province."))
            if found[:1] == b"{" and len(found) <= MOST_OF_A_RECEIPT:
                yield found


def _in_zip(content: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for one in packed.infolist()[: 10 * MOST_RECEIPTS]:
                if one.filename.endswith(".json") and not one.is_dir():
                    with packed.open(one) as file:
                        yield file.read(MOST_OF_A_RECEIPT + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error) as error:
        raise UsageError(_("This file is damaged."), _("Have the province send it again.")) from error
