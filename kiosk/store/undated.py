"""What was counted while the date could not be trusted: kept by boot and boot time until a trusted date tells the day.

A place in time is a day, or a boot and a slot of it. When trust comes in a boot, redating.py moves all that the boot
counted to its days. A boot that never got trust stays here for good, and is shown as visits without a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.store import usage

SLOT_SECONDS = 300
# Stands where a month stands in the name of a tally (redating.py says why no boot stands there).
NO_MONTH = "undated"


class Place(NamedTuple):
    """Where a count belongs: `day` where the date is trusted, else the boot and its slot of SLOT_SECONDS."""

    day: str
    boot_id: str = ""
    slot: int = 0


@dataclass(frozen=True)
class Waiting:
    """What stands here: sessions that were visits, whole minutes of all sessions, and from how many boots."""

    visits: int
    minutes: int
    boots: int


def place(now: Reading) -> Place:
    """Where something counted now belongs."""
    return Place(now.day) if now.trusted else Place("", now.boot_id, int(now.boot // SLOT_SECONDS))


def add(db: Database, where: Place, counts: Mapping[str, int]) -> None:
    """Adds to the totals of a day, or of a slot that waits for its day."""
    if where.day:
        usage.add(db, where.day, counts)
        return
    db.conn.executemany(
        """INSERT INTO undated_totals (boot_id, slot, code, count) VALUES (?, ?, ?, ?)
           ON CONFLICT (boot_id, slot, code) DO UPDATE SET count = count + excluded.count""",
        [(where.boot_id, where.slot, code, count) for code, count in counts.items() if count],
    )


def opened(db: Database, where: Place, items: Mapping[str, int]) -> None:
    """Counts opened items, like usage.opened."""
    if where.day:
        usage.opened(db, where.day, items)
        return
    db.conn.executemany(
        """INSERT INTO undated_opens (boot_id, slot, item, count) VALUES (?, ?, ?, ?)
           ON CONFLICT (boot_id, slot, item) DO UPDATE SET count = count + excluded.count""",
        [(where.boot_id, where.slot, item, count) for item, count in items.items() if count],
    )


def waiting(db: Database, boot_id: str | None = None) -> Waiting:
    """What has no date; with `boot_id` only what that boot counted."""
    row = db.execute(
        """SELECT coalesce(sum(visit), 0), coalesce(sum((seconds + 59) / 60), 0), count(DISTINCT boot_id)
           FROM undated_sessions WHERE boot_id = coalesce(?, boot_id)""",
        (boot_id,),
    ).fetchone()
    return Waiting(*map(int, row))
