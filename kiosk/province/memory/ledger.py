"""The ledger: what every record of the archive is worth. SQLite, WAL, each commit on the disk before it is told.

One process writes (home.the_one), by one connection that its threads share under a lock. Others, such as the process
that builds the lake, read by `Ledger.read_only`, which never writes and never empties the log.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError, KioskError
from kiosk.province.memory.rows import KnownKey
from kiosk.province.memory.schema import take_steps
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.home import Home

# Other processes read for as long as they like (WAL); only a writer that was just killed may still hold the file.
BUSY_SECONDS = 5.0
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-32768",  # KiB: the pages that a night's bundles touch, in the 300 MB of the collector
    "wal_autocheckpoint=4000",
)


class Ledger:
    """The open ledger of a home. `with writing() as db` is a transaction, `with reading() as db` a look."""

    def __init__(self, home: "Home", make: bool = False) -> None:
        """Opens it; with `make` there may be none yet. KioskError when it cannot be had, DamagedError when damaged.

        One that is lost is never made anew in silence: then nobody would be known, and all that came put aside.
        """
        self._prepare(home.ledger, "rwc" if make else "rw")
        with self.writing() as db:
            take_steps(db)
            db.execute("INSERT OR IGNORE INTO meta VALUES ('ledger', lower(hex(randomblob(8))))")

    @classmethod
    def read_only(cls, home: "Home") -> "Ledger":
        """For another process than the one that writes. KioskError where there is no ledger."""
        ledger = cls.__new__(cls)
        ledger._prepare(home.ledger, "ro")
        return ledger

    def _prepare(self, path: Path, mode: str) -> None:
        self.path, self._lock = path, RLock()
        self._keys: dict[str, KnownKey] = {}
        self._db = _opened(path, mode)

    @property
    def id(self) -> str:
        """What this memory is called; another one after a restore."""
        return self.meta("ledger") or ""

    def meta(self, name: str) -> str | None:
        """A fact of the ledger about itself."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for looking. KioskError where the file cannot be read."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                raise explain(error, self.path) from error

    @contextmanager
    def writing(self, keys: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk when this ends, or nothing is. KioskError says why nothing is.

        `keys` False: the caller leaves stations and keys alone, so those that are remembered stay remembered.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                self._undo()
                if isinstance(error, sqlite3.Error):
                    raise explain(error, self.path) from error
                raise
            finally:
                if keys:
                    self._keys.clear()

    def key(self, key: str) -> KnownKey | None:
        """The enrolled key of that id. Those that were asked for are remembered, until keys are written."""
        found = self._keys.get(key)
        if found is None:
            with self.reading() as db:
                row = db.execute(
                    """SELECT key, public, keys.station, site, stations.station, state, until
                       FROM keys JOIN stations ON stations.id = keys.station WHERE key = ?""",
                    (key,),
                ).fetchone()
                if row is not None:
                    found = self._keys[key] = KnownKey(*row)
        return found

    def close(self) -> None:
        """Ends it. Whoever still asks gets an error."""
        with self._lock:
            self._db.close()

    def _undo(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            pass  # what stands in the log without a commit is not read again


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    pragmas = PRAGMAS if mode != "ro" else ("query_only=ON", "temp_store=MEMORY")
    if mode == "rwc":
        _make(path)
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        try:
            for pragma in pragmas:
                db.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            db.close()
            raise
        return db
    except sqlite3.Error as error:
        raise explain(error, path) if mode == "rwc" or path.exists() else lost(path) from error


def _make(path: Path) -> None:
    """An empty file that is its owner's alone; SQLite gives its log the same rights.

    Not by the process's umask: of two threads that set it and put it back, one may put back what the other has set.
    """
    with suppress(OSError):  # SQLite says why it cannot be
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def lost(path: Path) -> DamagedError:
    """There is no ledger where there was one."""
    return DamagedError(
        _("The ledger of this province, {path}, is not there.", path=path),
        _("It says which PCs have joined and what came. Put back a whole copy: kiosk province restore."),
    )


def explain(error: sqlite3.Error, path: Path) -> KioskError:
    """What went wrong with the ledger, and what to do."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        hint = _("Make room there and try again.")
        return KioskError(_("There is no room left in {folder}.", folder=path.parent), hint)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedError(_("The ledger {path} is damaged.", path=path), _("Put it back: kiosk province restore."))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return KioskError(_("{path} cannot be opened.", path=path), _("Allow this user to read and write it."))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return KioskError(
            _("Another program holds the ledger {path}.", path=path), _("Close it there, then try again.")
        )
    return KioskError(
        _("The ledger {path} does not work: {reason}.", path=path, reason=str(error)),
        _("Look after the disk; then try again."),
    )
