"""Schema steps on a store with data: on a checked copy first, so that a failing one leaves every byte as it was."""

from pathlib import Path

import pytest
from memory_play import Play
from sqlite_utils import Database, Migrations
from store_support import on_small_disk

from kiosk.errors import KioskError
from kiosk.store import Store, schema, sessions, stepping
from kiosk.store.stepping import StepFailed


@pytest.fixture
def old(tmp_path: Path) -> Play:
    """A home with some days in it, its file whole and closed."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.days(store, 3)
    return play


def with_step(monkeypatch: pytest.MonkeyPatch, *steps: object) -> Migrations:
    """The house's steps and these, as a later version would have them."""
    later = Migrations("kiosk")
    later._migrations = [*schema.migrations._migrations]
    for step in steps:
        later()(step)  # type: ignore[arg-type]
    monkeypatch.setattr(stepping, "migrations", later)
    return later


def adds_a_column(db: Database) -> None:
    db.execute("ALTER TABLE opens ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0")


def fails_half_way(db: Database) -> None:
    db.execute("DELETE FROM sessions")
    raise ValueError("in the middle")


def breaks_its_own_check(db: Database) -> None:
    db.execute("PRAGMA ignore_check_constraints=ON")
    db.execute("INSERT INTO day_totals (day, code, count) VALUES ('2026-11-21', 'visits', -1)")


def files(play: Play) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in play.paths.store.parent.iterdir() if path.is_file()}


def test_a_good_step_is_taken_and_nothing_is_lost(old: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    with_step(monkeypatch, adds_a_column)
    with old.open() as store:
        assert old.counted(store) == old.visits
        assert "minutes" in store.run(lambda db: {column.name for column in db.table("opens").columns})
        assert store.run(lambda db: db.execute("PRAGMA journal_mode").fetchone()[0]) == "wal"
    assert not list(old.paths.store.parent.glob("*.new*"))


@pytest.mark.parametrize("step", [fails_half_way, breaks_its_own_check])
def test_a_failing_step_leaves_the_old_file_to_the_version_before(
    old: Play, monkeypatch: pytest.MonkeyPatch, step: object
) -> None:
    before = files(old)
    with monkeypatch.context() as patched:
        with_step(patched, adds_a_column, step)
        with pytest.raises(StepFailed) as caught:
            Store(old.paths.store)
    assert "is as it was" in caught.value.hint and caught.value.exit_code == 1
    assert files(old).keys() == before.keys() and files(old)["kiosk.db"] == before["kiosk.db"]
    with old.open() as store:
        assert old.counted(store) == old.visits and store.run(sessions.counts, old.now().day)


@pytest.mark.slow
def test_a_full_disk_during_a_step_is_a_sentence_and_changes_nothing(old: Play, tmp_path: Path) -> None:
    script = f"""
import os, shutil
from kiosk.errors import KioskError
from kiosk.store import Store, schema, stepping
from sqlite_utils import Migrations
shutil.copytree({str(old.home)!r}, disk / "home")
path = disk / "home" / "store" / "kiosk.db"
before = path.read_bytes()
later = Migrations("kiosk")
later._migrations = [*schema.migrations._migrations]
@later()
def grows(db): db.execute("CREATE TABLE more AS SELECT randomblob(60000)")
stepping.migrations = later
refused = 0
for room in range(0, len(before) // 1024 + 120, 8):
    stat = os.statvfs(disk)
    with open(disk / "filler", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, stat.f_bavail * stat.f_bsize - room * 1024))
    try:
        Store(path).close()
        break
    except KioskError as error:
        refused += 1
        assert error.hint and path.read_bytes() == before
    (disk / "filler").unlink()
Store(path).close()
print("refused", refused)
"""
    done = on_small_disk(script, tmp_path / "disk", "8m")
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[1]) > 3


def test_the_steps_of_a_new_file_need_no_copy(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        assert store.run(sessions.live) is None
    assert issubclass(StepFailed, KioskError)
