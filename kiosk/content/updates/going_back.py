"""Which edition of the province's tree is in use, and the way back to the library before it."""

import shutil

from kiosk.content.files import write_whole
from kiosk.content.shelves import TREE, Shelves
from kiosk.content.updates import tree as trees
from kiosk.content.updates.tree import Tree
from kiosk.errors import RefusedError
from kiosk.translations import _


def tree_of(shelves: Shelves) -> Tree | None:
    """The edition of the province's tree that is in use."""
    data = shelves.tree()
    try:
        return None if data is None else trees.load(data)
    except ValueError:
        return None


def held_edition(shelves: Shelves) -> int:
    """The edition that staff went back from; 0 none."""
    try:
        return int((shelves.root / "held").read_text())
    except (OSError, ValueError):
        return 0


def roll_back(shelves: Shelves) -> Tree | None:
    """Make the library before the one in use again; its edition. RefusedError when there is none.

    It becomes a new shelf, so that going back can itself be taken back.
    """
    with shelves.changing() as shelf:
        previous, now = shelves.previous(), tree_of(shelves)
        if previous is None:
            raise RefusedError(_("There is no earlier library to go back to."), _("One is kept after each change."))
        for path in previous.iterdir():
            shutil.copyfile(path, shelf / path.name)
        data = shelf / TREE
        before = trees.load(data.read_bytes()) if data.exists() else None
        if now is not None and (before is None or before.edition < now.edition):
            write_whole(shelves.root / "held", str(now.edition).encode())
        elif held_edition(shelves):
            (shelves.root / "held").unlink()
        shelves.take(shelf)
        return before
