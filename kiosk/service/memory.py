"""The store as a station opens it: whatever happened to the file, the station serves, and says what it lost."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.export.replay import replay
from kiosk.settings import Paths, Site
from kiosk.store import Store, losses
from kiosk.store.rescue import open_or_rescue, set_asides

# So long a loss stays among the troubles of the panel; `kiosk check` tells it for good.
TOLD_DAYS = 30
# The state message stays short, however often a dying disk loses the file.
TOLD_LOSSES = 10
# An empty file that says: a store was here.
IN_USE = "in_use"


def open_memory(paths: Paths, site: Site, now: Reading) -> Store:
    """The store, after a damaged or missing file was replaced and the outbox replayed. KioskError as Store has it."""
    store = open_or_rescue(paths.store, now.wall, has_past=_has_past(paths))
    try:
        replay(store, paths.outbox, site.code, site.station, now)
    except BaseException:
        store.close()
        raise
    _mark(paths)
    return store


def loss_facts(store: Store) -> list[dict[str, Any]]:
    """The latest losses as the state message and `kiosk check` tell them, newest first."""
    return [asdict(one) for one in store.run(losses.all_of_them)[:TOLD_LOSSES]]


def set_aside_facts(store: Path) -> dict[str, Any]:
    """How many files lie set aside, and how large they are."""
    folders = set_asides(store)
    files = [path for folder in folders for path in folder.iterdir()]
    return {"count": len(folders), "bytes": sum(path.stat().st_size for path in files)}


def _has_past(paths: Paths) -> bool:
    """Whether this station had a memory before, by bundles or by a mark: without, a missing store is a first start."""
    if any(mark.exists() for mark in _marks(paths)):
        return True
    try:
        return any(path.name.endswith(".jsonl.gz") for path in paths.outbox.iterdir())
    except OSError:
        return False


def _marks(paths: Paths) -> tuple[Path, ...]:
    """In two folders, so that one that is deleted whole, with every copy or bundle in it, is missed too."""
    return paths.store.with_name(IN_USE), paths.outbox / IN_USE


def _mark(paths: Paths) -> None:
    for mark in _marks(paths):
        try:
            mark.touch() if not mark.exists() else None
        except OSError:
            pass  # a full disk, or a folder that comes with the first bundle: marked at a later start
