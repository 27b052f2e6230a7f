"""Where a tree may be published: not over somebody's documents, not beside the secret keys, and by one at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.content import opds
from kiosk.content.updates import province_folder as province
from kiosk.content.updates.keys import Keys
from kiosk.errors import RefusedError
from kiosk.translations import _

# What a tree is made of; a file system of its own begins with lost+found.
OURS = ("metadata", "targets", "objects", opds.NAME, "lost+found")


def may_lie_there(source: Path, out: Path, keys: Keys) -> None:
    """The secret keys must lie where nobody serves them, and the tree not among its own packs."""
    province.must_be_there(source)
    if out.resolve().is_relative_to(source.resolve()):
        raise RefusedError(
            _("The tree cannot lie inside the folder that it is made of."), _("Name a folder beside it.")
        )
    if keys.folder.resolve().is_relative_to(out.resolve()):
        raise RefusedError(
            _("The keys lie inside the tree, where everybody could read them."), _("Move them somewhere else.")
        )
    keys.roots()
    _ours(out)


def _ours(out: Path) -> None:
    """What no edition needs is deleted there, so it must be a tree of ours, or empty: not somebody's documents."""
    if out.is_dir() and not (out / "metadata" / "timestamp.json").exists():
        foreign = sorted(path.name for path in out.iterdir() if path.name not in OURS and not path.name.startswith("."))
        if foreign:
            raise RefusedError(
                _("There are other files in {folder}: {names}.", folder=out, names=", ".join(foreign[:3])),
                _("Name an empty folder, or one that a tree was published to before."),
            )


@contextmanager
def alone_there(out: Path) -> Iterator[None]:
    """Be the one who publishes to `out`. What was made for nothing goes again, where it was not to be."""
    new, lock = not out.exists(), out / ".lock"
    out.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(handle).st_nlink:
                raise OSError  # the other one has just ended, and took this file away with it
        except OSError:
            raise RefusedError(
                _("Something is being published there already."), _("Wait until the other command has ended.")
            ) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
            for folder in (out / "objects", *([out] if new else [])):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
    finally:
        os.close(handle)
