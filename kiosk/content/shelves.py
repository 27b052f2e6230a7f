"""Where a station's library lies, and how a new one takes the place of the old: all at once or not at all.

content/
  objects/ab/<sha256>      every file, once
  shelves/7/catalogue.json, search.db, tree.json     one state of the library; never changed after it is in use
  current -> shelves/7     a link, replaced by rename; the shelf before it is kept
  staging/                 what is just being made; thrown away at the next change
  lock                     held by the one process that changes the library

Power may go at any moment: until the link is renamed the old library stands, from then on the new one.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.content import opds
from kiosk.content.files import Objects, no_room, sync_file, sync_folder
from kiosk.content.items import Pack
from kiosk.errors import DamagedError, RefusedError
from kiosk.translations import _, reason

# TREE: the edition of the province's tree that this shelf has, if it has one.
CATALOGUE, INDEX, TREE = opds.NAME, "search.db", "tree.json"


class Shelves:
    """The library's folder, `content/` in the home."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.objects = Objects(root / "objects")
        self.staging = root / "staging"

    def current(self) -> Path | None:
        """The shelf in use; None before the first."""
        try:
            return self.root / os.readlink(self.root / "current")
        except OSError:
            return None

    def previous(self) -> Path | None:
        """The shelf before the one in use, if it is still there."""
        now = self._number(self.current())
        older = [number for number in self._numbers() if number < now]
        return self._shelf(max(older)) if older else None

    def packs(self) -> list[Pack]:
        """The packs of the shelf in use. DamagedError when its catalogue cannot be read."""
        shelf = self.current()
        return [] if shelf is None else packs_of(shelf)

    def tree(self) -> bytes | None:
        """What the shelf in use has of the province's tree; None where it has nothing."""
        shelf = self.current()
        try:
            return None if shelf is None else (shelf / TREE).read_bytes()
        except OSError:
            return None

    def provided(self) -> set[str]:
        """Packs that came with the province's tree: what ships with the program does not replace them."""
        try:
            return set(json.loads(self.tree() or b"{}").get("packs", ()))
        except ValueError:
            return set()

    def declined(self) -> set[str]:
        """Packs that staff took out: one that comes with the program does not come back by itself."""
        try:
            return set((self.root / "declined").read_text(encoding="utf-8").split())
        except OSError:
            return set()

    def decline(self, pack: str, gone: bool) -> None:
        """Note that a pack was taken out, or brought in again."""
        names = self.declined()
        if (pack in names) == gone:
            return
        names = names | {pack} if gone else names - {pack}
        beside = self.root / ".declined"
        beside.write_text("\n".join(sorted(names)), encoding="utf-8")
        sync_file(beside)
        os.replace(beside, self.root / "declined")

    @contextmanager
    def changing(self) -> Iterator[Path]:
        """Be the one process that changes the library, with an empty folder to make the next shelf in.

        RefusedError when another process does.
        """
        try:
            self.root.mkdir(mode=0o750, parents=True, exist_ok=True)
            handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o640)
        except OSError as error:
            raise no_room(self.root, error) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RefusedError(
                    _("The library is being changed already."), _("Wait until the other command has ended.")
                ) from None
            self._clear()
            (self.staging / "shelf").mkdir(parents=True)
            yield self.staging / "shelf"
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)
            os.close(handle)

    def _clear(self) -> None:
        """Throw away what a cut left half made: a staging folder, a shelf that no link ever named."""
        shutil.rmtree(self.staging, ignore_errors=True)
        now = self._number(self.current())
        for number in self._numbers():
            if number > now:
                shutil.rmtree(self._shelf(number), ignore_errors=True)

    def take(self, made: Path) -> None:
        """Put the finished shelf `made` in the place of the one in use; keep that one, drop those before it."""
        try:
            number = self._number(self.current()) + 1
            for path in made.iterdir():
                sync_file(path)
            sync_folder(made)
            shelf = self._shelf(number)
            shelf.parent.mkdir(exist_ok=True)
            os.rename(made, shelf)
            sync_folder(shelf.parent)
            beside = self.root / ".current"
            beside.unlink(missing_ok=True)
            beside.symlink_to(shelf.relative_to(self.root))
            os.replace(beside, self.root / "current")
            sync_folder(self.root)
        except OSError as error:
            raise no_room(self.root, error) from error
        self._drop_old(number)

    def _drop_old(self, number: int) -> None:
        for old in self._numbers():
            if old < number - 1:
                shutil.rmtree(self._shelf(old), ignore_errors=True)

    def sweep(self) -> int:
        """Delete the objects of no shelf that is kept; the bytes freed. Only while changing()."""
        wanted: set[str] = set()
        for number in self._numbers():
            try:
                packs = packs_of(self._shelf(number))
            except DamagedError:
                return 0  # what an unreadable catalogue wants is not known
            wanted |= {file.sha256 for pack in packs for file in pack.files.values()}
        return self.objects.sweep(wanted)

    def _numbers(self) -> list[int]:
        try:
            return sorted(int(path.name) for path in (self.root / "shelves").iterdir() if path.name.isdecimal())
        except OSError:
            return []

    def _shelf(self, number: int) -> Path:
        return self.root / "shelves" / str(number)

    @staticmethod
    def _number(shelf: Path | None) -> int:
        return int(shelf.name) if shelf is not None and shelf.name.isdecimal() else 0


def packs_of(shelf: Path) -> list[Pack]:
    """The packs of one shelf. DamagedError when its catalogue is gone or cannot be read."""
    try:
        return opds.load((shelf / CATALOGUE).read_bytes())
    except OSError as error:
        raise DamagedError(
            _("The catalogue cannot be read: {reason}.", reason=reason(error)),
            _("The catalogue before it is kept; run kiosk content verify."),
        ) from None
