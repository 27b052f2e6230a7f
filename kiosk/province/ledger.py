"""The ledger: what every record of the archive is worth. SQLite, WAL, each commit on the disk before it is told.

One process writes (home.the_one), by one connection that its threads share under a lock. Others, such as the process
that builds the lake, read by `Ledger.read_only`, which never writes and never empties the log.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError, KioskError
from kiosk.province.ledger_schema import take_steps
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


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that was enrolled; `station` is the number of its owner's row, `state` good, retired or revoked."""

    key: str
    public: bytes
    station: int
    site: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Current:
    """A bundle that counts: where its bytes are (archive.Place.of(place)), whose they are, of which day."""

    id: int
    sha256: bytes
    site: str
    station: str
    day: str
    lineage: str
    epoch: str
    revision: int
    received: int
    place: int


def seconds(at: datetime) -> int:
    """A time as the ledger keeps it."""
    return int(at.timestamp())


def utc(at: int) -> str:
    """A time of the ledger as it is told: UTC, ISO 8601."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds")


def day_number(day: str) -> int:
    """YYYY-MM-DD as the ledger keeps it."""
    return int(day[:4] + day[5:7] + day[8:10])


def day_text(number: int) -> str:
    """The day of a number."""
    text = str(number)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


class Ledger:
    """The open ledger of a home. `with writing() as db` is a transaction, `with reading() as db` a look."""

    def __init__(self, home: "Home", now: datetime | None = None) -> None:
        """Opens it, and makes it where there is none. KioskError when it cannot be had, DamagedError when damaged."""
        self.path = home.ledger
        self._lock = RLock()
        self._keys: dict[str, KnownKey | None] = {}
        self._db = _opened(self.path, "rwc")
        with self.writing() as db:
            take_steps(db)
            db.execute("INSERT OR IGNORE INTO meta VALUES ('ledger', lower(hex(randomblob(8))))")

    @classmethod
    def read_only(cls, home: "Home") -> "Ledger":
        """For another process than the one that writes. KioskError where there is no ledger."""
        ledger = cls.__new__(cls)
        ledger.path, ledger._lock, ledger._keys = home.ledger, RLock(), {}
        ledger._db = _opened(home.ledger, "ro")
        return ledger

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
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk when this ends, or nothing is. KioskError says why nothing is."""
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
                self._keys.clear()  # whatever was written may have been a key

    def key(self, key: str) -> KnownKey | None:
        """The enrolled key of that id. Remembered until something is written."""
        raise NotImplementedError

    def keys(self, ids: set[str]) -> dict[str, KnownKey]:
        """Those of them that were enrolled."""
        raise NotImplementedError

    def months(self) -> dict[str, int]:
        """Month (YYYY-MM) -> version: it grows with every change of the month's current bundles."""
        raise NotImplementedError

    def current(self, month: str) -> Iterator[Current]:
        """The bundles of a month that count, by day and station; a lineage each. Small memory: read as asked for."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends it. Whoever still asks gets an error."""
        with self._lock:
            self._db.close()

    def _undo(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            pass  # the log's end without a commit is not read again


def station_number(db: sqlite3.Connection, site: str, station: str, at: int) -> int:
    """The row of a station, made where there is none. Inside the caller's transaction."""
    db.execute("INSERT OR IGNORE INTO stations (site, station, since) VALUES (?, ?, ?)", (site, station, at))
    return int(db.execute("SELECT id FROM stations WHERE site = ? AND station = ?", (site, station)).fetchone()[0])


def add_key(db: sqlite3.Connection, key: str, public: bytes, station: int, at: int) -> None:
    """Enrols a key for a station. Inside the caller's transaction."""
    db.execute("INSERT INTO keys (key, public, station, state, since) VALUES (?, ?, ?, 'good', ?)",
               (key, public, station, at))  # fmt: skip


def alarm(db: sqlite3.Connection, at: int, code: str, subject: str, station: int | None, detail: str) -> None:
    """Notes what an officer should look at; the same again only counts up, and is unseen again."""
    db.execute(
        """INSERT INTO alarms (code, subject, station, detail, first, last) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET last = excluded.last, times = times + 1, seen = NULL""",
        (code, subject, station, detail, at, at),
    )


def deed(db: sqlite3.Connection, at: int, who: str, what: str, subject: str, why: str) -> None:
    """Notes who did what to what, and why."""
    db.execute("INSERT INTO deeds (at, who, deed, subject, why) VALUES (?, ?, ?, ?, ?)", (at, who, what, subject, why))


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    try:
        before = os.umask(0o077)
        try:
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None,
                check_same_thread=False,
            )  # fmt: skip
        finally:
            os.umask(before)
        try:
            for pragma in PRAGMAS if mode != "ro" else ("query_only=ON", "temp_store=MEMORY"):
                db.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            db.close()
            raise
        return db
    except sqlite3.Error as error:
        raise explain(error, path) from error


def explain(error: sqlite3.Error, path: Path) -> KioskError:
    """What went wrong with the ledger, and what to do."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return KioskError(_("There is no room left in {folder}.", folder=path.parent), _("Make room there and try again."))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedError(_("The ledger {path} is damaged.", path=path), _("Put it back: kiosk province restore."))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return KioskError(_("{path} cannot be opened.", path=path), _("Allow this user to read and write it."))
    return KioskError(
        _("The ledger {path} does not take anything: {reason}.", path=path, reason=str(error)),
        _("Look after the disk; then try again."),
    )
