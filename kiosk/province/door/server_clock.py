"""The date of the province's own machine: taken for wrong where it lies before the software or before the last receipt.

A clock that once stood years ahead has given receipts of the future; then an officer says that it is right now, and
only receipts given after that are held against it.
"""

import sqlite3
from datetime import datetime, timedelta, timezone
from typing import Any

from kiosk.errors import RefusedError
from kiosk.province.memory.rows import deed, seconds, utc
from kiosk.province.orders import Office
from kiosk.rules.trust import BUILT
from kiosk.translations import _

BACK = timedelta(days=1)
CONFIRMED = "clock_confirmed"  # in meta: the number of the last receipt that says nothing of the date


def cannot_be(now: datetime, newest: datetime) -> bool:
    """Whether the date is surely wrong: good days would look as if they were in the future."""
    return now < max(BUILT, newest - BACK)


def newest(db: sqlite3.Connection) -> datetime:
    """When the last receipt was given that is held against the clock; 1970 when none was."""
    row = db.execute(
        """SELECT max(at) FROM receipts WHERE id = (SELECT max(id) FROM receipts)
           AND id > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?), 0)""",
        (CONFIRMED,),
    ).fetchone()
    return datetime.fromtimestamp(row[0] or 0, timezone.utc)


def must_be_right(office: Office) -> None:
    """RefusedError where this machine's date cannot be right: good days would be put aside as days to come."""
    with office.ledger.reading() as db:
        last = newest(db)
    if cannot_be(office.now(), last):
        raise RefusedError(
            _("The date of this machine cannot be right ({day}): nothing is received.", day=f"{office.now():%d/%m/%Y}"),
            _("Set its clock, best by the network. More about it: kiosk province clock"),
        )


def look(office: Office) -> dict[str, Any]:
    """How the clock stands."""
    with office.ledger.reading() as db:
        last = newest(db)
    now = office.now()
    return {"now": utc(seconds(now)), "last_receipt": utc(seconds(last)) if last.timestamp() else None,
            "wrong": cannot_be(now, last)}  # fmt: skip


def confirm(office: Office, reason: str) -> dict[str, Any]:
    """An officer has looked at the clock: it is right. RefusedError where it lies before the software was made."""
    now = office.now()
    if now < BUILT:
        raise RefusedError(
            _("The date of this machine is {day}; the software was made later.", day=f"{now:%d/%m/%Y}"),
            _("Set the clock of the machine, best by the network, then try again."),
        )
    with office.ledger.writing(keys=False) as db:
        last = db.execute("SELECT coalesce(max(id), 0) FROM receipts").fetchone()[0]
        db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (CONFIRMED, str(last)))
        deed(db, seconds(now), office.who, "clock", utc(seconds(now)), reason)
    office.changed()
    return look(office)
