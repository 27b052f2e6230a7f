"""The next shelf of a library: catalogue and index, made from those in use, with only what changed read anew."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.content import opds
from kiosk.content.extract import extract
from kiosk.content.files import no_room
from kiosk.content.index import Index
from kiosk.content.index_build import IndexTrouble, IndexWriter
from kiosk.content.items import Item, Pack, Part
from kiosk.content.shelves import CATALOGUE, INDEX, TREE, Shelves
from kiosk.errors import KioskError
from kiosk.translations import _

# Told what is being done with what, how much of it is done, and how much there is (0: not known).
Told = Callable[[str, str, int, int], None]


def plain(item: Item) -> Item:
    """An item without what an import adds to it."""
    return replace(item, added="", notes=(), pages=0)


def dated(pack: Pack, old: Pack | None, day: str) -> Pack:
    """Items that were there keep the day on which they came."""
    days = {item.id: item.added for item in old.items} if old else {}
    return replace(pack, items=tuple(replace(item, added=days.get(item.id) or day) for item in pack.items))


def _unchanged(item: Item, pack: Pack, old: Pack | None, before: Item | None) -> Item | None:
    """The item of the old pack whose words are still right: nothing that it says or is made of has changed."""
    if before is None or old is None or plain(before) != plain(item) or before.added != item.added:
        return None
    places = (item.file, item.subtitles, item.transcript)
    return before if all(pack.files.get(place) == old.files.get(place) for place in places) else None


def index_in_use(shelves: Shelves) -> Path | None:
    """The index in use, if this version of the program can go on from it."""
    shelf = shelves.current()
    if shelf is None:
        return None
    try:
        Index.open(shelf / INDEX).close()
    except IndexTrouble:
        return None
    return shelf / INDEX


def make_shelf(
    shelves: Shelves, shelf: Path, before: Sequence[Pack], changed: Pack, told: Told, whole: bool = False
) -> Pack:
    """Write the next shelf's catalogue and index; the changed pack as it came out, with the notes of its items."""
    return make_shelf_of(shelves, shelf, before, [changed], told, whole)[0]


def make_shelf_of(
    shelves: Shelves, shelf: Path, before: Sequence[Pack], changed: Sequence[Pack], told: Told, whole: bool = False
) -> list[Pack]:
    """The same for several packs at once, in their order; one that has no items goes."""
    copy = None if whole else index_in_use(shelves)
    names, old = {pack.id for pack in changed}, {pack.id: pack for pack in before}
    others = [pack for pack in before if pack.id not in names]
    try:
        if copy is not None:
            shutil.copyfile(copy, shelf / INDEX)
        with IndexWriter(shelf / INDEX, copied=copy is not None) as writer:
            if copy is None:
                others = [_indexed(shelves, writer, pack, None, told) for pack in others]
            ready = [
                _indexed(shelves, writer, pack, old.get(pack.id) if copy is not None else None, told)
                for pack in changed
            ]
            writer.finish()
        (shelf / CATALOGUE).write_bytes(opds.dump(opds.feed([*others, *(pack for pack in ready if pack.items)])))
        if (tree := shelves.tree()) is not None:
            (shelf / TREE).write_bytes(tree)
    except OSError as error:
        raise no_room(shelves.root, error) from error
    except IndexTrouble as error:
        raise KioskError(
            _("The search index could not be made: {reason}.", reason=str(error)),
            _("Make room on the disk and try again."),
        ) from None
    return ready


def _indexed(shelves: Shelves, writer: IndexWriter, pack: Pack, old: Pack | None, told: Told) -> Pack:
    """Put a pack into the index, reading only what is not there yet; the pack with its notes."""
    olds = {item.id: item for item in old.items} if old else {}
    kept = {item.id: same for item in pack.items if (same := _unchanged(item, pack, old, olds.get(item.id)))}
    if old is not None:
        writer.remove(item.id for item in old.items if item.id not in kept)
        writer.remove_files(pack.id)
    items = []
    for number, item in enumerate(pack.items, 1):
        if item.id not in kept:
            told("read", item.title, number, len(pack.items))
            item, parts = _read_words(shelves, pack, item)
            writer.add(item, parts)
        items.append(kept.get(item.id, item))
    if pack.items:
        writer.add_files(pack.id, pack.files.values())
    return replace(pack, items=tuple(items))


def _read_words(shelves: Shelves, pack: Pack, item: Item) -> tuple[Item, Sequence[Part]]:
    try:
        found = extract(item, lambda place: shelves.objects.path(pack.files[place].sha256))
    except (OSError, KeyError):
        return replace(item, notes=("unreadable",)), ()
    return replace(item, notes=found.notes, pages=found.pages), found.parts
