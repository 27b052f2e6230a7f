"""The guides that come with the program: where they lie, and whether they were looked at and taken in.

policies/starter/           the pack as its authors write it
policies/starter.signed/    what its makers signed, by TUF: metadata/, targets/, and in objects/ the pack's list alone
content/shipped.json        {"signed": sha256 of timestamp.json, "trouble": "" or why they were not taken in}

Signatures and bytes are checked by a child (updates/take_shipped.py), for TUF weighs more than the service may, and
only where they are new or something is amiss: an ordinary start reads two small files and asks the index one question.
"""

import json
from pathlib import Path

from kiosk.content.files import digest_of, write_whole
from kiosk.content.index import Index
from kiosk.content.shelf_making import index_in_use
from kiosk.content.shelves import Shelves
from kiosk.shipped import shipped_dir
from kiosk.translations import kept, said_again

STARTER = "starter"
NAME = "shipped.json"
WHOLE = "whole"  # what the child says when every byte was right, before it takes anything in


def starter() -> Path:
    """The pack that comes with the program."""
    return shipped_dir("policies") / STARTER


def signed_beside(folder: Path) -> Path:
    """Where the signatures of the pack in `folder` lie."""
    return folder.with_name(f"{folder.name}.signed")


def signature(folder: Path) -> str:
    """By which one signing is told from another; "" where there is none."""
    try:
        return digest_of(signed_beside(folder) / "metadata" / "timestamp.json")[0]
    except OSError:
        return ""


def note(content: Path, folder: Path, trouble: str) -> None:
    """Remember what came of looking at it; where the disk takes nothing, the next start looks again."""
    data = {"signed": signature(folder), "trouble": kept(trouble)}
    try:
        content.mkdir(mode=0o750, parents=True, exist_ok=True)
        write_whole(content / NAME, json.dumps(data, ensure_ascii=False).encode())
    except OSError:
        pass


def trouble_of(content: Path, folder: Path | None = None) -> str:
    """Why the guides were not taken in; "" where nothing is wrong, or nobody wants them."""
    return _noted(content)[1] if due(Shelves(content), folder or starter()) else ""


def good(content: Path, folder: Path) -> bool:
    """Whether it was looked at as it is signed now, and found right."""
    return bool(signature(folder)) and _noted(content) == (signature(folder), "")


def index_is_old(shelves: Shelves) -> bool:
    """Whether there is a library whose index this version of the program cannot go on from."""
    return shelves.current() is not None and index_in_use(shelves) is None


def due(shelves: Shelves, folder: Path) -> bool:
    """Whether it has to be looked at: it is new here, was refused, or a way back led to a library without it.

    What staff took out stays out, and what the province sent under the same name stays.
    """
    if folder.name in shelves.declined() | shelves.provided():
        return False
    usable = index_in_use(shelves)
    if usable is None or not good(shelves.root, folder):
        return True
    index = Index.open(usable)
    try:
        return not index.files(folder.name)
    finally:
        index.close()


def _noted(content: Path) -> tuple[str, str]:
    try:
        found = json.loads((content / NAME).read_text(encoding="utf-8"))
        return str(found["signed"]), said_again(found["trouble"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""
