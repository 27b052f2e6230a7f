"""Lets go of what has been kept long enough: single sessions become day totals only, old totals and deeds go.

Every session was counted in the totals of its day when it ended, so folding only deletes. It runs in slices behind
everything urgent, may be stopped anywhere, and does nothing the second time. Only under a trusted date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.rules.tallies import MONTHLY
from kiosk.store import facts, journal_keeping
from kiosk.store.jobs import forgetting
from kiosk.store.thread import Store

# A slice of so many rows takes a few milliseconds on the oldest PC (secure_delete overwrites them).
SLICE = 200


@dataclass(frozen=True)
class Kept:
    """How long (DOMAIN.md): single sessions in months, totals and opens in years, what staff did in months."""

    sessions_months: int = 13
    totals_years: int = 5
    audit_months: int = 12


def before(today: date, months: int) -> date:
    """The day `months` before; where that month has no such day, its first of the next."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    try:
        return date(year, month + 1, today.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


def fold(store: Store, now: Reading, kept: Kept, stopped: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
    """Rows deleted by table; empty while the date is not trusted. KioskError where the disk refuses."""
    first = store.run(facts.first_use)
    if not now.trusted or first is None:
        return {}
    today = date.fromisoformat(now.day)
    sessions, totals = before(today, kept.sessions_months), before(today, kept.totals_years * 12)
    audits = before(today, kept.audit_months).isoformat()
    steps: tuple[tuple[str, Callable[[Database], int]], ...] = (
        ("sessions", lambda db: _sessions(db, first, sessions.isoformat())),
        ("day_totals", lambda db: _days(db, "day_totals", first, totals.isoformat())),
        ("opens", lambda db: _days(db, "opens", first, totals.isoformat())),
        ("tallies", lambda db: _months(db, first[:7], totals.isoformat()[:7])),
        ("month_locks", lambda db: _locks(db, "month_locks", totals.isoformat()[:7])),
        ("month_revisions", lambda db: _locks(db, "month_revisions", totals.isoformat()[:7])),
        ("journal", lambda db: journal_keeping.let_go(db, totals.isoformat(), SLICE)),
        ("journal_names", lambda db: journal_keeping.forget_who(db, audits, SLICE)),
        ("audit", lambda db: _audit(db, audits)),
    )
    gone: dict[str, int] = {}
    for table, step in steps:
        job = forgetting(step)
        while not stopped():
            count = store.submit_later(job).result()
            gone[table] = gone.get(table, 0) + count
            if count < SLICE:
                break
    return {table: count for table, count in gone.items() if count}


def _sessions(db: Database, first: str, cut: str) -> int:
    """A day before the first use is one of a dead clock: it may still be given its true date, and stays."""
    return db.execute(
        """DELETE FROM sessions WHERE id IN (
               SELECT id FROM sessions WHERE day >= ? AND day < ? ORDER BY day LIMIT ?)""",
        (first, cut, SLICE),
    ).rowcount


def _days(db: Database, table: str, first: str, cut: str) -> int:
    key = {"day_totals": "code", "opens": "item"}[table]
    return db.execute(
        f"""DELETE FROM {table} WHERE (day, {key}) IN (
                SELECT day, {key} FROM {table} WHERE day >= ? AND day < ? ORDER BY day LIMIT ?)""",
        (first, cut, SLICE),
    ).rowcount


def _months(db: Database, first: str, cut: str) -> int:
    """The exact counts of months whose days have all gone; other tallies leave by the disclosure rule alone."""
    return db.execute(
        f"""DELETE FROM tallies WHERE substr(table_name, -7) >= ? AND substr(table_name, -7) < ?
               AND substr(table_name, 1, length(table_name) - 8) IN ({", ".join("?" * len(MONTHLY))})""",
        (first, cut, *MONTHLY),
    ).rowcount


def _locks(db: Database, table: str, cut: str) -> int:
    """What was told of months whose days have all gone."""
    return db.execute(
        f"DELETE FROM {table} WHERE month IN (SELECT month FROM {table} WHERE month < ? ORDER BY month LIMIT ?)",
        (cut, SLICE),
    ).rowcount


def _audit(db: Database, cut: str) -> int:
    return db.execute(
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY id LIMIT ?)", (cut, SLICE)
    ).rowcount
