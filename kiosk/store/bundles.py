"""The ledger of bundles: every file that was made, in its sequence, with its bytes until the province has them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from kiosk.lean_sqlite import Database

COLUMNS = "sequence, day, revision, name, sha256, previous, body_sha256, rows, size, created, content, epoch"


@dataclass(frozen=True)
class Made:
    """One bundle. `body_sha256` is over the lines after the manifest: the same body needs no new revision."""

    sequence: int
    day: str
    revision: int
    name: str
    sha256: str
    previous: str
    body_sha256: str
    rows: int
    size: int
    created: str
    content: bytes | None
    epoch: str | None = None


def last(db: Database) -> Made | None:
    """The bundle with the highest sequence."""
    return _one(db, f"SELECT {COLUMNS} FROM bundles ORDER BY sequence DESC LIMIT 1", ())


def newest_of(db: Database, day: str) -> Made | None:
    """The highest revision of a day."""
    return _one(db, f"SELECT {COLUMNS} FROM bundles WHERE day = ? ORDER BY revision DESC LIMIT 1", (day,))


def insert(db: Database, made: Made) -> None:
    """Adds a bundle to the ledger: the moment from which it exists."""
    db.execute(f"INSERT INTO bundles ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(made))


def files(db: Database) -> list[tuple[str, int]]:
    """(name, size) of all bundles whose bytes are still here, in sequence."""
    return db.execute("SELECT name, size FROM bundles WHERE content IS NOT NULL ORDER BY sequence").fetchall()


def named(db: Database, name: str) -> Made | None:
    """The bundle of that file name."""
    return _one(db, f"SELECT {COLUMNS} FROM bundles WHERE name = ?", (name,))


def undelivered(db: Database, folder: str | None) -> list[tuple[str, str]]:
    """(name, day) of all bundles that were not yet brought to `folder`, or with None to nowhere, in sequence."""
    return db.execute(
        """SELECT name, day FROM bundles WHERE content IS NOT NULL
           AND (delivered IS NULL OR delivered IS NOT coalesce(?, delivered)) ORDER BY sequence""",
        (folder,),
    ).fetchall()


def mark_delivered(db: Database, names: Sequence[str], folder: str) -> None:
    """Notes that these were brought to the folder of the nightly export."""
    db.conn.executemany("UPDATE bundles SET delivered = ? WHERE name = ?", [(folder, name) for name in names])


def mark_carried(db: Database, names: Sequence[str], folder: str) -> None:
    """Notes that these were written to a stick; what a nightly folder still waits for, it still waits for."""
    db.conn.executemany(
        "UPDATE bundles SET delivered = ? WHERE name = ? AND delivered IS NULL", [(folder, name) for name in names]
    )


def contents(db: Database, names: Sequence[str]) -> list[tuple[str, bytes]]:
    """(name, bytes) of these bundles, as far as the bytes are still here."""
    found = (named(db, name) for name in names)
    return [(made.name, made.content) for made in found if made is not None and made.content is not None]


def last_day(db: Database) -> str | None:
    """The latest day that has a bundle."""
    row = db.execute("SELECT max(day) FROM bundles").fetchone()
    return None if row[0] is None else str(row[0])


def names(db: Database) -> set[str]:
    """The file names of all bundles ever made."""
    return {row[0] for row in db.execute("SELECT name FROM bundles")}


def days(db: Database) -> set[str]:
    """All days that have a bundle."""
    return {row[0] for row in db.execute("SELECT DISTINCT day FROM bundles")}


def places(db: Database) -> dict[tuple[str, str], str]:
    """(day, how the names of bundles of it begin) of all bundles: a station may have been another one before.

    And when the latest of them was made.
    """
    rows = db.execute("SELECT day, substr(name, 1, instr(name, '_' || day)), max(created) FROM bundles GROUP BY 1, 2")
    return {(day, begins): created for day, begins, created in rows}


def _one(db: Database, sql: str, values: tuple[str, ...]) -> Made | None:
    row = db.execute(sql, values).fetchone()
    return None if row is None else Made(*row)
