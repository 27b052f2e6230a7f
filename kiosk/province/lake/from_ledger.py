"""Ledger and archive as the source of the lake. Only read: the process that receives goes on meanwhile."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError
from kiosk.province.lake.source import Stored
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import Place
from kiosk.province.memory.rows import day_number, day_text, utc

if TYPE_CHECKING:
    from kiosk.province.home import Home

AT_ONCE = 16_000_000  # bytes


class LedgerSource:
    """lake_source.Source of a home. Bundles are numbered in the order in which they were stored."""

    def __init__(self, ledger: Ledger, archive: Archive) -> None:
        self._ledger, self._archive = ledger, archive

    @classmethod
    @contextmanager
    def of(cls, home: "Home") -> Iterator["LedgerSource"]:
        """The source of a home, as long as it is needed. KioskError where there is no ledger."""
        ledger, archive = Ledger.read_only(home), Archive(home)
        try:
            yield cls(ledger, archive)
        finally:
            archive.close()
            ledger.close()

    @property
    def id(self) -> str:
        """The ledger's."""
        return self._ledger.id

    def newest(self) -> int:
        """The number of what was stored last."""
        with self._ledger.reading() as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM bundles").fetchone()[0])

    def stamp(self, number: int) -> str:
        """The sha256 of the bundle of that number; "" where there is none of it."""
        with self._ledger.reading() as db:
            row = db.execute("SELECT sha256 FROM bundles WHERE id = ?", (number,)).fetchone()
        return "" if row is None else row[0].hex()

    def days(self, after: int, through: int) -> list[str]:
        """The days of which something was stored in (after, through], in order."""
        with self._ledger.reading() as db:
            found = db.execute("SELECT DISTINCT day FROM bundles WHERE id > ? AND id <= ?", (after, through)).fetchall()
        return [day_text(day) for (day,) in sorted(found)]

    def of_day(self, day: str, after: int, through: int) -> Sequence[Stored]:
        """Of every PC that has told something of `day` in (after, through]: all that it told up to `through`."""
        number = day_number(day)
        with self._ledger.reading() as db:
            found = db.execute(
                """SELECT s.site, s.station, r.lineage, b.revision, b.received, b.sha256, b.size, b.place
                   FROM bundles b JOIN series r ON r.id = b.series JOIN stations s ON s.id = b.station
                   WHERE b.day = ? AND b.id <= ? AND b.station IN
                       (SELECT station FROM bundles WHERE day = ? AND id > ? AND id <= ?)
                   ORDER BY s.site, s.station, r.lineage, b.revision, b.id""",
                (number, through, number, after, through),
            ).fetchall()
        return [
            Stored(site, station, day, lineage, revision, utc(received), digest, size, Place.of(place))
            for site, station, lineage, revision, received, digest, size, place in found
        ]

    def contents(self, wanted: Sequence[Stored]) -> Iterable[bytes | None]:
        """Their bytes; None where the archive has them no more as they came. Read in the order of the archive.

        Where they are too many for that, as when a PC restates a day without end, one by one.
        """
        if sum(one.size for one in wanted) > AT_ONCE:
            return (self._content(one) for one in wanted)
        found: list[bytes | None] = [None] * len(wanted)
        for number in sorted(range(len(wanted)), key=lambda one: wanted[one].place):
            found[number] = self._content(wanted[number])
        return found

    def _content(self, one: Stored) -> bytes | None:
        try:
            content = self._archive.read(one.place).content
        except DamagedError:
            return None
        return content if sha256(content).digest() == one.sha256 else None
