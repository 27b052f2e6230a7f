"""How long the journal is kept: lines as long as totals of days, who wrote them as long as the audit.

What lasts (an open fault, a service on offer) stays as long as it lasts. Of boxes that go, the copies they left here
are kept in one number, so that the stock stays right.
"""

from kiosk.lean_sqlite import Database
from kiosk.store import facts
from kiosk.store.journal import BOOKS_BEFORE


def let_go(db: Database, cut: str, most: int) -> int:
    """Deletes lines of days before `cut`, with their traces; how many."""
    found = db.execute(
        """SELECT id, iif(kind = 'books' AND struck = 0, coalesce(json_extract(numbers, '$.copies_in'), 0)
                  - coalesce(json_extract(numbers, '$.copies_out'), 0), 0)
           FROM journal WHERE day < ? AND (struck = 1 OR kind NOT IN ('fault', 'offered_service') OR until < ?)
           ORDER BY day LIMIT ?""",
        (cut, cut, most),
    ).fetchall()
    left = sum(int(copies) for _id, copies in found)
    if left:
        facts.put(db, BOOKS_BEFORE, str(int(facts.get(db, BOOKS_BEFORE) or 0) + left))
    ids = [(number,) for number, _copies in found]
    db.conn.executemany("DELETE FROM journal_trace WHERE line = ?", ids)
    db.conn.executemany("DELETE FROM journal WHERE id = ?", ids)
    return len(ids)


def forget_who(db: Database, cut: str, most: int) -> int:
    """Takes the names of staff out of what was written before `cut` (UTC, ISO 8601); how many rows."""
    return sum(
        db.execute(
            f"UPDATE {table} SET who = '' WHERE id IN (SELECT id FROM {table} WHERE at < ? AND who <> '' LIMIT ?)",
            (cut, most),
        ).rowcount
        for table in ("journal", "journal_trace")
    )
