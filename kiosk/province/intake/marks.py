"""How far a station's series have come: by epoch the last number up to which none is missing."""

from datetime import datetime

from kiosk.export.receipts import Marks
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import seconds, utc


def marks_of(ledger: Ledger, site: str, station: str, now: datetime) -> Marks:
    """The marks of a station, to be sealed and sent; epochs that have not begun stand at 0."""
    with ledger.reading() as db:
        rows = db.execute(
            """SELECT epoch, max(mark) FROM series JOIN stations s ON s.id = series.station
               WHERE site = ? AND s.station = ? GROUP BY epoch ORDER BY epoch""",
            (site, station),
        ).fetchall()
    return Marks(site, station, ledger.id, dict(rows), utc(seconds(now)))
