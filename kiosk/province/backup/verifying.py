"""Whether a home is whole: every record of the archive, and the ledger against it, both ways.

Each record's frame and CRC, the sha256 of its bytes, the signature by the key that the ledger knows; every row of the
ledger has its record and says what that says of itself, every record has its row; of each station, day and lineage the
highest revision counts, and no other.
It reads while the collector serves: what comes after it began is not looked at. Memory stays small, whatever there is.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kiosk.errors import DamagedError
from kiosk.export.batch import Signed
from kiosk.export.formats import BundleError, read
from kiosk.export.signing import BUNDLE, verify
from kiosk.province.backup.files import Progress, silent
from kiosk.province.backup.verifying_ledger import Look, Row
from kiosk.province.home import Home
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import Place, Record, records_in

What = Literal["record", "missing", "sha256", "signature", "row", "unknown", "counted", "ledger", "lake"]
MOST = 1_000  # findings that are told one by one


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. `place`: segment and byte; `about`: site, station and day, if known."""

    what: What
    place: str = ""
    about: str = ""


@dataclass
class Report:
    """What was looked at, and what was found. `more`: findings beyond MOST, only counted."""

    records: int = 0
    bundles: int = 0
    aside: int = 0
    size: int = 0
    lake: str = ""
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def good(self) -> bool:
        """Nothing was found."""
        return not self.findings

    def add(self, what: What, place: Place | None = None, about: str = "") -> None:
        """One more finding."""
        if len(self.findings) == MOST:
            self.more += 1
            return
        where = "" if place is None else f"{place.segment:06}.seg:{place.offset}"
        self.findings.append(Finding(what, where, about))


def verify_home(home: Home, progress: Progress = silent) -> Report:
    """Looks through archive and ledger. KioskError where they cannot be opened; all else is in the report."""
    report, ledger, archive = Report(), Ledger.read_only(home), Archive(home)
    try:
        look = Look(ledger)
        for problem in look.problems():
            report.add("ledger", about=problem)
        _Walk(home, archive, look, report, progress).run()
        for about in look.wrongly_counted():
            report.add("counted", about=about)
    finally:
        archive.close()
        ledger.close()
    return report


class _Walk:
    """Records and rows side by side, both in the order of their places."""

    def __init__(self, home: Home, archive: Archive, look: Look, report: Report, progress: Progress) -> None:
        self.home, self.archive, self.look, self.report, self.progress = home, archive, look, report, progress
        self.rows = look.rows()
        self.next: Row | None = next(self.rows, None)
        self.whole = 0

    def run(self) -> None:
        numbers = [number for number in self.archive.segments() if number <= self.look.end.segment]
        ends = {number: self._end(number) for number in numbers}
        self.whole = sum(ends.values())
        for number in numbers:
            self._segment(number, ends[number])
        while self.next is not None:
            self._late(self._take())
        self.progress(self.whole, self.whole)

    def _end(self, number: int) -> int:
        """How many bytes of a segment the ledger knows of."""
        if number == self.look.end.segment:
            return self.look.end.offset
        return self._path(number).stat().st_size

    def _path(self, number: int) -> Path:
        return self.archive.folder / f"{number:06}.seg"

    def _segment(self, number: int, end: int) -> None:
        here, before = Place(number, 0), self.report.size
        with open(self._path(number), "rb") as file:
            while here.offset < end:
                for record in records_in(file, here):
                    if record.place.offset >= end:
                        break
                    self._record(record)
                    here = record.next
                    self.report.size = before + here.offset
                    if self.report.records % 256 == 0:
                        self.progress(self.report.size, self.whole)
                if here.offset < end:
                    self.report.add("record", here, self._about(here))
                    here = self._behind(here, end)
        self.report.size = before + end

    def _behind(self, damaged: Place, end: int) -> Place:
        """The next place where the ledger knows a record; those up to there are looked for one by one."""
        while self.next is not None and self.next.place <= damaged:
            row = self._take()
            self._late(row, told=row.place == damaged)
        if self.next is not None and self.next.place.segment == damaged.segment:
            return self.next.place
        return Place(damaged.segment, end)

    def _record(self, record: Record) -> None:
        self.report.records += 1
        found: list[Row] = []
        while self.next is not None and self.next.place <= record.place:
            row = self._take()
            if row.place == record.place:
                found.append(row)
            else:
                self._late(row)
        if not found:
            self.report.add("unknown", record.place)
        for row in found:
            self._compare(row, record.bundle)

    def _late(self, row: Row, told: bool = False) -> None:
        """A row whose record was passed: it was released after it had been put aside, or its record is not there."""
        try:
            bundle = self.archive.read(row.place)
        except DamagedError:
            if not told:
                self.report.add("missing", row.place, self.look.about(row))
            return
        self._compare(row, bundle)

    def _compare(self, row: Row, bundle: Signed) -> None:
        self.report.bundles += row.counts
        self.report.aside += not row.counts
        if bundle.sha256 != row.sha256:
            self.report.add("sha256", row.place, self.look.about(row))
        elif row.proved:
            public = self.look.publics.get(bundle.key)
            if public is None or not verify(public, BUNDLE, bundle.content, bundle.signature):
                self.report.add("signature", row.place, self.look.about(row))
            elif row.says and row.says != _says(bundle.content):
                self.report.add("row", row.place, self.look.about(row))

    def _about(self, place: Place) -> str:
        return self.look.about(self.next) if self.next is not None and self.next.place == place else ""

    def _take(self) -> Row:
        row, self.next = self.next, next(self.rows, None)
        assert row is not None
        return row


def _says(content: bytes) -> tuple[object, ...]:
    """Whose a bundle says it is, of which day, revision, sequence and lineage."""
    try:
        told = read(content).manifest
    except BundleError:
        return ()
    return told.site, told.station, told.day, told.revision, told.sequence, told.lineage
