"""Whether the lake is what ledger and archive make of it: its files as they were made, equal to a lake made anew."""

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from kiosk.errors import DamagedError
from kiosk.export.files import trouble
from kiosk.province.backup.leftovers import clear, working_in
from kiosk.province.backup.verifying import Report
from kiosk.province.home import Home
from kiosk.province.lake.edition import Edition
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.from_ledger import LedgerSource
from kiosk.province.lake.lake import build_from
from kiosk.province.lake.source import Stored
from kiosk.province.lake.tables import VERSION

BESIDE = ".verify-"


class _Until:
    """A source as it was when the lake was built."""

    def __init__(self, source: LedgerSource, through: int) -> None:
        self._source, self._through = source, through
        self.days, self.of_day, self.stamp = source.days, source.of_day, source.stamp

    @property
    def id(self) -> str:
        return self._source.id

    def newest(self) -> int:
        return self._through

    def contents(self, wanted: Sequence[Stored]) -> Iterable[bytes | None]:
        return self._source.contents(wanted)


def verify_lake(home: Home, report: Report, now: datetime) -> None:
    """Notes in the report how the lake stands: same, older, none, other or waits, and each file that is damaged.

    A lake is made anew beside it for that, in a folder that is taken away again. KioskError where it has no room. Where
    ledger or archive are damaged the lake may have what they have lost: then it is compared with itself alone.
    """
    editions = Editions(home.lake)
    if editions.current() is None:
        report.lake = "none"
        return
    try:
        with editions.held() as edition, LedgerSource.of(home) as source:
            known = len(report.findings)
            if (edition.about.ledger, edition.about.version) != (source.id, VERSION):
                report.lake = "older"  # of another memory, or made by an older version: the next build makes it anew
                return
            _compare(home, edition, None if known else source, report, now)
            behind = edition.about.through < source.newest()
            report.lake = "waits" if known else "other" if report.findings else "older" if behind else "same"
    except DamagedError:
        report.lake = "none"
    except OSError as error:
        raise trouble(home.lake, error) from error


def _compare(home: Home, edition: Edition, source: LedgerSource | None, report: Report, now: datetime) -> None:
    whole = {name for name in edition.about.files if edition.is_whole(name, thoroughly=True)}
    wrong = set(edition.about.files) - whole
    clear(home.path, f"{BESIDE}*")
    if source is not None:
        with working_in(lambda: Path(tempfile.mkdtemp(prefix=BESIDE, dir=home.path))) as folder:
            try:
                wrong |= _against(folder, whole, edition, source, now)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    for name in sorted(wrong):
        report.add("lake", about=name)


def _against(folder: Path, whole: set[str], edition: Edition, source: LedgerSource, now: datetime) -> set[str]:
    """The files that are not as in a lake that is made anew in `folder`."""
    build_from(folder, _Until(source, edition.about.through), now, everything=True)
    anew = Editions(folder).current()
    assert anew is not None
    wrong = set(edition.about.files) ^ set(anew.about.files)
    for name in whole & set(anew.about.files):
        if edition.about.files[name].sha256 != anew.about.files[name].sha256 and not _same(edition, anew, name):
            wrong.add(name)
    return wrong


def _same(one: Edition, other: Edition, name: str) -> bool:
    """The same rows; another version of the library may write them in other bytes."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(edition.path / name, use_threads=False) for edition in (one, other)]
    return bool(tables[0].equals(tables[1]))
