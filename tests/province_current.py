"""What counts in a home, read from its ledger: the same question that the lake is built from, asked plainly."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import Place
from kiosk.province.memory.rows import day_text


@dataclass(frozen=True)
class Current:
    """A bundle that counts."""

    sha256: str
    site: str
    station: str
    day: str
    lineage: str
    revision: int
    place: Place


def current(ledger: Ledger) -> Iterator[Current]:
    """All of them, by day, site, station and lineage."""
    with ledger.reading() as db:
        rows = db.execute(
            """SELECT hex(sha256), site, s.station, day, lineage, revision, place
               FROM bundles b JOIN stations s ON s.id = b.station JOIN series r ON r.id = b.series
               WHERE current = 1 ORDER BY day, site, s.station, lineage"""
        ).fetchall()
    for digest, site, station, day, lineage, revision, place in rows:
        yield Current(digest.lower(), site, station, day_text(day), lineage, revision, Place.of(place))
