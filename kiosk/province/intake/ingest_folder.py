"""A folder or a stick that `kiosk province ingest` reads, with its subfolders.

Whoever prepared it may be hostile: what is no plain file (a link, a pipe, a device) is left alone, for reading and for
writing; and there is an end to how deep it goes and how much of it is looked at.
"""

from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export.files import trouble
from kiosk.export.handshake import ANSWER, FOLDER, QUESTION
from kiosk.export.held import Held
from kiosk.translations import _, reason

RECEIPTS = "receipts"
ENDING = ".jsonl.gz"
# A nation's month of bundles are 720,000 files with their signatures.
MOST_LOOKED_AT, DEEPEST = 1_000_000, 12
MOST_QUESTIONS = 1_000


class Folder:
    """As `Source` of ingest_places.py."""

    way = "stick"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here: tuple[str, Held] | None = None  # the one that was read last: the next file lies there, too

    def names(self) -> Iterator[str]:
        """As `Source`. KioskError at the end, too, where more lies there than is looked at."""
        left, waiting = MOST_LOOKED_AT, [""]
        while waiting:
            here = waiting.pop()
            try:
                folders, files = self._at(here).parted(left)
            except OSError as error:
                if here:
                    continue
                raise self._cannot(error) from None
            left -= len(folders) + len(files)
            for name in sorted(files):
                if name.endswith(ENDING) and not name.startswith("."):
                    yield f"{here}{name}"
            if left <= 0:
                raise KioskError(
                    _("In {path} lies more than is looked at in one go.", path=self._folder),
                    _("What was found was taken. Part the rest into several folders, and read each."),
                )
            if here.count("/") < DEEPEST:
                inner = [name for name in folders if name != RECEIPTS and not name.startswith(".")]
                waiting += [f"{here}{name}/" for name in sorted(inner, reverse=True)]

    def read(self, name: str, most: int) -> bytes | None:
        """As `Source`."""
        folder, _slash, last = name.rpartition("/")
        try:
            return self._at(f"{folder}/" if folder else "").read(last, most)
        except FileNotFoundError:
            return None

    def put_receipt(self, name: str, text: str) -> None:
        """As `Source`."""
        self._put(RECEIPTS, name, text.encode())

    def questions(self) -> Iterator[str]:
        """As `Source`."""
        try:
            names = set(self._at(f"{FOLDER}/").names(MOST_LOOKED_AT))
        except OSError:
            return
        asked = [name for name in names if name.endswith(QUESTION) and not name.endswith(ANSWER)]
        new = [name for name in asked if name.removesuffix(QUESTION) + ANSWER not in names]
        yield from (f"{FOLDER}/{name}" for name in sorted(new)[:MOST_QUESTIONS] if not name.startswith("."))

    def put_answer(self, question: str, text: str) -> None:
        """As `Source`."""
        name = question.rpartition("/")[2].removesuffix(QUESTION) + ANSWER
        self._put(FOLDER, name, text.encode() + b"\n")

    def _put(self, folder: str, name: str, content: bytes) -> None:
        with Held.at(self._folder) as root, root.inner(folder, make=True) as inner:
            if not inner.holds(name, content):
                inner.write(name, content)

    def _at(self, folder: str) -> Held:
        """A folder in ours, each part of its name opened in the one before; `folder` ends with its slash."""
        if self._here is not None and self._here[0] == folder:
            return self._here[1]
        self._let_go()
        held = Held.at(self._folder)
        for name in folder.split("/")[:-1]:
            with held:
                held = held.inner(name)
        self._here = (folder, held)
        return held

    def _let_go(self) -> None:
        if self._here is not None:
            self._here[1].close()
            self._here = None

    def __del__(self) -> None:
        self._let_go()

    def _cannot(self, error: OSError) -> KioskError:
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return trouble(self._folder, error)
        why = reason(error)
        return KioskError(
            _("{path} cannot be read: {reason}.", path=self._folder, reason=why), _("Allow it, or correct it.")
        )
