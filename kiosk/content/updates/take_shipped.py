"""The guides that come with the program into a library: every signature and every byte of them is looked at first.

The way is that of the province's tree, TUF and the same listings, hashes and looks at files; only the root is another:
it stands in the program (starter_root.json), not in content/trust, so that a province neither knows nor minds it.
What such a signature is worth: whoever can change the program can change its root. It finds what rotted, was copied in
part, or was changed by hand or by anybody who may write the guides and not the program.

`python -m kiosk.content.updates.take_shipped CONTENT FOLDER DAY` says `whole` once all is right, before it takes it in.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError, UnsignedMetadataError

from kiosk.content import shipped
from kiosk.content.files import digest_of, no_room
from kiosk.content.imports import rebuild, silent
from kiosk.content.items import Pack
from kiosk.content.packs import read_folder
from kiosk.content.shelf_making import index_in_use, plain
from kiosk.content.shelves import Shelves
from kiosk.content.updates import tree as trees
from kiosk.content.updates.fetching import Brake, Fetching
from kiosk.content.updates.listing import MAX_LIST, Listing, load_list
from kiosk.content.updates.sources import Cut, Folder, Opened
from kiosk.content.updates.taking_over import TakingOver
from kiosk.content.updates.tree import Entry, Ref
from kiosk.content.updates.trust import verified
from kiosk.errors import DamagedError, KioskError
from kiosk.translations import _, said_by

ROOT = Path(__file__).with_name("starter_root.json")
# TUF's few kilobytes go there, so that a full disk keeps nobody from looking.
MEMORY = "/dev/shm"


class Shipped:
    """A source like a stick's tree, whose objects are the files of the pack where they lie."""

    def __init__(self, folder: Path) -> None:
        self.name, self._pack, self._signed = str(folder), Folder(folder), Folder(shipped.signed_beside(folder))
        self.places: dict[str, str] = {}

    @contextmanager
    def open(self, place: str, start: int = 0) -> Iterator[Opened]:
        """The file at that place of the tree."""
        inside = self.places.get(place.rpartition("/")[2])
        with self._pack.open(inside, start) if inside else self._signed.open(place, start) as opened:
            yield opened


@dataclass(frozen=True)
class Looked:
    """A pack of which all is right."""

    source: Shipped
    entry: Entry
    listing: Listing


def look(folder: Path, root: bytes) -> Looked:
    """The pack in `folder`, after all of it was held against its signatures. DamagedError says what is wrong."""
    source = Shipped(folder)
    try:
        with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as work:
            tree = trees.load(verified(root, source, Path(work)))
        if list(tree.packs) != [folder.name]:
            raise ValueError(_("it is no tree of kiosk"))
        entry = tree.packs[folder.name]
        listing = load_list(entry.id, _list_of(folder, entry.listed))
        for place, ref in listing.files.items():
            _right(folder / place, place, ref)
        _as_written(folder, entry, listing)
    except UnsignedMetadataError:
        raise refused(_("they are not signed by those who made this program")) from None
    except (RepositoryError, DownloadError, Cut):
        raise refused(_("their signatures are damaged or not all there")) from None
    except ValueError as error:
        raise refused(said_by(error)) from None
    source.places = {ref.sha256: place for place, ref in listing.files.items()}
    return Looked(source, entry, listing)


def _list_of(folder: Path, ref: Ref) -> bytes:
    path = shipped.signed_beside(folder) / "objects" / ref.sha256[:2] / ref.sha256
    if ref.size > MAX_LIST:
        raise ValueError(_("it is too large"))
    _right(path, path.name, ref)
    return path.read_bytes()


def _right(path: Path, place: str, ref: Ref) -> None:
    """ValueError when a file is not what was signed."""
    try:
        right = not path.is_symlink() and path.stat().st_size == ref.size and digest_of(path)[0] == ref.sha256
    except OSError:
        raise ValueError(_("{name} is missing", name=place)) from None
    if not right:
        raise ValueError(_("{name} is not what was signed", name=place))


def _as_written(folder: Path, entry: Entry, listing: Listing) -> None:
    """The pack.toml beside it says the same: where no disk takes anything, the menu shows the pack by it."""
    pack = read_folder(folder)
    if (pack.title, tuple(plain(item) for item in pack.items)) != (entry.title, listing.items):
        raise ValueError(_("{name} is not what was signed", name="pack.toml"))


def take_in(shelves: Shelves, found: Looked, day: str, again: bool = False) -> bool:
    """Put it into the library; False when all of it is there. `again`: read what is there, and mend what is damaged."""
    name, refs = found.entry.id, found.listing.files.values()
    with shelves.changing() as shelf:
        missing = [ref for ref in refs if not shelves.objects.there(ref.sha256, ref.size, read=again)]
        old = next((pack for pack in shelves.packs() if pack.id == name), None)
        if not missing and old is not None and _same(old, found) and index_in_use(shelves) is not None:
            return False
        fetching = Fetching(found.source, shelves.staging, Brake(), lambda _count: None)
        for ref in missing:
            fetching.bring(ref)
        taking = TakingOver(shelves, shelf, silent)
        taking.adopt(fetching.brought)
        try:
            taking.make({name: found.entry.title}, {name: found.listing}, [], day)
        except ValueError as error:
            raise refused(said_by(error)) from None
        shelves.take(shelf)
        shelves.decline(name, False)
        shelves.sweep()
    return True


def _same(old: Pack, found: Looked) -> bool:
    files = {place: Ref(file.sha256, file.size) for place, file in old.files.items()}
    items = tuple(plain(item) for item in old.items)
    return (old.title, files, items) == (found.entry.title, found.listing.files, found.listing.items)


def refused(why: str) -> DamagedError:
    """The guides are not what was signed, or not all of them."""
    return DamagedError(
        _("The guides that come with kiosk were not taken in: {reason}.", reason=why),
        _("The library stays as it was. Install kiosk again."),
    )


def bring(
    shelves: Shelves, folder: Path, day: str, root: Path = ROOT, again: bool = False,
    whole: Callable[[], None] = lambda: None,
) -> bool:  # fmt: skip
    """Look and take in, with a note of what came of it; False when all of it was there. KioskError.

    `whole` is called once everything was found right, and not when it was not.
    """
    try:
        found = look(folder, root.read_bytes())
    except DamagedError as error:
        shipped.note(shelves.root, folder, error.message)
        raise
    whole()
    try:
        changed = take_in(shelves, found, day, again)
    except OSError as error:
        raise no_room(shelves.root, error) from error
    shipped.note(shelves.root, folder, "")
    return changed


def main(content: str, folder: str, day: str) -> int:
    """What the service starts; the exit code is that of the error's kind."""
    shelves = Shelves(Path(content))
    try:
        if shipped.index_is_old(shelves):
            rebuild(shelves)
        if shipped.due(shelves, Path(folder)):
            bring(shelves, Path(folder), day, whole=lambda: print(shipped.WHOLE, flush=True))
    except KioskError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
