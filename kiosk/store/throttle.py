"""How many wrong tries there were, and what they cost (rules/wrong_tries.py): PINs and tickets, kept over a restart."""

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.rules.wrong_tries import Limit, Row, judge

__all__ = ["Limit", "Row", "begin_try", "forgive", "judge", "keep", "read"]


def begin_try(db: Database, name: str, now: Reading, limit: Limit) -> tuple[bool, int]:
    """Counts a try before it is looked at, so that pulling the plug does not give one back.

    (allowed, seconds to wait now; or from now, if this one is wrong).
    """
    seconds, row = judge(read(db, name), now, limit)
    if row is not None:
        keep(db, name, row)
    return row is not None, seconds


def keep(db: Database, name: str, row: Row) -> None:
    """Write down what is now known of the tries for `name`."""
    db.execute(
        """INSERT INTO throttle (name, tries, waits, boot_id, boot_from, wait) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET tries = excluded.tries, waits = excluded.waits,
               boot_id = excluded.boot_id, boot_from = excluded.boot_from, wait = excluded.wait""",
        (name, *row),
    )


def read(db: Database, name: str) -> Row | None:
    """What is known of the tries for `name`; None: nothing."""
    row: Row | None = db.execute(
        "SELECT tries, waits, boot_id, boot_from, wait FROM throttle WHERE name = ?", (name,)
    ).fetchone()
    return row


def forgive(db: Database, name: str) -> None:
    """It was right, or was set anew: the next wrong one is the first."""
    db.execute("DELETE FROM throttle WHERE name = ?", (name,))
