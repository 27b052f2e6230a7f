"""The lake: Parquet files by table and month, made of the archive at any time; the same files however they came to be.

    build(home, now)             what is new since the last edition becomes the next one
    with reading(home) as lake:  an edition that stays while it is read: lake.files("days", "2026-01", "2026-12")
    figures(home, first, last)   what every site did on every day

A build takes the PCs that told something of a day since the last edition, drops their rows of that day and puts in
what counts now; so it depends on what the ledger says now, not on the builds before. It runs in a process of its own
(`kiosk province rebuild`); of a kill, a full disk or a damaged file nobody who reads sees anything.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.errors import KioskError
from kiosk.export.files import trouble
from kiosk.province.lake.edition import EMPTY, Edition
from kiosk.province.lake.editions import Editions
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.home import Home
    from kiosk.province.lake.source import Source

# Step, what, done, whole: as the build goes on. Steps: read (bundles), write (tables).
Told = Callable[[str, str, int, int], object]


@dataclass(frozen=True)
class Built:
    """What a build did. `new`: whether there is another edition than before; `months`: those that it made anew.

    `incomplete`: days of which bundles could not be read in the archive, with how many; the rest of them is there.
    `mended`: months whose files were damaged; `megabytes`: the most memory that the process has had.
    """

    edition: int
    path: Path
    new: bool
    months: tuple[str, ...]
    bundles: int
    rows: int
    files: int
    kept: int
    incomplete: dict[str, int]
    mended: tuple[str, ...]
    seconds: float
    megabytes: int


def build(home: "Home", now: datetime, everything: bool = False, told: Told = lambda *_: None) -> Built:
    """Publishes what the ledger says now; with `everything` all of it anew from the archive.

    RefusedError when another build runs, KioskError when the disk takes nothing: what was published stays.
    """
    from kiosk.province.lake.from_ledger import LedgerSource

    with LedgerSource.of(home) as source:
        return build_from(home.lake, source, now, everything, told)


def build_from(
    lake: Path, source: "Source", now: datetime, everything: bool = False, told: Told = lambda *_: None
) -> Built:
    """The same from any source."""
    from kiosk.province.lake.building import Building

    started = time.monotonic()
    editions = Editions(lake)
    try:
        with editions.alone():
            building = Building(editions, source, told)
            edition = building.run(now.astimezone(timezone.utc), everything)
    except OSError as error:
        raise trouble(lake, error) from error
    except ImportError as error:
        raise KioskError(
            _("The lake cannot be built: {reason}.", reason=str(error)),
            _("Install what a province needs: pip install 'kiosk[province]'."),
        ) from error
    return Built(
        edition.number, edition.path, building.new, tuple(building.months), building.bundles, building.rows,
        building.files, building.kept, dict(edition.about.incomplete), tuple(building.mended),
        round(time.monotonic() - started, 3), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )  # fmt: skip


@dataclass(frozen=True)
class Lake:
    """An edition that is being read. Its files are plain Parquet: any engine may read them by their paths."""

    edition: Edition

    def files(self, table: str, first: str = "0000-00", last: str = "9999-12") -> list[Path]:
        """The files of a table or rollup for months (YYYY-MM) from `first` to `last`; never none: one has no rows."""
        months = [month for month in self.edition.months if first <= month <= last]
        found = [self.edition.file(table, month) for month in months]
        return [self.edition.path / table / EMPTY, *(path for path in found if path.exists())]


@contextmanager
def reading(home: "Home") -> Iterator[Lake]:
    """The newest edition, held while it is read. DamagedError when nothing was built yet."""
    with Editions(home.lake).held() as edition:
        yield Lake(edition)


def figures(home: "Home", first: date, last: date) -> list[dict[str, Any]]:
    """The rows of site_days (rollups.py) from `first` to `last`, by day and site."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = []
    with reading(home) as lake:
        for path in lake.files("site_days", f"{first:%Y-%m}", f"{last:%Y-%m}"):
            rows = pq.read_table(path, use_threads=False)
            inside = pc.and_(pc.greater_equal(rows["day"], first), pc.less_equal(rows["day"], last))
            found += rows.filter(inside).to_pylist()
    return found


def is_behind(home: "Home") -> bool:
    """Whether something was stored since the last edition."""
    from kiosk.province.lake.from_ledger import LedgerSource

    current = Editions(home.lake).current()
    with LedgerSource.of(home) as source:
        return current is None or current.about.ledger != source.id or current.about.through < source.newest()
