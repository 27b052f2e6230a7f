"""Bringing packs into a library, and taking them out: everything is made aside, then takes its place at once.

`Library` of library.py reads what is made here; it notices the new shelf by itself, also in another process.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.content.file_kinds import trouble
from kiosk.content.files import digest_of, no_room
from kiosk.content.index import Index
from kiosk.content.items import File, Pack
from kiosk.content.packs import NAME, files_of, media_type, read_folder
from kiosk.content.shelf_making import Told, index_in_use, make_shelf, plain
from kiosk.content.shelves import Shelves
from kiosk.content.zips import unpack
from kiosk.errors import KioskError
from kiosk.translations import _


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
        if old is not None and _same(old, kept) and index_in_use(shelves) is not None:
            return _outcome(old, kept.problems, 0, unchanged=True)
        dated = _dated(kept, old, day)
        ready = make_shelf(shelves, shelf, before, dated, told)
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
    usable = index_in_use(shelves)
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
        make_shelf(shelves, shelf, before, left, told)
        shelves.take(shelf)
        shelves.decline(pack.id, not left.items)
        return replace(_outcome(left, (), 0), items=len(gone))


def rebuild(shelves: Shelves, told: Told = silent) -> None:
    """Make the index anew from the objects: after damage, or when a newer program folds words in another way."""
    with shelves.changing() as shelf:
        packs = shelves.packs()
        if packs:
            make_shelf(shelves, shelf, packs, packs[-1], told, whole=True)
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

            if why := trouble(path, place):
                raise ValueError(why)
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


def _same(old: Pack, new: Pack) -> bool:
    return (
        old.title == new.title
        and old.files == new.files
        and [plain(item) for item in old.items] == [plain(item) for item in new.items]
    )


def _outcome(pack: Pack, problems: Sequence[str], new_bytes: int, unchanged: bool = False) -> Imported:
    unsearched = tuple((item.id, note) for item in pack.items for note in item.notes)
    size = sum(file.size for file in pack.files.values())
    return Imported(pack.id, pack.title, len(pack.items), size, new_bytes, tuple(problems), unsearched, unchanged)


def _not_taken(name: str, why: str) -> KioskError:
    return KioskError(_("{path} was not taken: {why}.", path=name, why=why), _("Correct the pack and add it again."))
