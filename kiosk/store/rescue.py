"""A start on a file that cannot be trusted: set it aside whole, put the newest good copy or an empty file in its place.

Nothing is deleted. At every moment either the old file stands there, marked as damaged, or the new one does: a kill in
between repeats the step. The new file carries a note (losses.py) until the outbox has been replayed.
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.errors import DamagedError
from kiosk.store import copies, images, salvage, tickets
from kiosk.store.connection import mark_of, open_database
from kiosk.store.losses import PENDING
from kiosk.store.thread import Store

log = logging.getLogger(__name__)


def open_or_rescue(path: Path, at: datetime, *, has_past: bool) -> Store:
    """The store at `path`, whatever state it was in. `has_past`: this station has worked before (an outbox is there).

    KioskError only where the disk takes nothing, another process holds the file, or a schema step fails.
    """
    if _empty(path) and (has_past or copies.listed(copies.folder_of(path)) or _log(path).exists()):
        replace(path, at, "gone", lambda part: _from_copies(path, part))
    try:
        return Store(path)
    except DamagedError:
        replace(path, at, "damaged", lambda part: _from_copies(path, part))
        return Store(path)


def replace(path: Path, at: datetime, cause: str, fill: Callable[[Path], dict[str, Any]]) -> Path:
    """Sets aside what lies at `path` and puts the file that `fill` makes in its place; the folder it was set aside to.

    `fill` writes a whole database to the path it is given and says what it took it from.
    """
    with copies.explained(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if cause != "asked" or _log(path).exists():
            mark_of(path).touch()  # a whole file without a log stays in service until the new one takes its place
        part = path.with_name(f".{path.name}.part")
        aside = _set_aside(path, at)
        saved = salvage.readable(aside / path.name) if cause == "damaged" else {}
        about = fill(part)
        _bring_tickets(part, aside / path.name)
        _note(part, about | {"at": at.isoformat(), "cause": cause, "set_aside": aside.name, "saved": saved})
        _log(path).unlink(missing_ok=True)  # a second name of the one set aside
        os.replace(part, path)
        images.flush(path.parent)
        mark_of(path).unlink(missing_ok=True)
    log.error("the store was %s: set aside as %s, started from %s", cause, aside.name, about.get("copy") or "nothing")
    return aside


def _empty(path: Path) -> bool:
    """SQLite would take a file of no bytes for a new one, and begin anew without a word."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return True


def set_asides(path: Path) -> list[Path]:
    """The folders of files that were set aside, oldest first."""
    try:
        return sorted(one for one in (path.parent / "set_aside").iterdir() if one.is_dir())
    except FileNotFoundError:
        return []


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _set_aside(path: Path, at: datetime) -> Path:
    """File and log by a second name each, in a folder of their own; so that neither is away before the other."""
    place = path.parent / "set_aside"
    place.mkdir(mode=0o700, exist_ok=True)
    stem, number = f"{at:%Y%m%dT%H%M%S}Z", 1
    while (folder := place / f"{stem}-{number}").exists():
        number += 1
    folder.mkdir(mode=0o700)
    for one in (path, _log(path)):
        if one.exists():
            try:
                os.link(one, folder / one.name)
            except OSError:  # a file system without links
                copies.duplicate(one, folder / one.name)
    images.flush(folder)
    return folder


def _from_copies(path: Path, part: Path) -> dict[str, Any]:
    """The newest copy that passes, else an empty file with an epoch of its own."""
    for copy in copies.listed(copies.folder_of(path)):
        about = copies.passes(copy.path)
        if about is not None:
            copies.duplicate(copy.path, part)
            return {"copy": copy.path.name, "copy_at": about.get("at")}
        log.error("the copy %s does not pass", copy.path.name)
    copies.forget(part)
    open_database(part).close()
    return {"copy": None, "copy_at": None}


def _bring_tickets(part: Path, old: Path) -> None:
    """What citizens hold in their hands stays good, once, as the old file knew it; all else is worthless."""
    salt, rows = salvage.tickets(old) if old.exists() else ("", [])
    if not rows and not salvage.tickets(part)[1]:
        return
    database = open_database(part)
    try:
        database.conn.execute("BEGIN IMMEDIATE")
        tickets.take_over(database, salt, rows)
        database.conn.execute("COMMIT")
    finally:
        database.close()


def _note(part: Path, note: dict[str, Any]) -> None:
    connection = sqlite3.connect(part, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        images.put_fact(connection, PENDING, note)
        connection.execute("DELETE FROM facts WHERE key = 'copy'")
    finally:
        connection.close()
    images.flush(part)
