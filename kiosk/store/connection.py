"""Opens the one connection as the house wants it: durable, exclusive, forgetting what is deleted, schema up to date."""

import errno
import os
import sqlite3
from pathlib import Path

from kiosk.lean_sqlite import Database
from kiosk.store.agreement import agrees
from kiosk.store.failures import damaged, explain, full_disk, read_only
from kiosk.store.schema import migrations
from kiosk.store.stepping import steps_missing, take_steps_on_a_copy

# A killed predecessor's lock goes with its process; this long a start waits for that before it says "already running".
BUSY_SECONDS = 1.0

# The store thread empties the log itself when nobody waits (thread.py); this many pages only guard a huge transaction.
AUTOCHECKPOINT_PAGES = 8_000

PRAGMAS = (
    "locking_mode=EXCLUSIVE",  # before WAL: then SQLite keeps its index in memory and needs no -shm file
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit is on the disk before it is acknowledged
    "secure_delete=ON",  # deleted bytes are overwritten by zeros
    "temp_store=MEMORY",  # no answer ever in a temporary file
    "foreign_keys=ON",
    f"wal_autocheckpoint={AUTOCHECKPOINT_PAGES}",
)


def open_database(path: Path) -> Database:
    """The database at `path`, made if it is not there. KioskError says why it cannot be had."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise (full_disk(path) if error.errno == errno.ENOSPC else read_only(path.parent)) from error
    for place in (path.parent, path):  # SQLite itself would call it an error of the disk
        if place.exists() and not os.access(place, os.R_OK | os.W_OK, effective_ids=True):
            raise read_only(place)
    if mark_of(path).exists():
        raise damaged(path)
    database = _opened(path)
    if not steps_missing(database):
        return database
    database.close()
    take_steps_on_a_copy(path)
    return _opened(path)


def mark_of(path: Path) -> Path:
    """The file that says: what lies at `path` was found damaged while it was used, or is just being set aside."""
    return path.with_name(path.name + ".damaged")


def mark_damaged(path: Path) -> None:
    """Has the next start set the file aside, even where a quick look would find nothing."""
    try:
        mark_of(path).touch()
    except OSError:
        pass  # a disk that takes no file: the next quick check has to find it


def _opened(path: Path) -> Database:
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        return _prepare(connection, path)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if connection is not None:
            connection.close()
        raise explain(error, path) from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise


def _prepare(connection: sqlite3.Connection, path: Path) -> Database:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise damaged(path)
    database = Database(connection, strict=True, execute_plugins=False)
    if database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        migrations.apply(database)  # a file that was just made has nothing to lose
    if not agrees(database):
        raise damaged(path)
    return database
