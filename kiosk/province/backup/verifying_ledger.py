"""What the ledger says of the archive, as of the moment when the look began; read in slices, so nobody has to wait."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import FIRST, Place
from kiosk.province.memory.rows import day_text

SLICE = 5_000
BUNDLES = """SELECT a.id, place, sha256, 1, t.site, t.station, day, revision, sequence, lineage FROM bundles a
             LEFT JOIN stations t ON t.id = a.station LEFT JOIN series s ON s.id = a.series"""
AHEAD = 10_000  # rows: those of one commit, 4,000 and a body, are numbered by station and not by place


@dataclass(frozen=True, slots=True)
class Row:
    """A bundle that counts or has counted (`counts`), or one that was put aside; `proved`: its signature was right.

    `says`: site, station, day, revision, sequence and lineage of one that counts.
    """

    place: Place
    counts: bool
    id: int
    sha256: str
    proved: bool
    says: tuple[object, ...] = ()


def _by_place(rows: Iterator[Row]) -> Iterator[Row]:
    """In the order of their places, as far as they lie that near; what was released comes at once."""
    waiting: list[tuple[Place, int, Row]] = []
    for row in rows:
        heapq.heappush(waiting, (row.place, row.id, row))
        if len(waiting) > AHEAD:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


class Look:
    """The ledger's side. `end`: up to there each record of the archive has been judged; `publics`: key id -> key."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        with ledger.reading() as db:
            db.execute("BEGIN")
            try:
                meta = dict(db.execute("SELECT name, value FROM meta"))
                self._last = {
                    table: int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
                    for table in ("bundles", "quarantine")
                }
                self.publics = {str(key): bytes(public) for key, public in db.execute("SELECT key, public FROM keys")}
            finally:
                db.execute("ROLLBACK")
        self.end = Place.of(int(meta.get("archive_end", FIRST.number)))

    def rows(self) -> Iterator[Row]:
        """All of them by place; a bundle that was released comes late, because its record is older than its row."""
        bundles = self._rows("bundles", BUNDLES)
        aside = self._rows("quarantine", "SELECT id, place, sha256, proved FROM quarantine a")
        return heapq.merge(_by_place(bundles), _by_place(aside), key=lambda row: row.place)

    def _rows(self, table: str, select: str) -> Iterator[Row]:
        at = 0
        while True:
            with self.ledger.reading() as db:
                found = db.execute(
                    f"{select} WHERE a.id > ? AND a.id <= ? ORDER BY a.id LIMIT ?", (at, self._last[table], SLICE)
                ).fetchall()
            if not found:
                return
            at = found[-1][0]
            for number, place, digest, proved, *says in found:
                if says:
                    says[2] = day_text(says[2])
                if place is not None:
                    yield Row(Place.of(place), table == "bundles", number, digest.hex(), bool(proved), tuple(says))

    def about(self, row: Row) -> str:
        """Whose bundle a row is of, and of which day; empty where nobody knows."""
        what = "b.day, b.revision" if row.counts else "NULL, NULL"
        table = "bundles" if row.counts else "quarantine"
        with self.ledger.reading() as db:
            found = db.execute(
                f"SELECT s.site, s.station, {what} FROM {table} b JOIN stations s ON s.id = b.station WHERE b.id = ?",
                (row.id,),
            ).fetchone()
        if found is None:
            return ""
        site, station, day, revision = found
        return f"{site} {station}" + (f" {day_text(day)} r{revision}" if day else "")

    def problems(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        with self.ledger.reading() as db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
            found += [f"{table} {number}" for table, number, *_rest in db.execute("PRAGMA foreign_key_check")]
        return [one for one in found if one != "ok"]

    def wrongly_counted(self) -> Iterator[str]:
        """Days of a lineage of which not exactly the highest revision counts: now, all at one moment."""
        with self.ledger.reading() as db:
            found = db.execute(
                """SELECT t.site, t.station, b.day FROM bundles b
                   JOIN series s ON s.id = b.series JOIN stations t ON t.id = b.station
                   GROUP BY b.day, b.station, s.lineage
                   HAVING sum(b.current) != 1 OR max(b.revision) != max(iif(b.current, b.revision, 0)) LIMIT 1000"""
            ).fetchall()
        return iter([f"{site} {station} {day_text(day)}" for site, station, day in found])
