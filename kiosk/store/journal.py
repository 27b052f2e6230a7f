"""The journal: what staff write down by hand, what of it does not work now, and its sums. Start reading here.

rules/journal.py says of what kinds the lines are; journal_lines.py keeps them, journal_trace.py who changed what.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.clock import LOCAL, Reading
from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
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
from kiosk.translations import _

__all__ = [
    "AlreadyReported", "Fault", "Line", "Overtaken", "add", "add_entry", "books_on_hand", "close_fault", "edit",
    "entry_of", "fault_days", "first_day", "known_moment", "line", "lines", "open_fault", "open_faults", "report_fault",
    "restore", "standing", "strike", "sums",
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


class AlreadyReported(RefusedError):
    """It is known that this does not work, since `day`."""

    def __init__(self, day: date, words: str) -> None:
        super().__init__(
            _("This was reported on {day} and is not repaired yet: {words}.", day=f"{day:%d/%m/%Y}", words=words),
            _("Change that line of the journal where more is to be said, or first say that it is repaired."),
        )


def open_fault(db: Database, what: str, reason: str, who: str, now: datetime) -> int:
    """Notes that something does not work any more. What is open of the same stays the one, with the new words added.

    Other equipment is many things: each fault of it is a line of its own. Refuses nothing: what the station orders by
    itself must not wait for ever to be written.
    """
    known, reason = None if what == "other" else _open(db, what), tidy(reason)
    if known is not None:
        if reason not in known.words.get("words", "") and reason != "?":
            _put(db, known, known.until, reason, who, now)
        return known.id
    words = {"what": what, "words": reason[:LONGEST_WORDS] or "?"}
    return add_entry(db, Entry("fault", now.astimezone(LOCAL).date(), None, {}, words), who, now)


def report_fault(db: Database, entry: Entry, who: str, now: datetime, key: str | None = None, reason: str = "") -> int:
    """The same for who can read an answer: AlreadyReported where it is open already. The same `key` again is no more.

    `reason`: of a month that was reported.
    """
    what = entry.words.get("what", "other")
    sent = key is not None and db.execute("SELECT 1 FROM journal WHERE key = ?", (key,)).fetchone() is not None
    if what != "other" and entry.until is None and not sent and (known := _open(db, what)) is not None:
        raise AlreadyReported(known.day, known.words.get("words", ""))
    return add_entry(db, entry, who, now, key, reason)


def close_fault(db: Database, what: str, who: str, now: datetime, note: str = "", number: int = 0) -> None:
    """Notes that it works again; nothing where no fault of it is open. `number`: just that line, else the oldest."""
    known = _open(db, what, number)
    if known is not None:
        _put(db, known, max(known.day, now.astimezone(LOCAL).date()), tidy(note), who, now)


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


def _open(db: Database, what: str, number: int = 0) -> Line | None:
    row = db.execute(
        f"""SELECT {COLUMNS} FROM journal WHERE kind = 'fault' AND struck = 0 AND until IS NULL
            AND json_extract(words, '$.what') = ? AND ? IN (0, id) ORDER BY day, id LIMIT 1""",
        (what, number),
    ).fetchone()
    return None if row is None else as_line(row)


def _put(db: Database, known: Line, until: date | None, more: str, who: str, now: datetime) -> None:
    """A fault with its last day, and with `more` behind its words."""
    words = dict(known.words)
    if more:
        words["words"] = f"{words.get('words', '')} – {more}"[:LONGEST_WORDS]
    edit(db, known.id, known.version, Entry(known.kind, known.day, until, known.numbers, words), who, now)


def _fault(one: Line) -> Fault:
    return Fault(one.id, one.words.get("what", "other"), one.words.get("words", ""), one.day, one.until)
