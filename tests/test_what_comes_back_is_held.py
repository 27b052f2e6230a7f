"""After any file was put back, what was open is HELD for good and still counted; and a restore cut short is seen."""

import os
import sqlite3
from pathlib import Path

import pytest
from memory_play import FIRST, SITE, Play
from store_support import live

from kiosk.errors import DamagedError, KioskError
from kiosk.service.restoring import chosen, restore
from kiosk.store import Store, copies, images, losses, rescue, sessions, windows
from kiosk.store.connection import mark_of

OCTOBER = (FIRST.replace(month=11, day=1) - FIRST).days


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """October is over: nobody of it was other than 31 to 59, so that table is open; a backup; and some of November."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.days(store, OCTOBER + 2)
        play.keeper(store).backup(tmp_path / "stick", "cli")
        play.days(store, 1)
    return play


def october(play: Play) -> int:
    return sum(count for day, count in play.visits.items() if day < "2026-11")


def open_windows(store: Store) -> dict[str, int]:
    rows = store.run(lambda db: db.execute("SELECT table_name, yes + no FROM windows").fetchall())
    return dict(rows)


def test_a_copy_brings_back_how_many_visits_were_open_and_none_of_their_answers(play: Play) -> None:
    with play.open() as store:
        assert open_windows(store)["AGE31"] == october(play), "the control: it was open"
        before = store.run(windows.held)
        play.keeper(store).copy(play.now())
    play.paths.store.unlink()
    with play.open() as store:
        assert len(store.run(losses.all_of_them)) == 1 and open_windows(store) == {}
        assert store.run(windows.held) == before and before["AGE31"] == october(play)


def test_the_file_that_was_set_aside_comes_back_without_anything_open_and_without_the_session_that_ran(
    play: Play, tmp_path: Path
) -> None:
    with play.open() as store:
        store.run(sessions.start, live("ran-then", {"codes": ["GRP_POOR"]}))
    loss = restore(play.paths, SITE, chosen(tmp_path / "stick"), play.now(), "cli")
    aside = Path(loss["way_back"])
    with sqlite3.connect(aside) as database:
        assert database.execute("SELECT count(*) FROM windows").fetchone()[0] > 0, "the control: it has them"
        assert database.execute("SELECT session FROM live").fetchall() == [("ran-then",)]
    database.close()
    restore(play.paths, SITE, aside, play.now(), "cli")
    with play.open() as store:
        assert store.run(sessions.live) is None and open_windows(store) == {}
        assert store.run(windows.held)["AGE31"] == october(play)
        assert {table.partition(":")[0] for table, _side in store.run(sessions.tallies)} <= {
            "FST",
            "NO_PICTURE",
            "GRP_U",
        }


@pytest.mark.slow
def test_a_restore_cut_off_between_the_log_and_the_file_is_seen_by_the_next_start(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file without its log would pass every check, and lack what stood in the log."""
    torn = tmp_path / "torn"
    with play.open() as store:
        play.visit(store, 3)
        # One that runs: after the end of the last one the log is emptied, beside whoever reads it here.
        store.run(sessions.start, live("runs", {"codes": ["GRP_POOR"]}))
        torn.mkdir()
        for one in play.paths.store.parent.glob("kiosk.db*"):
            (torn / one.name).write_bytes(one.read_bytes())
    log = torn / "kiosk.db-wal"
    assert log.stat().st_size > 0, "the control: the log holds something"

    def power_cut(*_paths: object) -> None:
        raise OSError("the power goes")

    monkeypatch.setattr(os, "replace", power_cut)
    with pytest.raises(KioskError):
        rescue.replace(torn / "kiosk.db", play.now().wall, "asked", lambda part: rescue._from_copies(torn / "x", part))
    assert not log.exists() and (torn / "kiosk.db").exists(), "the control: cut off just there"
    monkeypatch.undo()
    with pytest.raises(DamagedError):
        Store(torn / "kiosk.db")
    assert mark_of(torn / "kiosk.db").exists()


def test_a_disk_that_reads_back_something_else_makes_no_copy(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    written = images.write

    def lying(image: sqlite3.Connection, path: Path, about: dict[str, str]) -> None:
        written(image, path, about)
        with open(path, "r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(bytes(5_000))

    with play.open() as store:
        keeper = play.keeper(store)
        before = sorted(copies.folder_of(store.path).iterdir())
        monkeypatch.setattr(images, "write", lying)
        with pytest.raises(KioskError):
            keeper.copy(play.now())
        monkeypatch.undo()
        assert sorted(copies.folder_of(store.path).iterdir()) == before
        assert keeper.copy(play.now()), "the control: an honest disk"
