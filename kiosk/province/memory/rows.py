"""What stands in the ledger's rows, and the few rows that several files write."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that was enrolled; `station` is the number of its owner's row, `state` good, retired or revoked.

    `until`: when it was retired or revoked, seconds since 1970 UTC.
    """

    key: str
    public: bytes
    station: int
    site: str
    name: str
    state: str
    until: int | None = None


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


def station_number(db: sqlite3.Connection, site: str, station: str, at: int) -> int:
    """The row of a station, made where there is none. Inside the caller's transaction."""
    db.execute("INSERT OR IGNORE INTO stations (site, station, since) VALUES (?, ?, ?)", (site, station, at))
    return int(db.execute("SELECT id FROM stations WHERE site = ? AND station = ?", (site, station)).fetchone()[0])


def add_key(db: sqlite3.Connection, key: str, public: bytes, station: int, at: int) -> None:
    """Enrols a key for a station. Inside the caller's transaction."""
    db.execute(
        "INSERT INTO keys (key, public, station, state, since) VALUES (?, ?, ?, 'good', ?)", (key, public, station, at)
    )


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
