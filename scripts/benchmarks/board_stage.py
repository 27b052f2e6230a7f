"""Generated lakes to reckon figures of: rollups and tables as a build makes them, of a province or a nation, by years.

    with world(PROVINCE) as one: figures(one, Ask(...))

They are kept (KIOSK_BENCH_CACHE, else /var/tmp/kiosk-bench) under a name that changes with what makes them. Every
number is made of a hash of its site, day and column, so that it is the same on every machine.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.province.indicators.engine import opened
from kiosk.province.indicators.world import World
from kiosk.province.lake.edition import ABOUT, EMPTY, About, File, digest, file_name
from kiosk.province.lake.editions import CURRENT, EDITIONS, Editions
from kiosk.province.lake.lake import Lake
from kiosk.province.lake.rollups import ROLLUPS
from kiosk.province.lake.tables import TABLES, arrow_schema
from kiosk.province.register.state import Register
from scripts.benchmarks import board_sql
from scripts.benchmarks.stage import say
from tests.figures_bundles import frozen, register, site, unit
from tests.province_nation import SITES

if TYPE_CHECKING:
    import duckdb

SEED = 1
WEEKS = ("12345", "123456", "23456", "1234567", "246", "135")
EXCEPTIONS = ("", "2026-02-14..2026-02-22: -", "2025-09-01..2025-09-02: -; 2026-04-30: -", "2026-06-01..2026-06-14: -")


@dataclass(frozen=True)
class Size:
    """`sites`: how many PCs each has; `provinces`: over how many they lie; years from the first to the last."""

    name: str
    sites: tuple[int, ...]
    provinces: int
    first: int
    last: int

    @property
    def months(self) -> list[date]:
        """Their first days."""
        return [date(year, month, 1) for year in range(self.first, self.last + 1) for month in range(1, 13)]


PROVINCE = Size("province", (30,) * 4 + (10,) * 8 + (5,) * 100, 1, 2025, 2026)
NATION = Size("nation", SITES, 34, 2025, 2026)
DECADE = Size("decade", SITES, 34, 2017, 2026)


def lives(size: Size, number: int) -> tuple[date, date | None]:
    """When a site opened and closed: nine of ten were always there, one of fifty is not any more."""
    days = (date(size.last, 12, 31) - date(size.first, 1, 1)).days
    dice = int.from_bytes(sha256(f"{SEED}/{number}".encode()).digest()[:8])
    opened = date(2010, 1, 1) if number % 10 else date(size.first, 1, 1) + timedelta(dice % (days // 2))
    return opened, date(size.last, 12, 31) - timedelta(dice // 7 % (days // 3)) if number % 50 == 7 else None


def register_of(size: Size) -> Register:
    """Sites in communes in provinces, and a frozen list for each year."""
    communes = {number: f"{number // 2:05}" for number in range(1, len(size.sites) + 1)}
    units = [unit(f"P{number:02}", "province") for number in range(size.provinces)]
    inside = {code: f"P{number // 2 % size.provinces:02}" for number, code in communes.items()}
    units += [unit(code, "commune", above) for code, above in inside.items()]
    sites = []
    for number, pcs in enumerate(size.sites, 1):
        begin, end = lives(size, number)
        sites.append(site(
            f"S-{number:05}", communes[number], ("library", "post")[number % 2], "potential" if number % 5 == 0 else
            "project", WEEKS[number % len(WEEKS)], str(pcs), begin.isoformat(), end.isoformat() if end else "",
            EXCEPTIONS[number % len(EXCEPTIONS)],
        ))  # fmt: skip
    codes = [f"S-{number:05}" for number in range(1, len(size.sites) + 1) if number % 5]
    lists = [frozen(f"{year}-1", f"{year}-01-01", codes, year) for year in range(size.first, size.last + 1)]
    return register(sites, units, *lists)


@contextmanager
def world(size: Size, engine: str = "duckdb", url: str = "") -> Iterator[World]:
    """It, with the engine named."""
    pcs = {f"S-{number:05}": count for number, count in enumerate(size.sites, 1)}
    with lake(size) as here, opened(here, engine, url) as ready:
        yield World(ready, register_of(size), size.name, 1, here.edition.about.built, {}, pcs)


@contextmanager
def lake(size: Size) -> Iterator[Lake]:
    """Its lake, made where it is not there yet."""
    with Editions(_made(size)).held() as edition:
        yield Lake(edition)


def _made(size: Size) -> Path:
    place = Path(os.environ.get("KIOSK_BENCH_CACHE", "/var/tmp/kiosk-bench"))
    source = Path(board_sql.__file__).read_bytes() + Path(__file__).read_bytes()
    folder = place / f"board-{size.name}-{sha256(source + repr(size).encode()).hexdigest()[:12]}"
    if not folder.exists():
        say(f"making {size.name}: {len(size.sites)} sites, {sum(size.sites)} PCs, {len(size.months)} months …")
        place.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix="making-", dir=place))
        try:
            _make(beside, size)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return folder


def _make(folder: Path, size: Size) -> None:
    import duckdb
    import pyarrow.parquet as pq

    edition = folder / EDITIONS / "1"
    for name, columns in {**{name: one.columns for name, one in TABLES.items()}, **ROLLUPS}.items():
        (edition / name).mkdir(parents=True)
        pq.write_table(arrow_schema(columns).empty_table(), edition / name / EMPTY, compression="zstd")
    files = {}
    with duckdb.connect(config={"memory_limit": "2GB"}) as db:
        _sites(db, size)
        for month in size.months:
            for name, sql in board_sql.of_month(month, edition).items():
                file = file_name(name, f"{month:%Y-%m}")
                columns = ROLLUPS[name] if name in ROLLUPS else TABLES[name].columns
                rows = db.sql(sql).to_arrow_table().cast(arrow_schema(columns))  # as a build writes them
                pq.write_table(rows, edition / file, compression="zstd")
                files[file] = File(rows.num_rows, (edition / file).stat().st_size, digest(edition / file))
    about = About("bench", 1, "", f"{size.last}-12-31T00:00:00+00:00", files=files)
    (edition / ABOUT).write_text(json.dumps(asdict(about)))
    (folder / CURRENT).symlink_to(f"{EDITIONS}/1")


def _sites(db: "duckdb.DuckDBPyConnection", size: Size) -> None:
    """The tables `sites` and `stations` of which board_sql makes the rest."""
    db.execute("CREATE TABLE sites (no BIGINT, site VARCHAR, pcs BIGINT, week VARCHAR, opened DATE, closed DATE)")
    db.executemany("INSERT INTO sites VALUES (?, ?, ?, ?, ?, ?)", [
        (number, f"S-{number:05}", pcs, WEEKS[number % len(WEEKS)], *lives(size, number))
        for number, pcs in enumerate(size.sites, 1)
    ])  # fmt: skip
    db.execute(
        "CREATE TABLE stations AS SELECT *, no * 100 + one AS pc, format('{:02d}', one) AS station, "
        "left(md5(no || '/' || one), 16) AS lineage FROM (SELECT *, unnest(range(1, pcs + 1)) AS one FROM sites)"
    )
