"""What was lost is said: in the state message, on the panel, in `kiosk status` and in `kiosk check`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from memory_play import Play
from running import SITE, free_port

from kiosk.rules import events as ev
from kiosk.service.__main__ import Service
from kiosk.service.checked_settings import load_checked
from kiosk.service.doctor import doctor
from kiosk.service.last_good import Loaded
from kiosk.service.panel.day import OTHER_TROUBLE, wrong
from kiosk.service.words import status_lines
from kiosk.settings import Paths
from kiosk.store import copies, facts

PAGE = 4096


@contextmanager
def service_of(home: Path) -> Iterator[Service]:
    """The service's parts put together as it does it itself; no port is opened."""
    (home / "site.toml").write_text(
        SITE.format(panel=free_port(), menu=free_port(), citizen="citizen"), encoding="utf-8"
    )
    (home / "policy.toml").write_text("[session]\nminutes = 30\n", encoding="utf-8")
    paths = Paths(home)
    made = Service(paths, Loaded(*load_checked(paths)))
    made.station.happen(ev.SupervisorHere(True))
    try:
        yield made
    finally:
        made.store.close()
        made.loop.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    play = Play(tmp_path / "home", today=-900)
    with play.open() as store:
        play.days(store, 3)
    return play.home


@pytest.mark.slow
def test_a_whole_store_has_no_trouble_and_shows_its_newest_copy(home: Path) -> None:
    with service_of(home) as service:
        state = service.staff.status()
        assert state["memory"]["losses"] == [] and state["memory"]["copies"] > 0
        assert not [one for one in state["troubles"] if one["code"].startswith(("store", "not_copied"))]
        assert any(state["memory"]["copy"][:10] in line for line in status_lines(state))
        assert {one.name: one.state for one in doctor.examine(service.paths)}["store"] == "good"


@pytest.mark.slow
def test_a_damaged_store_is_told_everywhere_and_the_station_serves(home: Path) -> None:
    with open(home / "store" / "kiosk.db", "r+b") as file:
        file.write(os.urandom(PAGE))
    with service_of(home) as service:
        service.station.push(service.clock.read())
        state = service.staff.status()
        assert state["state"] == "free"
        [trouble] = [one for one in state["troubles"] if one["code"].startswith("store")]
        assert "set aside as" in trouble["detail"]
        shown = [line for line in wrong(state) if line.more.startswith(trouble["code"])]
        assert len(shown) == 1 and shown[0].words != OTHER_TROUBLE
        assert any("store/set_aside" in line for line in status_lines(state))
        found = {one.name: one for one in doctor.examine(service.paths)}
        assert found["set_aside"].state == "warn" and found["store"].state == "good"
        [told] = list(doctor._losses(state))
        assert told.message == trouble["detail"]


def test_a_damaged_newest_copy_is_bad_in_check(home: Path) -> None:
    newest = copies.listed(copies.folder_of(Paths(home).store))[0].path
    with open(newest, "r+b") as file:
        file.seek(PAGE + 7)
        file.write(b"?")
    found = {one.name: one for one in doctor.examine(Paths(home))}
    assert found["store"].state == "bad" and newest.name in found["store"].message


@pytest.mark.slow
def test_damage_that_shows_while_the_station_runs_ends_the_service_so_that_the_next_restores(home: Path) -> None:
    stopped = []
    with service_of(home) as service:
        service.loop.stop = lambda: stopped.append(True)  # type: ignore[method-assign]
        service.store.run(lambda db: db.execute("PRAGMA shrink_memory").fetchall())
        size = service.paths.store.stat().st_size
        with open(service.paths.store, "r+b") as file:
            file.seek(PAGE)
            file.write(os.urandom(size - PAGE))
        service.recorder.keep(lambda db: facts.put(db, "key", "value"))
        service.station._tick(service.station._tick_number)
        assert stopped
    with service_of(home) as again:
        assert len(again.keeper.shown["losses"]) == 1


def test_a_copy_is_made_hourly_while_the_station_is_open_and_old_rows_are_folded_once_a_day(tmp_path: Path) -> None:
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.visit(store)
        keeper, folder = play.keeper(store), copies.folder_of(store.path)
        keeper._is_open = lambda: False
        keeper.look(play.now())
        assert copies.listed(folder) == [], "closed: nothing changes"
        keeper._is_open = lambda: True
        play.today += 1
        keeper.look(play.now())
        first = len(copies.listed(folder))
        keeper.look(play.now())
        assert len(copies.listed(folder)) == first == 3, "a month's, a day's, an hour's; no second one in that hour"
        store.run(facts.put, "first_use", play.now().day)
        play.today += 420
        keeper.look(play.now())
        assert store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0]) == 1, "before first use"
        store.run(facts.put, "first_use", "2026-01-01")
        play.today += 1
        keeper.look(play.now())
        assert store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0]) == 0
        assert play.counted(store) == play.visits
