"""A clock at 2010, and files that disappear: the station locks and serves, and says what is wrong."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.service.panel.day import TROUBLES
from kiosk.web.words import says
from tests.fault_support import add_manager, codes, panel_says, visit
from tests.running import LONG, CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
# The supervisor gives its children an environment of its own, so the service, which alone dates things, asks for the
# clock itself.
CUSTOM = """
import os, select, sys, time
if "kiosk.service" in sys.orig_argv:
    if "FAKETIME" not in os.environ:
        os.environ.update(LD_PRELOAD={library!r}, FAKETIME={offset!r}, FAKETIME_DONT_FAKE_MONOTONIC="1")
        os.execv(sys.executable, sys.orig_argv)
    # Python sleeps until a moment of a clock that is not faked, and the library counts that moment back: EINVAL.
    time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


def test_a_pc_that_wakes_in_2010_locks_serves_and_asks_for_the_date(home: Path, xvfb: Callable[..., str]) -> None:
    assert FAKETIME, "libfaketime is among what scripts/test installs"
    custom = home.parent / "custom"
    custom.mkdir()
    station = RunningStation(home, xvfb(), LONG)
    offset = f"-{int(time.time() - 1_262_304_000)}s"
    (custom / "sitecustomize.py").write_text(CUSTOM.format(library=str(FAKETIME[0]), offset=offset), encoding="utf-8")
    station.env["PYTHONPATH"] = f"{custom}:{station.env['PYTHONPATH']}"
    with station:
        told = station.status()
        assert told["year"] == 2010, "the control"
        assert told["clock_trusted"] is False and told["clock"]["why_not"], told["clock"]
        assert told["state"] == "free", "no opening hour closes it"
        add_manager(station)
        panel_says(station, says("The clock is wrong. Please set date and time."))
        visit(station)
        assert station.status()["visits_today"] == 1
    assert station.rows("SELECT count(*) FROM sessions") == [(0,)]
    assert station.rows("SELECT reason, visit, seconds < 30 FROM undated_sessions") == [("manager", 1, 1)]


@pytest.mark.parametrize("lost", ["run/service.sock", "run/supervisor/processes.json", "outbox", "desktop"])
def test_a_file_that_disappears_under_it(home: Path, xvfb: Callable[..., str], lost: str) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        visit(station)
        path = station.paths.socket if lost.endswith(".sock") else home / lost
        assert path.exists(), "the control"
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        for role in ("lock", "service", "supervisor"):
            station.wait(lambda: station.status()["supervisor_here"], "it can be asked", 15)
            killed = station.kill(role) if role == "supervisor" else os.kill(station.living(role)[0], 9)
            if killed is not None:
                station.start()
            time.sleep(0.5)
            station.wait(lambda: station.status()["supervisor_here"], f"whole without its {role}", 20)
            station.wait(station.covered, f"covered without its {role}", 10)
        visit(station)
        assert station.status()["visits_today"] == 2
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(2, 2)]


@pytest.mark.parametrize("kept", [True, False], ids=["last good ones kept", "none kept"])
def test_without_its_settings_it_stays_covered_and_says_so_until_they_are_back(
    home: Path, xvfb: Callable[..., str], kept: bool
) -> None:
    """With none kept it serves nobody: counts of another site would be worse than a locked PC."""
    with RunningStation(home, xvfb(), LONG) as station:
        add_manager(station)
        if not kept:
            shutil.rmtree(home / "store" / "last_good")
        token, site = station.token(), (home / "site.toml").read_bytes()
        (home / "site.toml").unlink()
        with CoverWatch(station.display, lambda: token) as watch:
            os.kill(station.living("service")[0], 9)
            station.wait(lambda: "site.toml does not exist" in station.log(), "said", 10)
            time.sleep(2)
        assert watch.longest_gap() == 0.0
        if kept:
            panel_says(station, TROUBLES["settings_wrong"])
            station.kiosk("session", "start")
            station.wait_open()
            assert station.kiosk("session", "finish").returncode == 0
        (home / "site.toml").write_bytes(site)
        station.wait(lambda: station.status()["supervisor_here"], "back", 10)
        station.wait_state("free")
        visit(station)
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(1 + kept, 1 + kept)]


@pytest.mark.parametrize("left", ["bundles", "nothing"])
def test_a_store_that_disappears_under_it_is_told_at_the_next_start(
    home: Path, xvfb: Callable[..., str], left: str
) -> None:
    """With neither copy nor bundle nothing can be restored; that there was something is said all the same."""
    with RunningStation(home, xvfb(), LONG) as station:
        visit(station)
        today = f"{datetime.now(timezone(timedelta(hours=7))):%Y-%m-%d}"
        if left == "bundles":
            assert station.kiosk("export", "run", "--day", today).returncode == 0
        assert bool(list(station.paths.outbox.glob("*.gz"))) == (left == "bundles"), "the control"
        for path in station.paths.store.parent.glob(station.paths.store.name + "*"):
            path.unlink()
        os.kill(station.living("service")[0], 9)
        station.wait(lambda: codes(station) & {"store_new", "store_restored"}, "told", 20)
        station.wait(station.covered, "covered", 5)
        add_manager(station)
        panel_says(station, TROUBLES["store_new" if "store_new" in codes(station) else "store_restored"])
        check = station.kiosk("check").stdout
        assert "set aside" in check or "lost" in check
        visit(station)
    assert station.rows("SELECT visit FROM sessions")[-1] == (1,)
