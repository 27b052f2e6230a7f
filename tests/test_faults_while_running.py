"""What breaks under a running station: it goes on locking and serving, says what is wrong, and loses no visit."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.service.panel.day import TROUBLES
from kiosk.supervisor import linux
from tests.fault_support import add_manager, codes, fill, panel_says, visit
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


@pytest.mark.parametrize("face", ["panel", "menu"])
def test_a_port_in_use_is_told_and_the_station_locks_and_serves(
    home: Path, xvfb: Callable[..., str], face: str
) -> None:
    station = RunningStation(home, xvfb(), LONG)
    port = station.panel if face == "panel" else station.menu
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with station:
            station.wait(lambda: "port_in_use" in codes(station), "the trouble is told")
            assert f"127.0.0.1:{port}" in str(station.status()["troubles"])
            if face == "menu":
                add_manager(station)
                assert f"127.0.0.1:{port}" in panel_says(station, TROUBLES["port_in_use"])
            else:
                assert f"port_in_use 127.0.0.1:{port}" in station.kiosk("status").stdout
            visit(station)
            assert station.status()["visits_today"] == 1
    assert "in use" in station.log()


def test_a_missing_browser_is_told_and_the_session_still_ends(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG + '[programs]\nbrowser = "no-such-browser"\n') as station:
        station.wait(lambda: "program_missing" in codes(station), "the trouble is told")
        add_manager(station)
        assert "no-such-browser" in panel_says(station, TROUBLES["program_missing"])
        visit(station)
        check = station.kiosk("check")
        assert check.returncode == 1 and "no-such-browser is missing" in check.stdout
    assert station.rows("SELECT visit, reason FROM sessions") == [(1, "manager")]


def test_a_browser_that_crashes_at_once_is_told_and_started_slowly(home: Path, xvfb: Callable[..., str]) -> None:
    crashing = home / "crashing"
    # In the session's own home: nothing else can be written to in its room.
    crashing.write_text('#!/bin/sh\necho x >> "$HOME/starts"\nkill -SEGV $$\n', encoding="utf-8")
    crashing.chmod(0o755)
    with RunningStation(home, xvfb(), LONG + f'[programs]\nbrowser = "{crashing}"\n') as station:
        station.sign_in()
        station.wait(lambda: "browser_keeps_ending" in codes(station), "the trouble is told", 30)
        add_manager(station)
        panel_says(station, TROUBLES["keeps_ending"])
        starts = station.paths.citizen_home / "starts"
        time.sleep(3)
        before = len(starts.read_text().splitlines())
        time.sleep(4)
        assert 1 <= len(starts.read_text().splitlines()) - before <= 8, "tried again, and not in a loop"
        assert station.status()["state"] == "open"
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        assert station.covered()


def test_a_full_disk_locks_on_and_counts_when_there_is_space_again(home: Path, xvfb: Callable[..., str]) -> None:
    linux.mount_tmpfs(str(home), "size=16m,mode=0755")
    ballast = home / "ballast"
    try:
        with RunningStation(home, xvfb(), LONG) as station:
            add_manager(station)
            visit(station)
            station.sign_in()
            fill(ballast)
            station.wait(lambda: "not_written" in codes(station), "the full disk is told", 30)
            station.wait(lambda: station.status()["state"] == "open", "the session goes on")
            assert "not_written" in panel_says(station, TROUBLES["not_written"])
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            assert station.covered() and station.status()["visits_today"] == 1
            visit(station)
            assert "not_written" in codes(station)
            ballast.unlink()
            station.wait(lambda: "not_written" not in codes(station), "told no longer", 30)
            station.wait(lambda: station.status()["visits_today"] == 3, "counted when there is space again", 10)
            visit(station)
        assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(4, 4)]
        assert station.rows("SELECT visits FROM tallies WHERE table_name LIKE 'SEX:%' AND side = 'yes'") == [(4,)]
    finally:
        linux.unmount(str(home))


def test_a_home_that_becomes_read_only_keeps_the_screen_covered(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        add_manager(station)
        visit(station)
        subprocess.run(["mount", "--bind", str(home), str(home)], check=True)
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", str(home)], check=True)
            with pytest.raises(OSError, match="Read-only"):
                (home / "control").touch()
            with station.watch() as watch:
                old = station.kill("lock")
                station.wait(lambda: [pid for pid in station.living("lock") if pid != old], "another lock")
                station.wait(station.covered, "covered again", 5)
            assert watch.longest_gap() <= 2.0
            assert station.status()["state"] in ("free", "out_of_order")
            assert "run file cannot be written: Read-only file system" in station.log()
            # The store is open and still takes writes; what cannot be made is the citizen's folder.
            assert station.kiosk("session", "start").returncode == 0
            panel_says(station, TROUBLES["session_home"])
            station.wait_state("free")
            assert station.covered()
        finally:
            subprocess.run(["umount", "-l", str(home)], check=True)
        visit(station)
    assert station.rows("SELECT reason, visit FROM sessions") == [("manager", 1), ("fault", 1), ("manager", 1)]
