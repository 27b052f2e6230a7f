"""The ledger of bundles: every file that was made, in its sequence, with its bytes until the province has them."""

from dataclasses import astuple, dataclass

from sqlite_utils import Database

COLUMNS = "sequence, day, revision, name, sha256, previous, body_sha256, rows, size, created, content"


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


def last(db: Database) -> Made | None:
    """The bundle with the highest sequence."""
    return _one(db, f"SELECT {COLUMNS} FROM bundles ORDER BY sequence DESC LIMIT 1", ())


def newest_of(db: Database, day: str) -> Made | None:
    """The highest revision of a day."""
    return _one(db, f"SELECT {COLUMNS} FROM bundles WHERE day = ? ORDER BY revision DESC LIMIT 1", (day,))


def insert(db: Database, made: Made) -> None:
    """Adds a bundle to the ledger: the moment from which it exists."""
    db.execute(f"INSERT INTO bundles ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(made))


def kept(db: Database) -> list[Made]:
    """All bundles whose bytes are still here, in sequence."""
    rows = db.execute(f"SELECT {COLUMNS} FROM bundles WHERE content IS NOT NULL ORDER BY sequence")
    return [Made(*row) for row in rows]


def names(db: Database) -> set[str]:
    """The file names of all bundles ever made."""
    return {row[0] for row in db.execute("SELECT name FROM bundles")}


def days(db: Database) -> set[str]:
    """All days that have a bundle."""
    return {row[0] for row in db.execute("SELECT DISTINCT day FROM bundles")}


def _one(db: Database, sql: str, values: tuple[str, ...]) -> Made | None:
    row = db.execute(sql, values).fetchone()
    return None if row is None else Made(*row)
