"""One-time tickets. A code stands nowhere: it is kept as a slow hash, so that a stolen file does not open sessions.

`redeem` is called inside the transaction that writes the session's start: a ticket and its session are both there
after a power cut, or neither is. No copy of the store holds tickets, so a restored one cannot make a used one good.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import pbkdf2_hmac

from sqlite_utils import Database

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.rules import tickets as rules
from kiosk.rules.tickets import Ticket
from kiosk.store import facts, throttle
from kiosk.translations import _

# Ten million codes take a day of one core at this; one takes 5 ms.
ROUNDS = 20_000
# No manager can have this name: names are printable.
THROTTLE = "\tticket"
LIMIT = throttle.Limit(rules.TRIES, rules.WAIT_SECONDS, rules.LONGEST_WAIT)
# Until then an old ticket is told to be used or too old; then it is unknown.
KEPT = timedelta(days=31)


class AlreadyUsed(RefusedError):
    """A ticket opens one session."""


def make(
    db: Database, minutes: float, now: Reading, days: int, number: Callable[[int], int] = secrets.randbelow
) -> str:  # fmt: skip
    """A new ticket's code, good until the end of the local day, or of the `days`-th; without a date for ever."""
    _sweep(db, now)
    expires = None
    if now.trusted:
        midnight = now.local.replace(hour=0, minute=0, second=0, microsecond=0)
        expires = (midnight + timedelta(days=days)).timestamp()
    while True:
        code = rules.code_of(number(10 ** (rules.DIGITS - 1)))
        made = db.execute(
            "INSERT INTO tickets (key, minutes, made, expires) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key_of(db, code), minutes, now.wall.isoformat(), expires),
        )
        if made.rowcount == 1:
            return code


def find(db: Database, code: str) -> Ticket | None:
    """The ticket with this code."""
    key = key_of(db, code)
    row = db.execute("SELECT minutes, expires, used FROM tickets WHERE key = ?", (key,)).fetchone()
    return None if row is None else Ticket(key, row[0], row[1], bool(row[2]))


def redeem(db: Database, key: str) -> None:
    """Uses a ticket up; AlreadyUsed when that has been done. The tries before it are forgiven."""
    if db.execute("UPDATE tickets SET used = 1 WHERE key = ? AND used = 0", (key,)).rowcount != 1:
        raise AlreadyUsed(_("This ticket has been used."), _("Give the citizen a new one."))
    throttle.forgive(db, THROTTLE)


def key_of(db: Database, code: str) -> str:
    """What a code is kept as, in this file."""
    salt = facts.get(db, "ticket_salt")
    if salt is None:
        salt = secrets.token_hex(16)
        facts.put(db, "ticket_salt", salt)
    return pbkdf2_hmac("sha256", code.encode(), salt.encode(), ROUNDS).hex()[:32]


def _sweep(db: Database, now: Reading) -> None:
    if now.trusted:
        before: datetime = now.wall - KEPT
        db.execute("DELETE FROM tickets WHERE (used = 1 OR expires < ?) AND made < ?",
                   (before.timestamp(), before.isoformat()))  # fmt: skip
