"""Whether a library is whole: every object has the bytes of its name, and the index belongs to the catalogue."""

from dataclasses import dataclass

from kiosk.content.imports import silent
from kiosk.content.index import Index
from kiosk.content.index_build import IndexTrouble
from kiosk.content.items import Pack
from kiosk.content.shelf_making import Told
from kiosk.content.shelves import INDEX, Shelves


@dataclass(frozen=True)
class Fault:
    """An object that is `missing` or `damaged`, with the items that cannot be opened for it; or the index."""

    what: str
    why: str
    items: tuple[str, ...] = ()


def missing(shelves: Shelves, packs: list[Pack]) -> list[Fault]:
    """The objects that are not there, or not as long as they were: what can be seen without reading any."""
    faults: dict[str, Fault] = {}
    for pack in packs:
        for file in pack.files.values():
            path = shelves.objects.path(file.sha256)
            why = "missing" if not path.is_file() else "damaged" if path.stat().st_size != file.size else ""
            if why:
                known = faults.get(file.sha256, Fault(file.sha256, why))
                faults[file.sha256] = Fault(file.sha256, why, (*known.items, *_users(pack, file.path)))
    return list(faults.values())


def _users(pack: Pack, place: str) -> list[str]:
    """Who cannot be opened without the file at that place of a pack."""
    opened = [item.id for item in pack.items if place in (item.file, item.poster, item.subtitles)]
    return opened or [f"{pack.id}/…/{place}"]


def verify(shelves: Shelves, told: Told = silent) -> tuple[int, list[Fault]]:
    """How many objects there are, and what is wrong. DamagedError when the catalogue cannot be read."""
    packs = shelves.packs()
    users: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for pack in packs:
        for file in pack.files.values():
            sizes[file.sha256] = file.size
            users.setdefault(file.sha256, []).extend(_users(pack, file.path))
    whole, done, faults = sum(sizes.values()), 0, list[Fault]()
    for sha256, size in sizes.items():

        def read(count: int, name: str = sha256) -> None:
            nonlocal done
            done += count
            told("verify", users[name][0], done, whole)

        why = shelves.objects.verify(sha256, size, read)
        if why:
            faults.append(Fault(sha256, why, tuple(users[sha256])))
    shelf = shelves.current()
    if shelf is not None:
        wanted = {item.id for pack in packs for item in pack.items}
        try:
            index = Index.open(shelf / INDEX)
        except IndexTrouble:
            faults.append(Fault("index", "damaged"))
        else:
            if set(index.themes()) != wanted or not index.sound():
                faults.append(Fault("index", "damaged"))
            index.close()
    return len(sizes), faults
