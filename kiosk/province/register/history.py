"""Who changed what of a site or a unit, when and why. Nothing of it is ever deleted."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timezone

from kiosk.province.register.keeping import DEEDS


@dataclass(frozen=True)
class Noted:
    """One value that somebody changed; see plan.Change for `kind`, `day`, `before` and `after`."""

    at: datetime
    who: str
    deed: str
    subject: str
    why: str
    field: str
    day: str
    before: str | None
    after: str
    kind: str


@dataclass(frozen=True)
class Done:
    """One deed, with how many values it changed."""

    at: datetime
    who: str
    deed: str
    subject: str
    why: str
    changes: int


def history(db: sqlite3.Connection, code: str) -> list[Noted]:
    """All that was changed of a site or a unit, the first first."""
    rows = db.execute(
        """SELECT at, who, d.deed, subject, why, field, day, before, after, kind FROM register_changes AS c
           JOIN deeds AS d ON d.id = c.deed WHERE code = ? ORDER BY c.id""",
        (code,),
    )
    return [Noted(datetime.fromtimestamp(at, timezone.utc), *rest) for at, *rest in rows]


def deeds(db: sqlite3.Connection) -> list[Done]:
    """Everything that was done to the register, the first first."""
    rows = db.execute(
        f"""SELECT at, who, deed, subject, why,
             (SELECT count(*) FROM register_changes WHERE register_changes.deed = deeds.id)
           FROM deeds WHERE deed IN ({",".join("?" * len(DEEDS))}) ORDER BY id""",
        DEEDS,
    )
    return [Done(datetime.fromtimestamp(at, timezone.utc), *rest) for at, *rest in rows]
