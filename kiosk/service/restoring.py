"""`kiosk restore`: puts a backup in the place of the store, while no kiosk runs, with a way back."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.export.replay import replay
from kiosk.settings import Paths, Site
from kiosk.store import Store, audit, copies, images, people
from kiosk.store.rescue import replace
from kiosk.translations import _


def chosen(source: Path) -> Path:
    """The backup that a path means: itself, or the newest in the folder."""
    if not source.is_dir():
        return source
    found = sorted(source.glob("kiosk_*.db"), key=lambda path: path.name.rsplit("_", 1)[-1])
    if not found:
        raise RefusedError(_("There is no backup in {folder}.", folder=source), _("Name the file itself."))
    return found[-1]


def looked_at(path: Path, site: Site) -> dict[str, str]:
    """What the backup says of itself, after its bytes were checked. KioskError says why it cannot be used."""
    if not path.is_file():
        raise RefusedError(_("{path} is not there.", path=path), _("Plug in the stick, or correct the path."))
    about = copies.passes(path)
    if about is None:
        raise DamagedError(
            _("{path} is damaged, or its sha256 is not beside it.", path=path),
            _("Use another backup, with the .sha256 file of the same name. Nothing was changed."),
        )
    named = about.get("site"), about.get("station")
    if named != (None, None) and named != (site.code, site.station):
        raise RefusedError(
            _("{path} is of station {station} of site {site}.", path=path, site=named[0], station=named[1]),
            _("Two stations with one memory would count twice. Use a backup of this station."),
        )
    return about


def restore(paths: Paths, site: Site, source: Path, now: Reading, who: str) -> dict[str, Any]:
    """Puts the backup in place and catches up from the outbox; what was lost, and where the present file lies now.

    Managers, staff deeds and single sessions stay as they are, where the present file can be read: no backup has them.
    """
    about = looked_at(source, site)
    kept = _people(paths.store)
    log = paths.store.with_name(paths.store.name + "-wal")
    if kept is not None and log.exists() and log.stat().st_size:
        raise KioskError(_("The store could not be closed."), _("Try again when nothing else uses the disk."))

    def fill(part: Path) -> dict[str, Any]:
        copies.duplicate(source, part)
        if copies.digest(part) != copies.digest(source):
            raise KioskError(_("{path} was read differently twice.", path=source), _("Try another stick."))
        _complete(part, kept)
        return {"copy": source.name, "copy_at": about.get("at") or _age(source)}

    aside = replace(paths.store, now.wall, "asked", fill)
    if (present := aside / paths.store.name).exists():
        copies.write_hash(present, copies.digest(present))
    with Store(paths.store) as store:
        loss = replay(store, paths.outbox, site.code, site.station, now)
        assert loss is not None, "the file was just replaced"
        store.run(audit.note, now.wall, who, "restore", source.name)
    return asdict(loss) | {"way_back": str(present) if present.exists() else None}


def _people(path: Path) -> dict[str, list[tuple[Any, ...]]] | None:
    """What no backup may hold, from the present file; None where it cannot be read. RefusedError while it is in use."""
    if not path.exists():
        return None
    try:
        with Store(path) as store:
            return store.run(people.rows)
    except DamagedError:
        return None


def _complete(part: Path, kept: dict[str, list[tuple[Any, ...]]] | None) -> None:
    """Brings the file to this version and gives it back what stays on the PC; a copy that has its own keeps it."""
    with Store(part) as store:
        if kept is not None:
            store.run(people.put_where_empty, kept)
    images.flush(part)


def _age(path: Path) -> str | None:
    """A file that was set aside does not say when it was made."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat()
    except OSError:
        return None
