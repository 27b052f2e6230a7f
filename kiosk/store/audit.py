"""What staff did: who, what, when. Never a citizen, never an answer, and it never leaves the PC."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.lean_sqlite import Database


@dataclass(frozen=True)
class Entry:
    """One deed of a manager (`at` in UTC)."""

    at: datetime
    who: str
    action: str
    detail: str
    id: int = 0


def note(db: Database, at: datetime, who: str, action: str, detail: str = "") -> None:
    """Adds one line."""
    db.execute("INSERT INTO audit (at, who, action, detail) VALUES (?, ?, ?, ?)", (at.isoformat(), who, action, detail))


def page(db: Database, since: datetime, before: int | None, limit: int) -> list[Entry]:
    """The newest lines since a moment, newest first; with `before`, those older than the line of that id."""
    rows = db.execute(
        "SELECT at, who, action, detail, id FROM audit WHERE at >= ? AND id < ? ORDER BY id DESC LIMIT ?",
        (since.isoformat(), 2**62 if before is None else before, limit),
    )
    return [Entry(datetime.fromisoformat(at), who, action, detail, number) for at, who, action, detail, number in rows]


def latest(db: Database, limit: int = 50) -> list[Entry]:
    """The newest lines, newest first."""
    rows = db.execute("SELECT at, who, action, detail FROM audit ORDER BY id DESC LIMIT ?", (limit,))
    return [Entry(datetime.fromisoformat(at), who, action, detail) for at, who, action, detail in rows]
