"""Every table of the ledger, as ordered steps. A step that has shipped is never edited: add the next at the end.

Other files that keep something in the ledger have a tuple STEPS of their own, of the same kind, and stand in OWNERS.
A step is one or more statements; it is taken once, and steps that are missing are all taken in one transaction.

Times are whole seconds since 1970 UTC; days are numbers such as 20261121; hashes are BLOBs of 32 bytes.
"""

import sqlite3
from collections.abc import Iterator
from importlib import import_module

Step = tuple[str, ...]

# Modules with STEPS, in the order in which a new ledger takes them. None of them may load much.
OWNERS = (
    "kiosk.province.memory.schema",
    "kiosk.province.register.schema",
    "kiosk.province.joining.enrol_codes",
    "kiosk.province.tasks",
    "kiosk.province.guides",
    "kiosk.province.indicators.baseline",
    "kiosk.province.board.schema",
)


def stays_written(table: str, why: str = "what was done stays written") -> Step:
    """Triggers that refuse to change or remove a row; `why` is what SQLite then says. Shipped: never edited."""
    return tuple(
        f"""CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table}
                BEGIN SELECT RAISE(ABORT, '{why}'); END"""
        for what in ("UPDATE", "DELETE")
    )


STEPS: tuple[Step, ...] = (
    (
        # What the ledger knows of itself: `ledger` (random; another one after a restore), `began` (UTC), `archive_end`
        # (a place: up to there every record of the archive has been judged), `junk` (bytes taken by what nobody known
        # has signed).
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        # A PC's place at a site. It stays when the PC is exchanged.
        """CREATE TABLE stations (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            station TEXT NOT NULL,
            since INTEGER NOT NULL,
            UNIQUE (site, station)
        ) STRICT""",
        # good: sends; retired: another key has taken its place, what it signed is still taken; revoked: nothing is.
        """CREATE TABLE keys (
            key TEXT PRIMARY KEY,
            public BLOB NOT NULL CHECK (length(public) = 32),
            station INTEGER NOT NULL REFERENCES stations,
            state TEXT NOT NULL CHECK (state IN ('good', 'retired', 'revoked')),
            since INTEGER NOT NULL,
            until INTEGER,
            reason TEXT NOT NULL DEFAULT ''
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX keys_by_station ON keys (station)",
        # A series: the bundles of one epoch and lineage of a station. Numbers from `first` to `mark` are all here;
        # `last` is the sha256 of the one at `mark`. first 0: it has not begun, what came stands in `ahead`.
        """CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES stations,
            epoch TEXT NOT NULL,
            lineage TEXT NOT NULL,
            first INTEGER NOT NULL DEFAULT 0,
            mark INTEGER NOT NULL DEFAULT 0,
            last BLOB,
            heard INTEGER NOT NULL,
            way TEXT NOT NULL,
            UNIQUE (station, epoch, lineage)
        ) STRICT""",
        # Bundles that came before one that precedes them.
        """CREATE TABLE ahead (
            series INTEGER NOT NULL REFERENCES series,
            sequence INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            previous BLOB NOT NULL,
            PRIMARY KEY (series, sequence)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX ahead_by_previous ON ahead (previous)",
        # Every bundle that counts or has counted. `place`: archive.Place as one number. `current`: the one of its
        # station, day and lineage that counts; a day's totals are the sum of the current ones.
        """CREATE TABLE bundles (
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            series INTEGER NOT NULL REFERENCES series,
            station INTEGER NOT NULL,
            day INTEGER NOT NULL CHECK (day BETWEEN 10101 AND 99991231),
            revision INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            place INTEGER NOT NULL,
            size INTEGER NOT NULL,
            received INTEGER NOT NULL,
            receipt INTEGER NOT NULL,
            current INTEGER NOT NULL CHECK (current IN (0, 1))
        ) STRICT""",
        # 6 bytes tell apart all bundles of a PC; the row says the rest. By station, so that a month of one PC that
        # comes at once is written to one page.
        "CREATE INDEX bundles_by_sha256 ON bundles (station, substr(sha256, 1, 6))",
        "CREATE INDEX bundles_by_day ON bundles (day, station)",
        # A receipt's text is made again when it is asked for: the bundles with an id from `first` on, `count` of them,
        # and `refused` (JSON: sha256 -> code). station NULL: nobody known has sent it.
        """CREATE TABLE receipts (
            id INTEGER PRIMARY KEY,
            station INTEGER REFERENCES stations,
            at INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            refused TEXT
        ) STRICT""",
        # Bundles that were put aside. `key` as the bundle said, `station` its owner; place NULL: too much to keep.
        # proved 1: the owner of the key has signed these bytes, so the verdict is about them.
        # decided: when an officer released it (`released` its bundle), or when it came again as it should be.
        """CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL,
            key TEXT NOT NULL,
            station INTEGER REFERENCES stations,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            proved INTEGER NOT NULL CHECK (proved IN (0, 1)),
            place INTEGER,
            size INTEGER NOT NULL,
            received INTEGER NOT NULL,
            receipt INTEGER NOT NULL,
            way TEXT NOT NULL,
            decided INTEGER,
            released INTEGER REFERENCES bundles
        ) STRICT""",
        "CREATE INDEX quarantine_by_sha256 ON quarantine (sha256)",
        "CREATE INDEX quarantine_open ON quarantine (received) WHERE decided IS NULL",
        # What an officer should look at; one row for each code and subject, with how often and when last.
        """CREATE TABLE alarms (
            code TEXT NOT NULL,
            subject TEXT NOT NULL,
            station INTEGER REFERENCES stations,
            detail TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            times INTEGER NOT NULL DEFAULT 1,
            seen INTEGER,
            PRIMARY KEY (code, subject)
        ) STRICT, WITHOUT ROWID""",
        # Who did what, and why.
        """CREATE TABLE deeds (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            deed TEXT NOT NULL,
            subject TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT""",
    ),
    (
        # Junk may be the same bytes under ever new keys: found among any number of its like.
        "DROP INDEX quarantine_by_sha256",
        "CREATE INDEX quarantine_by_sha256 ON quarantine (sha256, proved, key)",
    ),
)


def steps() -> Iterator[tuple[str, int, Step]]:
    """(owner, number, statements) of every step that this software knows."""
    for owner in OWNERS:
        known: tuple[Step, ...] = import_module(owner).STEPS
        yield from ((owner.removeprefix("kiosk.province."), number, step) for number, step in enumerate(known, 1))


def take_steps(db: sqlite3.Connection) -> bool:
    """Takes what is missing, inside the caller's transaction; whether there was any."""
    db.execute(
        """CREATE TABLE IF NOT EXISTS steps (owner TEXT, number INTEGER, PRIMARY KEY (owner, number))
           STRICT, WITHOUT ROWID"""
    )
    taken = set(db.execute("SELECT owner, number FROM steps"))
    missing = [(owner, number, step) for owner, number, step in steps() if (owner, number) not in taken]
    for owner, number, step in missing:
        for statement in step:
            db.execute(statement)
        db.execute("INSERT INTO steps VALUES (?, ?)", (owner, number))
    return bool(missing)
