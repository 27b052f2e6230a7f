"""What was lost when a file had to be set aside, and the note that one has been replaced and not yet caught up."""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from kiosk.lean_sqlite import Database
from kiosk.store import facts

PENDING, UNSURE = "replaced", "unsure"


@dataclass(frozen=True)
class Loss:
    """One such time; times in UTC, ISO 8601. Fields: schema.py; `answers_gone`: visits whose answers are gone."""

    at: str
    cause: str
    known_to: str | None
    set_aside: str
    days: int
    saved: int
    sessions: int
    new_epoch: bool
    answers_gone: int


def pending(db: Database) -> dict[str, Any] | None:
    """The note that rescue.py or a restore left in the file it put in place, until the outbox has been replayed."""
    value = facts.get(db, PENDING)
    return None if value is None else dict(json.loads(value))


def settle(db: Database, loss: Loss) -> None:
    """Keeps the loss and takes the note away, in the caller's transaction."""
    names = [each.name for each in fields(Loss)]
    marks = ", ".join("?" * len(names))
    db.execute(f"INSERT INTO losses ({', '.join(names)}) VALUES ({marks})", astuple(loss))
    facts.put(db, PENDING, None)


def all_of_them(db: Database) -> list[Loss]:
    """Every loss, newest first."""
    names = [each.name for each in fields(Loss)]
    rows = db.execute(f"SELECT {', '.join(names)} FROM losses ORDER BY id DESC")
    return [Loss(**dict(zip(names, row, strict=True)) | {"new_epoch": bool(row[7])}) for row in rows]


def forget_running(db: Database) -> None:
    """The session that ran when an older file was put aside is over; the file put back may still name it."""
    db.execute("DELETE FROM live")


def rows_missing(db: Database) -> int:
    """Sessions that the totals of days count and that no row tells of, among days that still have their rows.

    Days before the oldest row are left out: theirs were folded away.
    """
    oldest = db.execute("SELECT coalesce(min(day), '') FROM sessions").fetchone()[0]
    found = db.execute(
        """SELECT coalesce(sum(max(0, counted - there)), 0) FROM (
               SELECT sum(count) AS counted, (SELECT count(*) FROM sessions WHERE sessions.day = totals.day) AS there
               FROM day_totals AS totals WHERE code IN ('visits', 'too_short') AND day >= ? GROUP BY day)""",
        (oldest,),
    ).fetchone()
    return int(found[0])


def visits_since(db: Database, day: str) -> int:
    """Visits of that day and later ones."""
    row = db.execute("SELECT coalesce(sum(count), 0) FROM day_totals WHERE code = 'visits' AND day >= ?", (day,))
    return int(row.fetchone()[0])


def totals_of_day(db: Database, day: str) -> dict[str, int]:
    """A day's totals by code."""
    return dict(db.execute("SELECT code, count FROM day_totals WHERE day = ?", (day,)).fetchall())


def restate(db: Database, day: str, totals: Mapping[str, int], opens: Mapping[str, int]) -> None:
    """Puts a day's totals and opens as somebody else still knew them, never below what is here."""
    for table, key, counts in (("day_totals", "code", totals), ("opens", "item", opens)):
        db.conn.executemany(
            f"""INSERT INTO {table} (day, {key}, count) VALUES (?, ?, ?)
                ON CONFLICT (day, {key}) DO UPDATE SET count = max(count, excluded.count)""",
            [(day, name, count) for name, count in counts.items() if count],
        )


def put_tally(db: Database, table: str, side: str, visits: int) -> None:
    """Puts back an exact count of a month that is over, as its bundle told it."""
    db.execute(
        """INSERT INTO tallies (table_name, side, visits) VALUES (?, ?, ?)
           ON CONFLICT (table_name, side) DO UPDATE SET visits = max(visits, excluded.visits)""",
        (table, side, visits),
    )


def unsure_since(db: Database, day: str, sequence: int) -> None:
    """Notes that bundles up to that number may be lost, which told more of that day and later ones than is known here.

    Call after facts.lost_until: until when, that tells.
    """
    since, through = json.loads(facts.get(db, UNSURE) or "[null, 0]")
    facts.put(db, UNSURE, json.dumps([day if since is None else min(day, since), max(sequence, through)]))


def unsure(db: Database) -> set[str]:
    """Days with a bundle of which the province may know more than we do: nothing new is to be told of them.

    A moment that has no date yet ends none of them.
    """
    until, known = facts.get(db, "whole_from") or "", facts.get(db, UNSURE)
    if known is None or not until:
        return set()
    since, through = json.loads(known)
    rows = db.execute(
        """SELECT day FROM bundles WHERE day >= ? AND (day < ? OR substr(?, 1, 1) = '[')
           GROUP BY day HAVING max(sequence) <= ?""",
        (since, until, until, through),
    )
    return {day for (day,) in rows}
