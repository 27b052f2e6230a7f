"""What was told of each month when it was locked, and every change since (rules/month_lock.py). Nothing is overwritten.

`figures` of a lock are those of the report by code, as text; sign-in answers by their sides are none of them, because
no release is ever corrected.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.lean_sqlite import Database
from kiosk.rules.month_lock import Figures, Revision


@dataclass(frozen=True)
class Lock:
    """A month (`2026-10`) from `first` to `last` day as it was told `at` (UTC). `versions` of its definitions."""

    month: str
    first: str
    last: str
    at: str
    figures: Figures
    versions: Figures


def keep(db: Database, lock: Lock) -> bool:
    """Keeps what is told from now on; False, and nothing is changed, where that month is locked already."""
    return bool(
        db.execute(
            "INSERT OR IGNORE INTO month_locks (month, first_day, last_day, at, figures, versions)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                lock.month,
                lock.first,
                lock.last,
                lock.at,
                json.dumps(dict(lock.figures)),
                json.dumps(dict(lock.versions)),
            ),
        ).rowcount
    )


def months(db: Database) -> list[str]:
    """The months that are locked, the oldest first."""
    return [str(row[0]) for row in db.execute("SELECT month FROM month_locks ORDER BY month")]


def between(db: Database, first: str, last: str) -> list[Lock]:
    """The locks of the months that lie whole between two days, the oldest first."""
    rows = db.execute(
        """SELECT month, first_day, last_day, at, figures, versions FROM month_locks
           WHERE first_day >= ? AND last_day <= ? ORDER BY month""",
        (first, last),
    )
    return [
        Lock(month, begin, end, at, json.loads(figures), json.loads(versions))
        for month, begin, end, at, figures, versions in rows
    ]


def revise(db: Database, found: Iterable[Revision]) -> int:
    """Notes changes in the order in which they came; how many."""
    rows = [(one.month, one.code, one.before, one.after, one.cause, one.reason, one.at) for one in found]
    db.conn.executemany(
        """INSERT INTO month_revisions (month, code, before_it, after_it, cause, reason, at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    return len(rows)


def revisions(db: Database, first: str, last: str) -> list[Revision]:
    """The changes of months `first` to `last` (YYYY-MM), in their order."""
    rows = db.execute(
        """SELECT month, code, before_it, after_it, cause, reason, at FROM month_revisions
           WHERE month BETWEEN ? AND ? ORDER BY id""",
        (first, last),
    )
    return [Revision(*row) for row in rows]


def fingerprint(db: Database, first: str, last: str) -> tuple[int, ...]:
    """Changes whenever a day total or an opening of those days does; cheap enough to be asked every few minutes."""
    found: tuple[int, ...] = ()
    for table in ("day_totals", "opens"):
        query = f"SELECT count(*), coalesce(sum(count), 0) FROM {table} WHERE day BETWEEN ? AND ?"
        found += tuple(db.execute(query, (first, last)).fetchone())
    return found


def noted_between(db: Database, begin: str, end: str) -> tuple[list[Lock], list[Revision]]:
    """Locks and revisions of a moment from `begin` up to before `end` (UTC): what the bundle of a day says."""
    names = [row[0] for row in db.execute("SELECT month FROM month_locks WHERE at >= ? AND at < ?", (begin, end))]
    locks = [lock for lock in between(db, "", "9") if lock.month in names]
    rows = db.execute(
        """SELECT month, code, before_it, after_it, cause, reason, at FROM month_revisions
           WHERE at >= ? AND at < ? ORDER BY id""",
        (begin, end),
    )
    return locks, [Revision(*row) for row in rows]


def adopt(db: Database, lock: Lock | None, found: Iterable[Revision]) -> None:
    """Puts back, from a bundle, what the store does not know any more."""
    if lock is not None:
        keep(db, lock)
    for one in found:
        known = revisions(db, one.month, one.month)
        if one not in known:
            revise(db, [one])
