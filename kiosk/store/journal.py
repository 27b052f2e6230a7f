"""The journal: what staff write down by hand, what of it does not work now, and its sums. Start reading here.

rules/journal.py says of what kinds the lines are; journal_lines.py keeps them, journal_trace.py who changed what.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from kiosk.clock import LOCAL, Reading
from kiosk.rules import journal as rules
from kiosk.rules.journal_entry import LONGEST_WORDS, Entry, tidy
from kiosk.store import facts
from kiosk.store.journal_lines import (
    COLUMNS,
    Line,
    Overtaken,
    add,
    add_entry,
    as_line,
    edit,
    entry_of,
    line,
    lines,
    restore,
    standing,
    strike,
)

__all__ = [
    "Fault", "Line", "Overtaken", "add", "add_entry", "books_on_hand", "close_fault", "edit", "entry_of",
    "fault_days", "first_day", "known_moment", "line", "lines", "open_fault", "open_faults", "restore",
    "standing", "strike", "sums",
]  # fmt: skip


# Copies left here by boxes whose lines were let go of after their years (journal_keeping.py).
BOOKS_BEFORE = "books_before"


@dataclass(frozen=True)
class Fault:
    """Something that does not work. `what`: one of rules.WHATS; `until`: the day of its repair."""

    id: int
    what: str
    reason: str
    since: date
    until: date | None = None


def open_fault(db: Database, what: str, reason: str, who: str, now: datetime) -> int:
    """Notes that something does not work any more; a fault of the same that is open already stays the one.

    Refuses nothing: what the station orders by itself must not wait for ever to be written.
    """
    known = _open(db, what)
    if known is not None:
        return known.id
    words = {"what": what, "words": tidy(reason)[:LONGEST_WORDS] or "?"}
    return add_entry(db, Entry("fault", now.astimezone(LOCAL).date(), None, {}, words), who, now)


def close_fault(db: Database, what: str, who: str, now: datetime, note: str = "") -> None:
    """Notes that it works again; nothing where no fault of it is open."""
    known = _open(db, what)
    if known is None:
        return
    before = entry_of(known)
    words = dict(before.words)
    if note:
        words["words"] = f"{words.get('words', '')} – {tidy(note)}"[:LONGEST_WORDS]
    until = max(before.day, now.astimezone(LOCAL).date())
    edit(db, known.id, known.version, Entry(before.kind, before.day, until, before.numbers, words), who, now)


def known_moment(db: Database, now: Reading) -> datetime:
    """Now, or while the date is not trusted the last moment that was."""
    return now.wall if now.trusted else facts.good_wall(db) or now.wall


def open_faults(db: Database) -> list[Fault]:
    """What does not work now, the oldest first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM journal WHERE kind = 'fault' AND struck = 0 AND until IS NULL ORDER BY day, id"
    )
    return [_fault(as_line(row)) for row in rows]


def fault_days(db: Database, what: str, first: date, last: date) -> set[date]:
    """The days from `first` to `last` at whose end it did not work: from the report to the day before the repair.

    Callers end at today: nobody knows of tomorrow.
    """
    rows = db.execute(
        """SELECT day, until FROM journal WHERE kind = 'fault' AND struck = 0 AND json_extract(words, '$.what') = ?
           AND day <= ? AND (until IS NULL OR until > ?)""",
        (what, last.isoformat(), first.isoformat()),
    )
    found = set[date]()
    for day, until in rows:
        begin = max(first, date.fromisoformat(day))
        end = last if until is None else min(last, date.fromisoformat(until) - timedelta(days=1))
        found.update(begin + timedelta(days=ahead) for ahead in range((end - begin).days + 1))
    return found


def sums(db: Database, first: date, last: date) -> dict[str, int]:
    """Every figure of rules.CODES over some days; those of rules.LEVELS as they are on the last."""
    span = (first.isoformat(), last.isoformat())
    found = dict.fromkeys(rules.CODES, 0)
    rows = db.execute(
        """SELECT kind, counted.key, sum(counted.value) FROM journal, json_each(journal.numbers) AS counted
           WHERE struck = 0 AND day BETWEEN ? AND ? GROUP BY kind, counted.key""",
        span,
    )
    codes = {(kind.code, number.name): number.code for kind in rules.KINDS.values() for number in kind.numbers}
    for kind, name, count in rows:
        if (code := codes.get((kind, name))) is not None:
            found[code] += count
    for column, code in (("day", "faults_opened"), ("until", "faults_closed")):
        found[code] = db.execute(
            f"SELECT count(*) FROM journal WHERE kind = 'fault' AND struck = 0 AND {column} BETWEEN ? AND ?", span
        ).fetchone()[0]
    found["pc_days_down"] = len(fault_days(db, "pc", first, last))
    found["books_on_hand"] = max(0, books_on_hand(db, last))
    found["services_offered"] = len(standing(db, "offered_service", last))
    return found


def books_on_hand(db: Database, day: date) -> int:
    """Copies received less those sent back, ever, up to a day. Less than nothing where a box was never written down."""
    row = db.execute(
        """SELECT total(json_extract(numbers, '$.copies_in')) - total(json_extract(numbers, '$.copies_out'))
           FROM journal WHERE kind = 'books' AND struck = 0 AND day <= ?""",
        (day.isoformat(),),
    ).fetchone()
    return int(row[0]) + int(facts.get(db, BOOKS_BEFORE) or 0)


def first_day(db: Database) -> date | None:
    """The earliest day that anything stands for."""
    row = db.execute("SELECT min(day) FROM journal WHERE struck = 0").fetchone()
    return None if row[0] is None else date.fromisoformat(row[0])


def _open(db: Database, what: str) -> Line | None:
    row = db.execute(
        f"""SELECT {COLUMNS} FROM journal WHERE kind = 'fault' AND struck = 0 AND until IS NULL
            AND json_extract(words, '$.what') = ? ORDER BY day, id LIMIT 1""",
        (what,),
    ).fetchone()
    return None if row is None else as_line(row)


def _fault(one: Line) -> Fault:
    return Fault(one.id, one.words.get("what", "other"), one.words.get("words", ""), one.day, one.until)
