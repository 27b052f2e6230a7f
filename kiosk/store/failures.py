"""SQLite's result codes as sentences that a manager can act on."""

import sqlite3
from pathlib import Path

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.translations import _


class StoreFull(KioskError):
    """No room is left for what should have been written; nothing of it was."""


class StoreReadOnly(KioskError):
    """The file or its folder cannot be written."""


class StoreBusy(RefusedError):
    """Another process holds the file."""


class StoreUnreadable(KioskError):
    """The disk gave an error instead of bytes, or refused to take them."""


def explain(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> Exception:
    """The house's error for one of SQLite's; errors that are a mistake of ours come back unchanged."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):
        return damaged(path)  # a name or a value that we never wrote
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return full_disk(path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return read_only(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(
            _("Another kiosk is already running on {home}.", home=path.parent.parent),
            _("Use it, or end it first; two at once would count twice."),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return damaged(path)
    if code == sqlite3.SQLITE_IOERR:
        return StoreUnreadable(
            _("The disk reported an error while {path} was read or written.", path=path),
            _("Check the disk and its cable; if this comes back, replace the disk."),
        )
    return error


def full_disk(path: Path) -> StoreFull:
    """The disk under `path` is full."""
    return StoreFull(
        _("The disk that holds {path} is full.", path=path),
        _("Delete what is not needed on it; nothing that was already counted is lost."),
    )


def read_only(path: Path) -> StoreReadOnly:
    """`path` cannot be written."""
    return StoreReadOnly(
        _("{path} cannot be written.", path=path),
        _("Make the folder writable for the user that kiosk runs as, or set KIOSK_HOME to another one."),
    )


def damaged(path: Path) -> DamagedError:
    """`path` is no database, or a broken one. It is left untouched."""
    return DamagedError(
        _("{path} is damaged or is not a database of kiosk.", path=path),
        _("It was left as it is. Restore a copy with kiosk restore, or move the file away to begin anew."),
    )
