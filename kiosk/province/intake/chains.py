"""The series of a station: each bundle names the one before it, so two PCs that began as one are told apart.

A cloned disk is seen as soon as a bundle does not fit the series as it came first: its number belongs to other bytes,
or it names another one as the one before it. Bundles may come in any order; those that came before one that precedes
them stand in the table `ahead` until the gap is closed.
"""

import sqlite3
from dataclasses import dataclass

from kiosk.export.formats import Manifest


@dataclass(slots=True)
class Series:
    """A row of `series` while a transaction lasts; `ahead`: whether it may have rows there."""

    id: int
    station: int
    first: int
    mark: int
    last: bytes | None
    ahead: bool
    heard: int = 0
    way: str = ""


class Chains:
    """All series that a transaction touches; `flush` writes them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[int, str, str], Series] = {}
        self._any_ahead = bool(db.execute("SELECT EXISTS (SELECT 1 FROM ahead)").fetchone()[0])

    def series(self, station: int, manifest: Manifest, at: int, way: str) -> Series:
        """The series that a bundle is of, made where it is the first of it."""
        name = (station, manifest.epoch, manifest.lineage)
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._row(name, at, way)
        found.heard, found.way = max(found.heard, at), way
        return found

    def add(self, series: Series, manifest: Manifest, digest: bytes) -> bool:
        """Puts a new bundle into its place; False where it does not fit, and nothing is changed."""
        number, previous = manifest.sequence, bytes.fromhex(manifest.previous)
        if series.first and series.first <= number <= series.mark:
            return False
        follows = series.first > 0 and number == series.mark + 1
        if follows and previous != series.last or not self._fits(series, number, previous, digest, follows):
            return False
        if follows or not series.first and self._begins(series, number, previous):
            self._advance(series, number, digest)
        else:
            self._db.execute("INSERT INTO ahead VALUES (?, ?, ?, ?)", (series.id, number, digest, previous))
            series.ahead = self._any_ahead = True
        return True

    def begin_after(self, station: int, digest: bytes) -> None:
        """Begins the later epochs of a station that have waited for these bytes, which are known now.

        Not the epoch that these bytes are of: that one goes on from what is still missing before them.
        """
        if not self._any_ahead:
            return
        waiting = self._db.execute(
            """SELECT series, sequence, sha256, station, epoch, lineage FROM ahead a JOIN series ON series.id = a.series
               WHERE previous = ?1 AND station = ?2 AND first = 0
               AND NOT EXISTS (SELECT 1 FROM ahead own WHERE own.series = a.series AND own.sha256 = ?1)""",
            (digest, station),
        ).fetchall()
        for _number, sequence, sha256, *name in waiting:
            series = self._known.get(tuple(name)) or self._row(tuple(name), 0, "")
            self._known[tuple(name)] = series
            if not series.first:
                self._advance(series, sequence, sha256)

    def flush(self) -> None:
        """Writes what has changed."""
        self._db.executemany(
            """UPDATE series SET first = ?, mark = ?, last = ?, heard = max(heard, ?),
               way = CASE ? WHEN '' THEN way ELSE ? END WHERE id = ?""",
            [(one.first, one.mark, one.last, one.heard, one.way, one.way, one.id) for one in self._known.values()],
        )

    def _row(self, name: tuple[int, str, str], at: int, way: str) -> Series:
        row = self._db.execute(
            "SELECT id, first, mark, last FROM series WHERE station = ? AND epoch = ? AND lineage = ?", name
        ).fetchone()
        if row is None:
            done = self._db.execute(
                "INSERT INTO series (station, epoch, lineage, heard, way) VALUES (?, ?, ?, ?, ?)", (*name, at, way)
            )
            assert done.lastrowid is not None
            return Series(done.lastrowid, name[0], 0, 0, None, False)
        ahead = (
            self._any_ahead
            and self._db.execute("SELECT EXISTS (SELECT 1 FROM ahead WHERE series = ?)", (row[0],)).fetchone()[0]
        )
        number, first, mark, last = row
        return Series(number, name[0], first, mark, last, bool(ahead))

    def _fits(self, series: Series, number: int, previous: bytes, digest: bytes, follows: bool) -> bool:
        """Whether it agrees with those that came before their turn: its number is free, its neighbours are its own."""
        beside: dict[int, tuple[bytes, bytes]] = {}
        if series.ahead:
            rows = self._db.execute(
                "SELECT sequence, sha256, previous FROM ahead WHERE series = ? AND sequence BETWEEN ? AND ?",
                (series.id, number - 1, number + 1),
            )
            beside = {sequence: (sha256, its_previous) for sequence, sha256, its_previous in rows}
        if number in beside or follows:
            return number not in beside
        if number + 1 in beside and beside[number + 1][1] != digest:
            return False
        if number - 1 in beside:
            return beside[number - 1][0] == previous
        return not self._strays(series, number, previous)

    def _strays(self, series: Series, number: int, previous: bytes) -> bool:
        """Whether the one before it is known to be followed by another, or to be of a series that did not count."""
        found = self._db.execute(
            """SELECT 1 FROM bundles WHERE station = ?4 AND substr(sha256, 1, 6) = substr(?1, 1, 6) AND sha256 = ?1
               AND series = ?2 AND sequence <> ?3 - 1
               UNION ALL SELECT 1 FROM ahead WHERE previous = ?1 AND series = ?2
               UNION ALL SELECT 1 FROM quarantine WHERE sha256 = ?1 AND station = ?4 AND proved = 1
               AND code = 'REVISION_CONFLICT' AND decided IS NULL""",
            (previous, series.id, number, series.station),
        )
        return found.fetchone() is not None

    def _begins(self, series: Series, number: int, previous: bytes) -> bool:
        """The first of an epoch: number 1, or it goes on from what the station told before, in another epoch."""
        if number == 1:
            return True
        found = self._db.execute(
            """SELECT 1 FROM bundles WHERE station = ?2 AND substr(sha256, 1, 6) = substr(?1, 1, 6) AND sha256 = ?1
               AND series <> ?3
               UNION ALL SELECT 1 FROM quarantine WHERE sha256 = ?1 AND station = ?2 AND proved = 1""",
            (previous, series.station, series.id),
        )
        return found.fetchone() is not None

    def _advance(self, series: Series, number: int, digest: bytes) -> None:
        """Up to this one, and on through those that have waited for it."""
        series.first = series.first or number
        series.mark, series.last = number, digest
        if not series.ahead:
            return
        waiting = self._db.execute(
            "SELECT sequence, sha256, previous FROM ahead WHERE series = ? AND sequence > ? ORDER BY sequence",
            (series.id, number),
        )
        for sequence, sha256, previous in waiting:
            if sequence != series.mark + 1 or previous != series.last:
                break
            series.mark, series.last = sequence, sha256
        waiting.close()
        self._db.execute(
            "DELETE FROM ahead WHERE series = ? AND sequence BETWEEN ? AND ?", (series.id, number, series.mark)
        )
