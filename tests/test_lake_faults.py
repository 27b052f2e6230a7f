"""Whatever happens to a build, readers see whole editions only, and the next build comes to the same files."""

import os
import pickle
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.province.lake.edition import ABOUT, EMPTY
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import build_from
from kiosk.province.lake.months import read_rows
from kiosk.province.lake.tables import TABLES
from tests.lake_source import Told
from tests.province_rounds import SEED, dice, rounds
from tests.province_world import Made, Troubles, World, arrivals

NOW = datetime(2026, 11, 22, 1, tzinfo=timezone.utc)
KILLS = rounds(4, 16)  # of each eight one is let live; a hundred: test_province_faults_kills.py


@pytest.fixture(scope="module")
def came() -> list[Made]:
    """A troubled province of 50 days, in any order."""
    world = World(17, 3, 2, 50, troubles=Troubles(0.1, 0.01, 0.01, 0.01))
    # A child of another process is given them, and knows no keys.
    return [replace(one, key=None) for one in arrivals(world.bundles, dice("order"))]  # type: ignore[arg-type]


def told(came: list[Made]) -> Told:
    source = Told()
    for one in came:
        source.take(one)
    return source


def files(lake: Path) -> dict[str, str]:
    """The published files by sha256, each read to its last byte; nothing published: none."""
    edition = Editions(lake).current()
    if edition is None:
        assert not os.path.lexists(lake / "current")
        return {}
    assert [name for name in edition.about.files if not edition.is_whole(name, thoroughly=True)] == []
    return {name: file.sha256 for name, file in edition.about.files.items()}


def left_over(lake: Path) -> list[str]:
    """What lies in the folder of a lake beside two editions."""
    return sorted(path.name for path in (lake / "editions").iterdir())[:-2] + [
        path.name for path in lake.iterdir() if path.name not in ("current", "editions", "lake.lock")
    ]


def build_in_a_child(lake: Path, source: Path, ready: Connection) -> None:
    made = pickle.loads(source.read_bytes())
    ready.send("go")
    build_from(lake, made, NOW)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_build_killed_at_any_moment_leaves_a_whole_lake(tmp_path: Path, came: list[Made]) -> None:
    print(f"seed {SEED}, {KILLS} kills")
    chance, context = dice("kills"), get_context("forkserver")
    context.set_forkserver_preload(["kiosk.province.lake.building", "pyarrow.parquet", "pyarrow.compute"])
    lake, beside, pickled = tmp_path / "lake", tmp_path / "beside", tmp_path / "source"
    source, whole, killed, published = Told(), 0.0, 0, set[str]()
    known: list[dict[str, str]] = [{}]
    for number in range(KILLS):
        for one in came[len(came) * number // KILLS : len(came) * (number + 1) // KILLS]:
            source.take(one)
        pickled.write_bytes(pickle.dumps(source))
        build_from(beside, source, NOW)
        known.append(files(beside))
        ready, theirs = context.Pipe(duplex=False)
        child = context.Process(target=build_in_a_child, args=(lake, pickled, theirs))
        child.start()
        assert ready.recv() == "go"
        started = time.monotonic()
        # Now and then one may come to its end: how long the last one took is when the next are killed.
        child.join(chance.uniform(0, 1.2 * whole) if number % 8 else None)
        if child.is_alive():
            child.kill()
            killed += 1
        else:
            whole = time.monotonic() - started
        child.join()
        assert (now := files(lake)) in known
        published.add(str(sorted(now.items())))
    print(f"{killed} of {KILLS} were killed within some {whole:.2f} s; {len(published)} different lakes were seen")
    assert killed >= KILLS // 3
    build_from(lake, source, NOW)
    assert files(lake) == files(beside)
    assert left_over(lake) == []
    build_from(tmp_path / "at once", told(came), NOW)
    assert files(lake) == files(tmp_path / "at once")


def test_what_a_build_left_that_was_killed_after_publishing_goes_without_news_too(
    tmp_path: Path, came: list[Made]
) -> None:
    lake, source = tmp_path / "lake", told(came)
    build_from(lake, source, NOW)
    (lake / "editions" / ".7.gone").mkdir()
    assert not build_from(lake, source, NOW).new
    assert not (lake / "editions" / ".7.gone").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.slow
@pytest.mark.root
def test_a_full_disk_is_said_and_what_was_published_stays(small_disk: Path, came: list[Made]) -> None:
    half = told(came[: len(came) // 2])
    build_from(small_disk / "lake", half, NOW)
    before = files(small_disk / "lake")
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    for left in (0, 4_096, 20_000, 60_000):
        filler.write_bytes(b"x" * (free - left))
        with pytest.raises(KioskError, match="no room left"):
            build_from(small_disk / "lake", told(came), NOW)
        assert files(small_disk / "lake") == before
        assert left_over(small_disk / "lake") == []
    filler.unlink()
    build_from(small_disk / "lake", told(came), NOW)
    assert files(small_disk / "lake").keys() >= before.keys() and files(small_disk / "lake") != before


def damage(path: Path, how: str) -> None:
    """Other bytes than were written, by another inode, as a bad disk gives them."""
    content = bytearray(path.read_bytes())
    path.unlink()
    if how == "altered":
        content[len(content) // 2] ^= 1
    if how == "cut":
        del content[-7:]
    if how != "gone":
        path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(("table", "how"), [("days", "altered"), ("opens", "cut"), ("site_months", "gone")])
def test_a_damaged_file_is_made_anew_from_the_archive(tmp_path: Path, came: list[Made], table: str, how: str) -> None:
    *before, last = told(came).made
    build_from(tmp_path / "lake", source := told(before), NOW)
    month = last.day[:7]
    path = tmp_path / "lake" / "current" / table / f"month={month}.parquet"
    damage(path, how)
    source.take(last)
    built = build_from(tmp_path / "lake", source, NOW)
    assert built.mended == (month,)
    build_from(tmp_path / "at once", source, NOW)
    assert files(tmp_path / "lake") == files(tmp_path / "at once")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["altered", "cut", "gone"])
@pytest.mark.parametrize("news", [False, True])
def test_a_table_without_its_columns_is_mended_with_and_without_news(
    tmp_path: Path, came: list[Made], how: str, news: bool
) -> None:
    """The file without rows by which readers know a table: no month is made anew for it, and no build fails of it."""
    *before, last = told(came).made
    build_from(tmp_path / "lake", source := told(before), NOW)
    damage(tmp_path / "lake" / "current" / "days" / EMPTY, how)
    if news:
        source.take(last)
    built = build_from(tmp_path / "lake", source, NOW)
    assert built.new and built.months == ((last.day[:7],) if news else ()) and built.mended == ()
    build_from(tmp_path / "at once", source, NOW)
    assert files(tmp_path / "lake") == files(tmp_path / "at once")
    assert not build_from(tmp_path / "lake", source, NOW).new


@pytest.mark.slow
def test_a_month_without_news_is_looked_at_in_its_turn(tmp_path: Path, came: list[Made]) -> None:
    lake = tmp_path / "lake"
    build_from(lake, source := told(came), NOW)
    months = Editions(lake).current().months  # type: ignore[union-attr]
    damage(lake / "current" / "ends" / f"month={months[0]}.parquet", "altered")
    mended: list[str] = []
    for _night in months:
        mended += build_from(lake, _with_news(source), NOW).mended
    assert mended == [months[0]]


def _with_news(source: Told) -> Told:
    """Another bundle for the last month, which is nothing to the first one."""
    world = World(len(source.made), 1, 1, 3, last=datetime(2026, 11, 21).date(), troubles=Troubles(0, 0, 0, 0))
    source.take(world.bundles[-1])
    return source


@pytest.mark.slow
def test_a_lake_whose_own_list_is_lost_is_made_anew(tmp_path: Path, came: list[Made]) -> None:
    source = told(came)
    build_from(tmp_path, source, NOW)
    before = files(tmp_path)
    (tmp_path / "current" / ABOUT).write_text('{"files": {"days/month')
    built = build_from(tmp_path, source, NOW)
    assert built.new and built.bundles == len(source.made)
    assert files(tmp_path) == before


@pytest.mark.slow
def test_bundles_that_cannot_be_read_are_named_and_come_back(tmp_path: Path, came: list[Made]) -> None:
    source = told(came)
    lost = source.made[::29]
    source.lost = {one.sha256 for one in lost}
    built = build_from(tmp_path / "lake", source, NOW)
    days: dict[str, int] = {}
    for one in lost:
        days[one.day] = days.get(one.day, 0) + 1
    assert built.incomplete == days and len(lost) > 5
    newest: dict[tuple[str, str, str, str], Made] = {}
    for one in source.made:
        name = (one.site, one.station, one.lineage, one.day)
        newest[name] = max(newest.get(name, one), one, key=lambda one: one.revision)
    readable = {(one.site, one.station, one.day, one.revision) for one in newest.values() if one not in lost}
    rows = [
        row
        for path in sorted((tmp_path / "lake" / "current" / "days").glob("month=*.parquet"))
        for table in read_rows(path, TABLES["days"].columns)
        for row in table.to_pylist()
    ]
    found = {(row["site"], row["station"], row["day"].isoformat(), row["revision"]) for row in rows}
    assert found == readable, "a day that is lost is missing, and no older revision stands for it"
    source.lost.clear()
    assert build_from(tmp_path / "lake", source, NOW).incomplete == {}
    build_from(tmp_path / "at once", source, NOW)
    assert files(tmp_path / "lake") == files(tmp_path / "at once")


@pytest.mark.slow
@pytest.mark.parametrize("ledger", ["b" * 16, "a" * 16], ids=["restored", "put back by hand"])
def test_another_ledger_makes_everything_anew(tmp_path: Path, came: list[Made], ledger: str) -> None:
    build_from(tmp_path / "lake", told(came[: len(came) // 2]), NOW)
    other = Told(ledger)
    for one in reversed(came):
        other.take(one)
    build_from(tmp_path / "lake", other, NOW)
    build_from(tmp_path / "at once", other, NOW)
    assert files(tmp_path / "lake") == files(tmp_path / "at once")
