"""One-time codes by which PCs join (export/handshake.py): made here, kept only as long as they are needed.

A hash of the secret would not do: what the station proves, and what is proved to it, are computed with the secret
itself. So it lies in the ledger, closed to all but the province's own user, until the code is over: it expired, was
locked by wrong proofs, or the PC that used it has sent something, so that it surely has the answer. Then it is erased.
"""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from kiosk.export.handshake import ALPHABET, FIND, SECRET, Code
from kiosk.province.memory.rows import alarm, deed

DAYS = 30
MOST_WRONG = 10
# A used or expired code is told from one that never was for so long.
REMEMBERED = int(timedelta(days=400).total_seconds())

STEPS = (
    (
        # `secret` NULL: the code is over. `public`: the key that used it, `used`: when.
        """CREATE TABLE enrol_codes (
            find TEXT PRIMARY KEY CHECK (length(find) = 4),
            secret TEXT CHECK (length(secret) = 16),
            site TEXT NOT NULL,
            station TEXT NOT NULL,
            made INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            wrong INTEGER NOT NULL DEFAULT 0,
            used INTEGER,
            public BLOB CHECK (length(public) = 32)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX enrol_codes_by_place ON enrol_codes (site, station)",
        # Keys that were enrolled and have not signed anything that came yet.
        """CREATE TABLE new_keys (
            key TEXT PRIMARY KEY REFERENCES keys,
            station INTEGER NOT NULL REFERENCES stations
        ) STRICT, WITHOUT ROWID""",
    ),
)


@dataclass(frozen=True, slots=True)
class Given:
    """A code as the ledger has it. `secret` empty: it is over; `public` empty: nobody has used it."""

    find: str
    secret: str
    site: str
    station: str
    expires: int
    wrong: int
    public: bytes

    @property
    def locked(self) -> bool:
        """Whether wrong proofs have ended it."""
        return self.wrong >= MOST_WRONG

    @property
    def code(self) -> Code:
        """What the proofs are computed with."""
        return Code(self.find, self.secret)


def make_code(db: sqlite3.Connection, site: str, station: str, at: int, who: str, why: str, days: int = DAYS) -> Code:
    """A new code for a PC's place; one that was given for it before and not used is withdrawn. In a transaction."""
    erase_secrets(db, at)
    db.execute("DELETE FROM enrol_codes WHERE site = ? AND station = ? AND used IS NULL", (site, station))
    while True:
        code = Code(_random(FIND), _random(SECRET))
        if look_up(db, code.find) is None:
            break
    db.execute(
        "INSERT INTO enrol_codes (find, secret, site, station, made, expires) VALUES (?, ?, ?, ?, ?, ?)",
        (code.find, code.secret, site, station, at, at + days * 86_400),
    )
    deed(db, at, who, "code", f"{site} {station}", why)
    return code


def look_up(db: sqlite3.Connection, find: str) -> Given | None:
    """The code that begins so."""
    row = db.execute(
        "SELECT find, secret, site, station, expires, wrong, public FROM enrol_codes WHERE find = ?", (find,)
    ).fetchone()
    if row is None:
        return None
    _find, secret, site, station, expires, wrong, public = row
    return Given(find, secret or "", site, station, expires, wrong, public or b"")


def count_wrong(db: sqlite3.Connection, given: Given, at: int) -> None:
    """A proof was wrong; the tenth ends the code, and an officer hears of it. In a transaction."""
    db.execute("UPDATE enrol_codes SET wrong = wrong + 1 WHERE find = ?", (given.find,))
    if given.wrong + 1 >= MOST_WRONG:
        db.execute("UPDATE enrol_codes SET secret = NULL WHERE find = ?", (given.find,))
        alarm(db, at, "CODE_LOCKED", f"{given.site} {given.station}", None, given.find)


def mark_used(db: sqlite3.Connection, given: Given, public: bytes, at: int) -> None:
    """This key has used it. In a transaction."""
    db.execute("UPDATE enrol_codes SET used = ?, public = ? WHERE find = ?", (at, public, given.find))


def erase_secrets(db: sqlite3.Connection, at: int) -> None:
    """Erase what is no longer needed; forget codes that were over long ago. In a transaction."""
    db.execute("UPDATE enrol_codes SET secret = NULL WHERE expires <= ? AND secret IS NOT NULL", (at,))
    db.execute(
        """UPDATE enrol_codes SET secret = NULL WHERE secret IS NOT NULL AND used IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM new_keys JOIN keys USING (key) WHERE keys.public = enrol_codes.public)"""
    )
    db.execute("DELETE FROM enrol_codes WHERE expires <= ?", (at - REMEMBERED,))


def _random(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(count))
