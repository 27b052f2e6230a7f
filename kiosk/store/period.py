"""What a report reads: exact counts of many days, in pieces short enough for a sign-in to go first.

Each function is a job for `Store.submit_later`. Of the tallies only the exact monthly ones are read here; answers
leave the store as releases alone (windows.py).
"""

from collections.abc import Mapping

from kiosk.lean_sqlite import Database
from kiosk.rules.tallies import MONTHLY

MonthCounts = Mapping[tuple[str, str, str], int]


def day_rows(db: Database, first: str, last: str) -> list[tuple[str, str, int]]:
    """(day, code, count) of the day totals from `first` to `last`."""
    return db.execute(
        "SELECT day, code, count FROM day_totals WHERE day BETWEEN ? AND ? ORDER BY day, code", (first, last)
    ).fetchall()


def item_opens(db: Database, first: str, last: str) -> dict[str, int]:
    """Times that each item was opened from `first` to `last`."""
    return dict(
        db.execute(
            "SELECT item, sum(count) FROM opens WHERE day BETWEEN ? AND ? GROUP BY item", (first, last)
        ).fetchall()
    )


def month_counts(db: Database, first: str, last: str) -> MonthCounts:
    """{(table, month, side): count} of the exact monthly tallies, months `first` to `last` (YYYY-MM)."""
    found: dict[tuple[str, str, str], int] = {}
    for table in MONTHLY:
        rows = db.execute(
            "SELECT table_name, side, visits FROM tallies WHERE table_name BETWEEN ? AND ?",
            (f"{table}:{first}", f"{table}:{last}"),
        )
        found |= {(table, name.partition(":")[2], side): visits for name, side, visits in rows}
    return found
