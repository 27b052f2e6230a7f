"""What the file holds, told by the file itself: every table, its columns and rows, and whether anything joins them.

For a sceptical visitor (`kiosk check --privacy`): it reads the schema that is there, not the one that should be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.lean_sqlite import Database
from kiosk.rules.tallies import CHILDREN, MONTHLY, ROOTS

# A row of these is one session; a row of those is an answer and how many gave it.
SESSIONS = ("live", "sessions", "undated_sessions")
ANSWERS = ("tallies", "windows", "pending", "held", "releases")
# Looked at before and after a visit, already the number of rows of these would tell something of its answers.
UNTOLD = ("tallies", "windows", "pending", "held")
# Every table that the privacy page has words for; a new one is named there before it may pass.
DESCRIBED = (
    *SESSIONS, *ANSWERS, "day_totals", "opens", "undated_totals", "undated_opens", "managers", "throttle", "audit",
    "facts", "bundles", "losses", "tickets", "missed_words", "missed_hashes", "missed_key",
    "month_locks", "month_revisions", "journal", "journal_trace", "journal_changed",
)  # fmt: skip
OWN_BOOKS = re.compile(r"_?sqlite_\w+")
# The whole of what a tally can say beside its number: table, what it waits for, month, side.
TALLY = re.compile(
    rf"({'|'.join((*ROOTS, *CHILDREN, *MONTHLY))})(@({'|'.join(ROOTS)}))?(:(\d{{4}}-\d{{2}}|undated))?"
    r" (yes|no|visits|first|not_first|FST_[YNU])"
)


@dataclass(frozen=True)
class Table:
    """One table; `rows` is None where even their number is not told."""

    name: str
    columns: tuple[str, ...]
    rows: int | None


def tables(db: Database) -> list[Table]:
    """Every table of the file, SQLite's own books left out."""
    found = []
    for name in sorted(db.table_names()):
        if not OWN_BOOKS.fullmatch(name):
            rows = None if name in UNTOLD else int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
            found.append(Table(name, _columns(db, name), rows))
    return found


def proof(db: Database) -> Iterator[tuple[str, bool]]:
    """(claim, whether this file keeps it); all of them together say that no answer can be joined to a visit."""
    names = {table.name for table in tables(db)}
    sessions = {column for table in SESSIONS for column in _columns(db, table)}
    answers = {column for table in ANSWERS for column in _columns(db, table)}
    yield "described", names <= set(DESCRIBED)
    yield "no_column", not sessions & answers
    yield (
        "no_key",
        not any(db.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)).fetchone() for name in names),
    )
    yield "no_view", not db.execute("SELECT 1 FROM sqlite_master WHERE type IN ('view', 'trigger')").fetchone()
    ordered = db.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND wr = 0").fetchall()
    yield "no_order", not {name for (name,) in ordered} & set(ANSWERS)
    rows = db.execute("SELECT table_name || ' ' || side FROM tallies").fetchall()
    yield "no_more", all(TALLY.fullmatch(row[0]) for row in rows)
    yield "only_live", [name for name in sorted(names) if "answers" in _columns(db, name)] == ["live"]
    yield "one_live", int(db.execute("SELECT count(*) FROM live").fetchone()[0]) <= 1
    yield "forgetting", int(db.execute("PRAGMA secure_delete").fetchone()[0]) == 1


def _columns(db: Database, table: str) -> tuple[str, ...]:
    return tuple(row[0] for row in db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,)))
