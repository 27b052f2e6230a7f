"""One-time tickets. A code stands nowhere: it is kept as a slow hash, so that a stolen file does not open sessions.

`redeem` is called inside the transaction that writes the session's start: a ticket and its session are both there
after a power cut, or neither is. No copy of the store holds tickets; after a restore they are taken from the file
that was set aside (salvage.py), so that none that was used is good again.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import pbkdf2_hmac

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
from kiosk.rules import tickets as rules
from kiosk.rules.tickets import Ticket
from kiosk.store import facts, throttle
from kiosk.translations import _

# Ten million codes take a day of one core at this; one takes 5 ms.
ROUNDS = 20_000
SALT = "ticket_salt"
COLUMNS = ("key", "minutes", "made", "expires", "used", "sheet", "withdrawn")
# No manager can have this name: names are printable.
THROTTLE = "\tticket"
LIMIT = throttle.Limit(rules.TRIES, rules.WAIT_SECONDS, rules.LONGEST_WAIT)
# Until then an old ticket is told to be used or too old; then it is unknown.
KEPT = timedelta(days=31)


class AlreadyUsed(RefusedError):
    """A ticket opens one session."""


@dataclass(frozen=True)
class Sheet:
    """Tickets that were made together, counted; who used one, and when, stands nowhere. `expires`: since 1970."""

    id: int
    minutes: float
    made: datetime
    expires: float | None
    total: int
    used: int
    withdrawn: int

    def open(self, wall: float, trusted: bool) -> int:
        """How many of them still open a session."""
        return 0 if self.is_old(wall, trusted) else self.total - self.used - self.withdrawn

    def is_old(self, wall: float, trusted: bool) -> bool:
        """Whether their time is over; without a trusted date it never is."""
        return trusted and self.expires is not None and wall >= self.expires


def make(
    db: Database, minutes: float, now: Reading, days: int, number: Callable[[int], int] = secrets.randbelow
) -> str:  # fmt: skip
    """A new ticket's code, alone on its sheet."""
    salt = salt_of(db)
    while True:
        code = rules.code_of(number(10 ** (rules.DIGITS - 1)))
        if keep(db, [hashed(salt, code)], minutes, now, end_of(now, days)):
            return code


def keep(db: Database, keys: Sequence[str], minutes: float, now: Reading, expires: float | None) -> int:
    """Keeps new tickets as one sheet and returns its number; 0, and nothing kept, where one of them is there already.

    The keys are hashed outside: two dozen take longer than a sign-in may wait.
    """
    _sweep(db, now)
    marks = ", ".join("?" * len(keys))
    if db.execute(f"SELECT 1 FROM tickets WHERE key IN ({marks})", tuple(keys)).fetchone():
        return 0
    number = int(db.execute("SELECT coalesce(max(sheet), 0) + 1 FROM tickets").fetchone()[0])
    for key in keys:
        db.execute(
            "INSERT INTO tickets (key, minutes, made, expires, sheet) VALUES (?, ?, ?, ?, ?)",
            (key, minutes, now.wall.isoformat(), expires, number),
        )
    return number


def replace(db: Database, old: int, keys: Sequence[str], now: Reading) -> int:
    """New tickets in the place of those of a sheet that are still good, on a sheet of their own; its number.

    0 where there are not just so many of them any more.
    """
    found = sheet(db, old)
    if found is None or found.open(now.wall.timestamp(), now.trusted) != len(keys):
        return 0
    number = keep(db, keys, found.minutes, now, found.expires)
    return number if number and withdraw(db, old) else 0


def withdraw(db: Database, number: int) -> int:
    """Makes the unused tickets of a sheet worthless; how many there were."""
    done = db.execute("UPDATE tickets SET withdrawn = 1 WHERE sheet = ? AND used = 0 AND withdrawn = 0", (number,))
    return int(done.rowcount)


def sheets(db: Database) -> list[Sheet]:
    """All sheets that are remembered, the newest first."""
    rows = db.execute(
        """SELECT sheet, minutes, min(made), max(expires), count(*), sum(used), sum(withdrawn) FROM tickets
           GROUP BY sheet, minutes ORDER BY sheet DESC, min(made) DESC"""
    )
    return [Sheet(number, minutes, datetime.fromisoformat(made), *rest) for number, minutes, made, *rest in rows]


def sheet(db: Database, number: int) -> Sheet | None:
    """One of them."""
    return next((one for one in sheets(db) if one.id == number), None)


def still_good(db: Database, keys: Sequence[str]) -> set[str]:
    """Which of these were neither used nor withdrawn."""
    marks = ", ".join("?" * len(keys))
    rows = db.execute(f"SELECT key FROM tickets WHERE used = 0 AND withdrawn = 0 AND key IN ({marks})", tuple(keys))
    return {str(row[0]) for row in rows}


def find(db: Database, code: str) -> Ticket | None:
    """The ticket with this code."""
    key = hashed(salt_of(db), code)
    row = db.execute("SELECT minutes, expires, used, withdrawn FROM tickets WHERE key = ?", (key,)).fetchone()
    return None if row is None else Ticket(key, row[0], row[1], bool(row[2]), bool(row[3]))


def redeem(db: Database, key: str) -> None:
    """Uses a ticket up; AlreadyUsed when that has been done. The tries before it are forgiven."""
    done = db.execute("UPDATE tickets SET used = 1 WHERE key = ? AND used = 0 AND withdrawn = 0", (key,))
    if done.rowcount != 1:
        raise AlreadyUsed(_("This ticket has been used."), _("Give the citizen a new one."))
    throttle.forgive(db, THROTTLE)


def end_of(now: Reading, days: int) -> float | None:
    """The end of the local day, or of the `days`-th; None, for ever, without a date."""
    if not now.trusted:
        return None
    midnight = now.local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=days)).timestamp()


def salt_of(db: Database) -> str:
    """What the codes of this file are salted with."""
    salt = facts.get(db, SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        facts.put(db, SALT, salt)
    return salt


def hashed(salt: str, code: str) -> str:
    """What a code is kept as."""
    return pbkdf2_hmac("sha256", code.encode(), salt.encode(), ROUNDS).hex()[:32]


def take_over(db: Database, salt: str, rows: Sequence[tuple[object, ...]]) -> None:
    """The tickets of a file that was set aside (salvage.py), and no others. Rows from before a step are shorter."""
    db.execute("DELETE FROM tickets")
    facts.put(db, SALT, salt or None)
    for row in rows:
        marks = ", ".join("?" * len(row))
        names = ", ".join(COLUMNS[: len(row)])
        db.execute(f"INSERT OR IGNORE INTO tickets ({names}) VALUES ({marks})", row)


def _sweep(db: Database, now: Reading) -> None:
    if now.trusted:
        before: datetime = now.wall - KEPT
        db.execute("DELETE FROM tickets WHERE (used = 1 OR withdrawn = 1 OR expires < ?) AND made < ?",
                   (before.timestamp(), before.isoformat()))  # fmt: skip
