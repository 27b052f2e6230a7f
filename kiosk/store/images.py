"""A copy of the store in memory, and what of it may lie in a file beside the store.

Two copies may be compared, and what was added between them is often one visit. So no copy, whatever its kind, holds
an answer: not the running session's, no running tally, of the windows of the disclosure rule only how many visits
they held at the last month's end (which is shown anyway), no content opened today. Answers are lost with the file
they stood in, and counted as lost.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.lean_sqlite import Database
from kiosk.store.windows import hold_all

# A step of so many pages takes less than a millisecond; then sign-ins go first.
STEP_PAGES = 64

# Tables that a copy may hold. Every other table is emptied in it: a new one is left out until it is named here.
COPIED = frozenset(
    {"sessions", "day_totals", "opens", "managers", "throttle", "facts", "bundles", "audit", "losses"}
    | {"releases", "held", "undated_sessions", "undated_totals", "month_locks", "month_revisions"}
    | {"journal", "journal_trace", "journal_changed"}
)
# Of these, what must never leave the PC, and what must not outlive its retention in a copy that is kept for a year.
STAYS_HERE = frozenset({"sessions", "undated_sessions", "managers", "throttle", "audit"})
BOOKKEEPING = ("sqlite_", "_sqlite_")


def take(source: sqlite3.Connection, pause: Callable[[], None]) -> sqlite3.Connection:
    """`source` as of one moment, in memory. `pause` is called between steps and may write to `source`.

    SQLite's backup sees changes made by the same connection meanwhile and carries them over.
    """
    image = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    source.backup(image, pages=STEP_PAGES, progress=lambda _status, _remaining, _total: pause())
    return image


def strip(image: sqlite3.Connection, today: str, *, leaves: bool) -> None:
    """Takes out of an image what may not lie in a copy; with `leaves` also what may not leave the PC."""
    names = [row[0] for row in image.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    hold_all(Database(image, strict=True, execute_plugins=False), "restore", until="")
    kept = COPIED - STAYS_HERE if leaves else COPIED
    for name in names:
        if name not in kept and not name.startswith(BOOKKEEPING):
            image.execute(f'DELETE FROM "{name}"')
    image.execute("DELETE FROM opens WHERE day >= ?", (today,))
    if leaves:
        for name in ("journal", "journal_trace"):
            image.execute(f"UPDATE {name} SET who = ''")


def write(image: sqlite3.Connection, path: Path, about: dict[str, str]) -> None:
    """The image as a database file of its own at `path`, whole and on the disk; `about` says what it is."""
    put_fact(image, "copy", about)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)):
        pass  # made by us first: only we may read it
    image.execute("VACUUM INTO ?", (str(path),))
    flush(path)


def put_fact(connection: sqlite3.Connection, key: str, value: dict[str, object] | dict[str, str]) -> None:
    """A fact as JSON, in a database that the store thread does not have."""
    connection.execute(
        "INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(value, ensure_ascii=False)),
    )


def whole(path: Path) -> bool:
    """Whether a file that we have just made passes every check; SQLite skips CHECK in a file opened only to be read."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    finally:
        connection.close()


def about(path: Path) -> dict[str, str] | None:
    """What a copy says of itself; None for a file that is no whole database of ours."""
    try:
        with _looking(path) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return None
            found = dict(connection.execute("SELECT key, value FROM facts WHERE key IN ('copy', 'epoch')").fetchall())
            return {"epoch": found["epoch"], **json.loads(found.get("copy", "{}"))}
    except (sqlite3.Error, OSError, KeyError, TypeError, ValueError):
        return None


class _looking:
    """A file opened only to be read, by nothing that could change it or anything beside it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *exception: object) -> None:
        self._connection.close()


def copied_at(said: dict[str, str]) -> datetime | None:
    """When a copy was made, as it says (UTC)."""
    try:
        return datetime.fromisoformat(said["at"])
    except (KeyError, ValueError):
        return None


def flush(path: Path) -> None:
    """The file or folder is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
