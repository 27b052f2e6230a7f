"""Day totals that can still be read from a damaged file, taken only where they agree with themselves.

A damaged page may decode into anything. A day is taken only if every session of it has ended exactly once; what is
then missing or too high is at most what no bundle checks either.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kiosk.store.copies import duplicate

MOST = 1_000_000
Row = tuple[object, ...]


def readable(path: Path) -> dict[str, dict[str, int]]:
    """Totals by day of the damaged file at `path` (with its log beside it); empty where nothing can be read."""
    try:
        with _looking_at(path) as connection:
            return _agreeing(_read(connection))
    except (sqlite3.Error, OSError, ValueError):
        return {}


def tickets(path: Path) -> tuple[str, list[Row]]:
    """The tickets' salt and rows in a file that was set aside, damaged or not; none where they cannot all be read.

    No copy holds a ticket: an older row would make one good again that was used since.
    """
    try:
        with _looking_at(path) as connection:
            salt = connection.execute("SELECT value FROM facts WHERE key = 'ticket_salt'").fetchone()
            rows = connection.execute("SELECT * FROM tickets").fetchall()
    except (sqlite3.Error, OSError, ValueError):
        return "", []
    return (salt[0], rows) if salt and isinstance(salt[0], str) else ("", [])


@contextmanager
def _looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of a file and its log, which nothing that is done with it can change."""
    look = path.with_name("look.db")
    try:
        duplicate(path, look)
        log = path.with_name(path.name + "-wal")
        if log.exists():
            duplicate(log, look.with_name("look.db-wal"))
        with closing(sqlite3.connect(look, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            yield connection
    finally:
        for name in ("look.db", "look.db-wal", "look.db-shm", "look.db-journal"):
            try:
                path.with_name(name).unlink(missing_ok=True)
            except OSError:
                continue


def _read(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Row by row, as far as it goes: the rows before a damaged page are there."""
    found: dict[str, dict[str, int]] = {}
    try:
        for day, code, count in connection.execute("SELECT day, code, count FROM day_totals"):
            if isinstance(day, str) and isinstance(code, str) and isinstance(count, int) and 0 <= count <= MOST:
                found.setdefault(day, {})[code] = count
    except (sqlite3.Error, ValueError):
        pass
    return found


def _agreeing(days: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {day: codes for day, codes in days.items() if day[:2] == "20" and len(day) == 10 and agrees(codes)}


def agrees(codes: dict[str, int]) -> bool:
    """Whether every session of a day has ended exactly once."""
    ends = sum(count for code, count in codes.items() if code.startswith("end:"))
    return ends > 0 and ends == codes.get("visits", 0) + codes.get("too_short", 0)
