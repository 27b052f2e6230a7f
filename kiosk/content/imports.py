"""Bringing packs into a library, and taking them out: everything is made aside, then takes its place at once.

`Library` of library.py reads what is made here; it notices the new shelf by itself, also in another process.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.content.files import no_room
from kiosk.content.incoming import incoming
from kiosk.content.items import Pack
from kiosk.content.long_work import noted
from kiosk.content.shelf_making import Told, index_in_use, make_shelf, plain
from kiosk.content.shelves import Shelves
from kiosk.content.taking_files import Taking
from kiosk.errors import KioskError
from kiosk.translations import _, reason


@dataclass(frozen=True)
class Imported:
    """What became of a pack. `problems` name items left out, and why; `unsearched` those found by title only, `assumed`
    what nobody had written down.
    """

    pack: str
    title: str
    items: int
    bytes: int
    new_bytes: int
    problems: tuple[str, ...] = ()
    unsearched: tuple[tuple[str, str], ...] = ()
    unchanged: bool = False
    assumed: tuple[str, ...] = ()


def silent(_step: str, _name: str, _done: int, _all: int) -> None:
    """Nobody watches."""


def add(shelves: Shelves, source: Path | str, day: str, theme: str = "", told: Told = silent) -> Imported:
    """Bring in the pack at `source`: a folder, a ZIP of one, an OPDS 1 feed or its address, a single book or film.

    `day`: the date they are new from; `theme`: of items for which nobody wrote one down. KioskError, and nothing is
    changed, when the pack cannot be read, has no item, or the disk does not take it.
    """
    name = Path(source).name or str(source)
    with shelves.changing() as shelf, noted(shelves.root, name, told) as told:
        pack = _read(str(source), name, shelves.staging, theme, told)
        if not pack.items:
            raise _not_taken(name, "; ".join(pack.problems) or _("it has no items"))
        before, stood = shelves.packs(), shelves.current()
        old = next((one for one in before if one.id == pack.id), None)
        taking = Taking(shelves, told)
        try:
            kept = _kept(shelves, taking, pack, old)
            if old is not None and _same(old, kept) and index_in_use(shelves) is not None:
                return _outcome(old, pack, 0, unchanged=True)
            ready = make_shelf(shelves, shelf, before, _dated(kept, old, day), told)
            shelves.take(shelf)
        except BaseException:
            if shelves.current() == stood:
                taking.take_back()
            raise
        shelves.decline(pack.id, False)
        shelves.sweep()
        return _outcome(ready, pack, taking.new_bytes)


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
        return replace(_outcome(left, Pack("", "", (), {}), 0), items=len(gone))


def rebuild(shelves: Shelves, told: Told = silent) -> None:
    """Make the index anew from the objects: after damage, or when a newer program folds words in another way."""
    with shelves.changing() as shelf:
        packs = shelves.packs()
        if packs:
            make_shelf(shelves, shelf, packs, packs[-1], told, whole=True)
            shelves.take(shelf)


def _read(source: str, name: str, staging: Path, theme: str, told: Told) -> Pack:
    try:
        return incoming(source, staging, theme, told)
    except ValueError as error:
        raise _not_taken(name, str(error)) from None
    except OSError as error:
        raise KioskError(
            _("{path} cannot be read: {reason}.", path=source, reason=reason(error)),
            _("Allow the user of the service to read it, or copy it to a folder that everybody may read."),
        ) from None


def _kept(shelves: Shelves, taking: Taking, pack: Pack, old: Pack | None) -> Pack:
    try:
        return taking.files(pack, old)
    except ValueError as error:
        raise _not_taken(pack.id, str(error)) from None
    except OSError as error:
        raise no_room(shelves.root, error) from error


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


def _outcome(pack: Pack, read: Pack, new_bytes: int, unchanged: bool = False) -> Imported:
    unsearched = tuple((item.id, note) for item in pack.items for note in item.notes)
    size = sum(file.size for file in pack.files.values())
    return Imported(
        pack.id, pack.title, len(pack.items), size, new_bytes, read.problems, unsearched, unchanged, read.assumed
    )


def _not_taken(name: str, why: str) -> KioskError:
    return KioskError(_("{path} was not taken: {why}.", path=name, why=why), _("Correct the pack and add it again."))
