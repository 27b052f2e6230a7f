"""How many wrong tries there were, and what they cost: PINs and tickets.

It survives restart and reboot and trusts no wall clock. A wait is counted by boot seconds: in the boot it began in,
from then; in any later boot, from that boot's start, which cannot have come sooner. Time with the power off is not
credited, so neither a clock set forward nor a reboot can shorten a wait; a reboot may only lengthen it.
"""

from dataclasses import dataclass
from math import ceil

from sqlite_utils import Database

from kiosk.clock import Reading


@dataclass(frozen=True)
class Limit:
    """After `tries` wrong ones `wait` seconds, twice as long each time up to `longest`."""

    tries: int
    wait: float
    longest: float


def begin_try(db: Database, name: str, now: Reading, limit: Limit) -> tuple[bool, int]:
    """Counts a try before it is looked at, so that pulling the plug does not give one back.

    (allowed, seconds to wait now; or from now, if this one is wrong).
    """
    made, waits, boot_id, boot_from, waiting = _row(db, name, now)
    left = _left(now, boot_id, boot_from, waiting)
    if left:
        return False, left
    made, waiting = made + 1, 0.0
    if made >= limit.tries:
        made, waits, waiting = 0, min(waits + 1, 30), min(limit.wait * 2**waits, max(limit.wait, limit.longest))
    db.execute(
        """INSERT INTO throttle (name, tries, waits, boot_id, boot_from, wait) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET tries = excluded.tries, waits = excluded.waits,
               boot_id = excluded.boot_id, boot_from = excluded.boot_from, wait = excluded.wait""",
        (name, made, waits, now.boot_id, now.boot, waiting),
    )
    return True, ceil(waiting)


def forgive(db: Database, name: str) -> None:
    """It was right, or was set anew: the next wrong one is the first."""
    db.execute("DELETE FROM throttle WHERE name = ?", (name,))


def _row(db: Database, name: str, now: Reading) -> tuple[int, int, str, float, float]:
    row: tuple[int, int, str, float, float] | None = db.execute(
        "SELECT tries, waits, boot_id, boot_from, wait FROM throttle WHERE name = ?", (name,)
    ).fetchone()
    return row or (0, 0, now.boot_id, now.boot, 0.0)


def _left(now: Reading, boot_id: str, boot_from: float, wait: float) -> int:
    passed = now.boot - boot_from if boot_id == now.boot_id else now.boot
    return max(0, ceil(wait - passed))
