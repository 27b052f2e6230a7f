"""The lines of the journal, each with its trace: written, mended, struck and brought back, never deleted by hand.

Numbers and words stand apart: only numbers are summed, and only sums leave the PC. Every change adds a row to the trace
(journal_trace.py), which also notes the days whose bundle must be looked at again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
from kiosk.rules.journal_entry import Entry, check
from kiosk.store import journal_trace as trace
from kiosk.translations import _

COLUMNS = "id, kind, day, until, numbers, words, struck, version, who, at"


class Overtaken(RefusedError):
    """Somebody else changed the line meanwhile; nothing was changed now."""


@dataclass(frozen=True)
class Line:
    """One line of the journal. `version` grows with every change; `at`: when it was written (UTC)."""

    id: int
    kind: str
    day: date
    until: date | None
    numbers: Mapping[str, int]
    words: Mapping[str, str]
    struck: bool
    version: int
    who: str
    at: datetime

    @property
    def given(self) -> dict[str, object]:
        """As it would be typed again."""
        return {**self.numbers, **self.words, "day": self.day, "until": self.until}


def add(
    db: Database, kind: str, day: date, fields: Mapping[str, object], who: str, now: datetime,
    key: str | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Writes a line and returns its number. `key`: sent twice, it is one line. WrongEntry where a field is wrong."""
    entry = check(kind, {**fields, "day": day}, now.astimezone(LOCAL).date())
    return add_entry(db, entry, who, now, key, reason)


def add_entry(
    db: Database, entry: Entry, who: str, now: datetime, key: str | None = None, reason: str = "", act: str = "add"
) -> int:
    """The same with a line that was checked."""
    if key is not None:
        known = db.execute("SELECT id FROM journal WHERE key = ?", (key,)).fetchone()
        if known is not None:
            return int(known[0])
    number = db.execute(
        "INSERT INTO journal (kind, day, until, numbers, words, who, at, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (entry.kind, entry.day.isoformat(), _text(entry.until), _json(entry.numbers), _json(entry.words), who,
         now.isoformat(), key),
    ).lastrowid  # fmt: skip
    assert number is not None, "a row was just added"
    trace.note(db, number, now, who, act, None, entry, reason)
    return number


def edit(db: Database, number: int, version: int, entry: Entry, who: str, now: datetime, reason: str = "") -> None:
    """Puts another content into a line, if it is still as it was when `version` was shown. Overtaken, if not."""
    before = _still(db, number, version)
    if entry_of(before) == entry:
        return
    db.execute(
        "UPDATE journal SET day = ?, until = ?, numbers = ?, words = ?, version = version + 1 WHERE id = ?",
        (entry.day.isoformat(), _text(entry.until), _json(entry.numbers), _json(entry.words), number),
    )
    trace.note(db, number, now, who, "edit", entry_of(before), entry, reason)


def strike(db: Database, number: int, version: int, who: str, now: datetime, reason: str = "") -> None:
    """Strikes a line: it stays to be seen and counts no more."""
    _set_struck(db, number, version, True, who, now, reason)


def restore(db: Database, number: int, version: int, who: str, now: datetime, reason: str = "") -> None:
    """Brings a struck line back."""
    _set_struck(db, number, version, False, who, now, reason)


def keyed(db: Database, key: str) -> Line | None:
    """The line that was written under this key of `add`; None where there is none."""
    row = db.execute(f"SELECT {COLUMNS} FROM journal WHERE key = ?", (key,)).fetchone()
    return None if row is None else as_line(row)


def line(db: Database, number: int) -> Line | None:
    """One line by its number."""
    row = db.execute(f"SELECT {COLUMNS} FROM journal WHERE id = ?", (number,)).fetchone()
    return None if row is None else as_line(row)


def lines(db: Database, first: date, last: date, kind: str = "") -> list[Line]:
    """The lines of some days, struck ones too, the newest day first; of one kind where it is named."""
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM journal WHERE day BETWEEN ? AND ? AND (kind = ? OR ? = '')
            ORDER BY day DESC, id DESC""",
        (first.isoformat(), last.isoformat(), kind, kind),
    )
    return [as_line(row) for row in rows]


def standing(db: Database, kind: str, day: date) -> list[Line]:
    """Lines of a kind that lasts which are in force on a day, the oldest first."""
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM journal WHERE kind = ? AND struck = 0 AND day <= ? AND (until IS NULL OR until >= ?)
            ORDER BY day, id""",
        (kind, day.isoformat(), day.isoformat()),
    )
    return [as_line(row) for row in rows]


def entry_of(one: Line) -> Entry:
    """What a line says, without its trace."""
    return Entry(one.kind, one.day, one.until, one.numbers, one.words)


def _set_struck(db: Database, number: int, version: int, struck: bool, who: str, now: datetime, reason: str) -> None:
    before = line(db, number)
    if before is not None and before.struck == struck:
        return  # sent twice
    before = _still(db, number, version)
    db.execute("UPDATE journal SET struck = ?, version = version + 1 WHERE id = ?", (int(struck), number))
    entry = entry_of(before)
    if struck:
        trace.note(db, number, now, who, "strike", entry, None, reason)
    else:
        trace.note(db, number, now, who, "restore", None, entry, reason)


def _still(db: Database, number: int, version: int) -> Line:
    known = line(db, number)
    if known is None or known.version != version:
        raise Overtaken(
            _("Somebody else has changed this line meanwhile."), _("Look at it again; nothing was changed now.")
        )
    return known


def as_line(row: tuple[object, ...]) -> Line:
    """A row of COLUMNS."""
    number, kind, day, until, numbers, words, struck, version, who, at = row
    return Line(
        id=int(str(number)),
        kind=str(kind),
        day=date.fromisoformat(str(day)),
        until=None if until is None else date.fromisoformat(str(until)),
        numbers=json.loads(str(numbers)),
        words=json.loads(str(words)),
        struck=bool(struck),
        version=int(str(version)),
        who=str(who),
        at=datetime.fromisoformat(str(at)),
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
