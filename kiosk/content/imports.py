"""Bringing packs into a library, and taking them out: everything is made aside, then takes its place at once.

`Library` of library.py reads what is made here; it notices the new shelf by itself, also in another process.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.content import opds
from kiosk.content.extract import extract
from kiosk.content.files import digest_of, no_room
from kiosk.content.index import Index
from kiosk.content.index_build import IndexTrouble, IndexWriter
from kiosk.content.items import File, Item, Pack, Part
from kiosk.content.packs import NAME, files_of, media_type, read_folder
from kiosk.content.shelves import CATALOGUE, INDEX, Shelves
from kiosk.content.zips import unpack
from kiosk.errors import KioskError
from kiosk.translations import _

# Told what is being done with what, how much of it is done, and how much there is (0: not known).
Told = Callable[[str, str, int, int], None]


@dataclass(frozen=True)
class Imported:
    """What became of a pack. `problems` name items left out, and why; `unsearched` those found by title only."""

    pack: str
    title: str
    items: int
    bytes: int
    new_bytes: int
    problems: tuple[str, ...] = ()
    unsearched: tuple[tuple[str, str], ...] = ()
    unchanged: bool = False


def silent(_step: str, _name: str, _done: int, _all: int) -> None:
    """Nobody watches."""


def add(shelves: Shelves, source: Path, day: str, theme: str = "", told: Told = silent) -> Imported:
    """Bring in the pack at `source`: a folder, a ZIP of one, or an OPDS 1 feed. `day`: the date they are new from.

    KioskError, and nothing is changed, when the pack cannot be read, has no item, or the disk does not take it.
    """
    with shelves.changing() as shelf:
        pack = _read(source, shelves.staging / "pack", theme, told)
        if not pack.items:
            reasons = "; ".join(pack.problems) or _("it has no items")
            raise _not_taken(source.name, reasons)
        kept, new_bytes = _keep_files(shelves, pack, told)
        before = shelves.packs()
        old = next((one for one in before if one.id == pack.id), None)
        if old is not None and _same(old, kept) and _current_index(shelves) is not None:
            return _outcome(old, kept.problems, 0, unchanged=True)
        dated = _dated(kept, old, day)
        ready = _make_shelf(shelves, shelf, before, dated, told)
        shelves.take(shelf)
        shelves.decline(pack.id, False)
        shelves.sweep()
        return _outcome(ready, kept.problems, new_bytes)


def ensure(shelves: Shelves, folder: Path, day: str) -> Imported | None:
    """Bring in a pack that comes with the program, unless it is there or staff took it out. KioskError as add.

    Costs no write and no lock when there is nothing to do.
    """
    try:
        pack, places = read_folder(folder), files_of(folder)
    except (ValueError, OSError) as error:
        raise _not_taken(folder.name, str(error)) from None
    if pack.id in shelves.declined():
        return None
    usable = _current_index(shelves)
    if usable is not None:
        index = Index.open(usable)
        try:
            there = {file.path: (file.sha256, file.size) for file in index.files(pack.id)}
        finally:
            index.close()
        if there == {place: digest_of(path) for place, path in places}:
            return None
    elif shelves.current() is not None:
        rebuild(shelves)  # an index of another version of this program
    return add(shelves, folder, day)


def remove(shelves: Shelves, name: str, told: Told = silent) -> Imported:
    """Take a pack out, or one item of a pack. KioskError when there is none of that name."""
    with shelves.changing() as shelf:
        before = shelves.packs()
        pack = next((one for one in before if one.id == name.partition("/")[0]), None)
        gone = [item for item in pack.items if name in (pack.id, item.id)] if pack else []
        if pack is None or not gone:
            raise KioskError(_("There is no {name} in the library.", name=name), _("See kiosk content list."))
        left = replace(pack, items=tuple(item for item in pack.items if item not in gone))
        _make_shelf(shelves, shelf, before, left, told)
        shelves.take(shelf)
        shelves.decline(pack.id, not left.items)
        return replace(_outcome(left, (), 0), items=len(gone))


def rebuild(shelves: Shelves, told: Told = silent) -> None:
    """Make the index anew from the objects: after damage, or when a newer program folds words in another way."""
    with shelves.changing() as shelf:
        packs = shelves.packs()
        if packs:
            _make_shelf(shelves, shelf, packs, packs[-1], told, whole=True)
            shelves.take(shelf)


def _read(source: Path, staging: Path, theme: str, told: Told) -> Pack:
    try:
        if source.is_dir():
            return read_folder(source)
        if source.suffix.lower() in (".xml", ".opds", ".atom"):
            from kiosk.content.opds1 import read_feed

            name = NAME.match(source.stem.lower())
            return read_feed(source, name[0] if name else "opds", theme)
        if not source.exists():
            raise KioskError(_("{path} does not exist.", path=source), _("Correct the path."))
        size, done = source.stat().st_size, 0

        def unpacked(count: int) -> None:
            nonlocal done
            done += count
            told("unpack", source.name, done, max(size, done))

        staging.mkdir()
        unpack(source, staging, unpacked)
        inside = [path for path in staging.iterdir() if path.is_dir()]
        folder = staging if (staging / "pack.toml").exists() or len(inside) != 1 else inside[0]
        return read_folder(folder)
    except ValueError as error:
        raise _not_taken(source.name, str(error)) from None
    except OSError as error:
        raise KioskError(
            _("{path} cannot be read: {reason}.", path=source, reason=error.strerror or str(error)),
            _("Allow the user of the service to read it, or copy it to a folder that everybody may read."),
        ) from None


def _keep_files(shelves: Shelves, pack: Pack, told: Told) -> tuple[Pack, int]:
    """The pack with all its files in the object store, and how many bytes of them were not there before."""
    folder = pack.folder
    assert folder is not None
    try:
        places = files_of(folder)
        if not (folder / "pack.toml").exists():  # of a feed only what its entries name
            named = {place for item in pack.items for place in (item.file, item.poster) if place}
            places = [(place, path) for place, path in places if place in named]
        whole = sum(path.stat().st_size for _place, path in places)
        done = new = 0
        files: dict[str, File] = {}
        for place, path in places:

            def copied(count: int, name: str = place) -> None:
                nonlocal done
                done += count
                told("copy", name, done, whole)

            with open(path, "rb") as source:
                kept = shelves.objects.put(source, copied)
            new += kept.size if kept.new else 0
            files[place] = File(place, kept.sha256, kept.size, media_type(place))
    except ValueError as error:
        raise _not_taken(pack.id, str(error)) from None
    except OSError as error:
        raise no_room(shelves.root, error) from error
    return replace(pack, files=files), new


def _dated(pack: Pack, old: Pack | None, day: str) -> Pack:
    """Items that were there keep the day on which they came."""
    days = {item.id: item.added for item in old.items} if old else {}
    return replace(pack, items=tuple(replace(item, added=days.get(item.id) or day) for item in pack.items))


def _plain(item: Item) -> Item:
    """An item without what an import adds to it."""
    return replace(item, added="", notes=(), pages=0)


def _same(old: Pack, new: Pack) -> bool:
    return (
        old.title == new.title
        and old.files == new.files
        and [_plain(item) for item in old.items] == [_plain(item) for item in new.items]
    )


def _unchanged(item: Item, pack: Pack, old: Pack | None) -> Item | None:
    """The item of the old pack whose words are still right: nothing that it says or is made of has changed."""
    before = next((one for one in old.items if one.id == item.id), None) if old else None
    if before is None or old is None or _plain(before) != _plain(item) or before.added != item.added:
        return None
    places = (item.file, item.subtitles, item.transcript)
    return before if all(pack.files.get(place) == old.files.get(place) for place in places) else None


def _current_index(shelves: Shelves) -> Path | None:
    """The index in use, if this version of the program can go on from it."""
    shelf = shelves.current()
    if shelf is None:
        return None
    try:
        Index.open(shelf / INDEX).close()
    except IndexTrouble:
        return None
    return shelf / INDEX


def _make_shelf(
    shelves: Shelves, shelf: Path, before: Sequence[Pack], changed: Pack, told: Told, whole: bool = False
) -> Pack:
    """Write the next shelf's catalogue and index; the changed pack as it came out, with the notes of its items."""
    copy = None if whole else _current_index(shelves)
    others = [pack for pack in before if pack.id != changed.id]
    old = next((pack for pack in before if pack.id == changed.id), None)
    try:
        if copy is not None:
            shutil.copyfile(copy, shelf / INDEX)
        with IndexWriter(shelf / INDEX, copied=copy is not None) as writer:
            if copy is None:
                others = [_indexed(shelves, writer, pack, None, told) for pack in others]
            ready = _indexed(shelves, writer, changed, old if copy is not None else None, told)
            writer.finish()
        packs = [*others, ready] if ready.items else others
        (shelf / CATALOGUE).write_bytes(opds.dump(opds.feed(packs)))
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
    kept = {item.id: before for item in pack.items if (before := _unchanged(item, pack, old))}
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


def _outcome(pack: Pack, problems: Sequence[str], new_bytes: int, unchanged: bool = False) -> Imported:
    unsearched = tuple((item.id, note) for item in pack.items for note in item.notes)
    size = sum(file.size for file in pack.files.values())
    return Imported(pack.id, pack.title, len(pack.items), size, new_bytes, tuple(problems), unsearched, unchanged)


def _not_taken(name: str, why: str) -> KioskError:
    return KioskError(_("{path} was not taken: {why}.", path=name, why=why), _("Correct the pack and add it again."))
