"""Exact counts of use and of the machine's health by local day, and opens of content by day and item.

Codes of day totals: visits, too_short, seconds, minutes, extensions, assisted, pages, end:<reason> (written by
sessions.py); open_seconds, internet_seconds, boots, unclean, planned_minutes, searches_missed (written by the
service); redated (redating.py), journal_late (export/outbox.py); those of rules/health_days.py, counted once a minute.
"""

from collections.abc import Mapping

from kiosk.lean_sqlite import Database


def add(db: Database, day: str, counts: Mapping[str, int]) -> None:
    """Adds to a day's totals; zeros leave no row."""
    db.conn.executemany(
        """INSERT INTO day_totals (day, code, count) VALUES (?, ?, ?)
           ON CONFLICT (day, code) DO UPDATE SET count = count + excluded.count""",
        [(day, code, count) for code, count in counts.items() if count],
    )


def plan(db: Database, day: str, minutes: int) -> None:
    """Keeps the opening minutes planned for a day, the first time only: a later policy does not rewrite the past."""
    db.execute(
        "INSERT INTO day_totals (day, code, count) VALUES (?, 'planned_minutes', ?) ON CONFLICT DO NOTHING",
        (day, minutes),
    )


def totals(db: Database, day: str) -> dict[str, int]:
    """All totals of one day by code."""
    return dict(db.execute("SELECT code, count FROM day_totals WHERE day = ? ORDER BY code", (day,)).fetchall())


def first_day(db: Database) -> str | None:
    """The first day that anything was counted on."""
    row = db.execute("SELECT min(day) FROM day_totals").fetchone()
    return None if row[0] is None else str(row[0])


def opened(db: Database, day: str, items: Mapping[str, int]) -> None:
    """Counts opened items: by day and item, never by session."""
    db.conn.executemany(
        """INSERT INTO opens (day, item, count) VALUES (?, ?, ?)
           ON CONFLICT (day, item) DO UPDATE SET count = count + excluded.count""",
        [(day, item, count) for item, count in items.items() if count],
    )


def opens(db: Database, day: str) -> dict[str, int]:
    """Opens of one day by item."""
    return dict(db.execute("SELECT item, count FROM opens WHERE day = ? ORDER BY item", (day,)).fetchall())
