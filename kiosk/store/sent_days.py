"""How the latest days stand with the province: received, waiting, put aside. For the strokes of the panel."""

from collections.abc import Mapping
from typing import Literal

from kiosk.lean_sqlite import Database

Sent = Literal["received", "waits", "refused"]


def since(db: Database, place: str, day: str) -> Mapping[str, Sent]:
    """By day, from `day` on, of bundles whose names begin with `place`; a day whose revision waits is waiting."""
    rows = db.execute(
        """SELECT day, max(acknowledged IS NULL AND content IS NOT NULL),
                  max(acknowledged IS NULL AND content IS NOT NULL AND refused IS NOT NULL)
           FROM bundles WHERE day >= ? AND substr(name, 1, ?) = ? GROUP BY day ORDER BY day""",
        (day, len(place), place),
    )
    return {day: "refused" if refused else "waits" if waits else "received" for day, waits, refused in rows}
