"""Who changed a line of the journal, when, and what it said before and after; and which days that touched."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.lean_sqlite import Database
from kiosk.rules.journal_entry import Entry


@dataclass(frozen=True)
class Trace:
    """One change. `act`: add, edit, strike, restore or import; `reason`: typed, where the month was locked."""

    at: datetime
    who: str
    act: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str


def note(
    db: Database, line: int, at: datetime, who: str, act: str, before: Entry | None, after: Entry | None, reason: str
) -> None:
    """Adds one row, and notes the days to be told anew."""
    days = _days(before, after, at.astimezone(LOCAL).date())
    db.execute(
        """INSERT INTO journal_trace (line, at, who, act, before, after, reason, first, last)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (line, at.isoformat(), who, act, _json(before), _json(after), reason, days[0], days[1]),
    )
    db.execute("INSERT OR IGNORE INTO journal_changed (first, last) VALUES (?, ?)", days)


def of_line(db: Database, line: int) -> list[Trace]:
    """What became of a line, the latest change first."""
    rows = db.execute(
        "SELECT at, who, act, before, after, reason FROM journal_trace WHERE line = ? ORDER BY id DESC", (line,)
    )
    return [_trace(row) for row in rows]


def reasons(db: Database, first: date, last: date) -> list[Trace]:
    """The changes with a typed reason that touched some days: those of locked months. The oldest first."""
    rows = db.execute(
        """SELECT at, who, act, before, after, reason FROM journal_trace
           WHERE reason <> '' AND first <= ? AND last >= ? ORDER BY id""",
        (last.isoformat(), first.isoformat()),
    )
    return [_trace(row) for row in rows]


def _days(before: Entry | None, after: Entry | None, today: date) -> tuple[str, str]:
    """The first and the last day whose sums a change may have touched: a box changes the stock of every later day."""
    both = [one for one in (before, after) if one is not None]
    first = min(one.day for one in both)
    lasts = [
        today if one.kind in ("books", "fault", "offered_service") and one.until is None else one.until or one.day
        for one in both
    ]
    return first.isoformat(), max(first, *lasts).isoformat()


def _trace(row: tuple[Any, ...]) -> Trace:
    at, who, act, before, after, reason = row
    return Trace(
        datetime.fromisoformat(at), who, act, json.loads(before or "null"), json.loads(after or "null"), reason
    )


def _json(entry: Entry | None) -> str | None:
    if entry is None:
        return None
    days = {"day": entry.day.isoformat(), "until": None if entry.until is None else entry.until.isoformat()}
    return json.dumps({"kind": entry.kind, **days, **entry.numbers, **entry.words}, ensure_ascii=False)
