"""What breaks under a running station: it goes on locking and serving, says what is wrong, and loses no visit."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


def _codes(station: RunningStation) -> set[str]:
    return {trouble["code"] for trouble in station.status()["troubles"]}


def _visit(station: RunningStation) -> None:
    """A whole visit, ended by the manager."""
    station.sign_in()
    assert station.kiosk("session", "finish").returncode == 0
    station.wait_state("free")
    station.wait(station.covered, "covered after the visit")


def test_a_port_in_use_is_told_and_the_station_locks_and_serves(home: Path, xvfb: Callable[..., str]) -> None:
    station = RunningStation(home, xvfb(), LONG)
    with socket.socket() as other:
        other.bind(("127.0.0.1", station.panel))
        other.listen()
        with station:
            station.wait(lambda: "port_in_use" in _codes(station), "the trouble is told")
            assert f"127.0.0.1:{station.panel}" in str(station.status()["troubles"])
            _visit(station)
            assert station.status()["visits_today"] == 1
    assert "in use" in station.log()


def test_a_missing_browser_is_told_and_the_session_still_ends(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG + '[programs]\nbrowser = "no-such-browser"\n') as station:
        station.wait(lambda: "program_missing" in _codes(station), "the trouble is told")
        assert "no-such-browser" in str(station.status()["troubles"])
        _visit(station)
        check = station.kiosk("check")
        assert check.returncode == 1 and "no-such-browser is missing" in check.stdout
    assert station.rows("SELECT visit, reason FROM sessions") == [(1, "manager")]


def test_a_browser_that_crashes_at_once_is_told_and_started_slowly(home: Path, xvfb: Callable[..., str]) -> None:
    starts = home.parent / "starts"
    starts.touch()
    starts.chmod(0o666)
    crashing = home.parent / "crashing"
    crashing.write_text(f"#!/bin/sh\necho x >> {starts}\nkill -SEGV $$\n", encoding="utf-8")
    crashing.chmod(0o755)
    with RunningStation(home, xvfb(), LONG + f'[programs]\nbrowser = "{crashing}"\n') as station:
        station.sign_in()
        station.wait(lambda: "browser_keeps_ending" in _codes(station), "the trouble is told", 30)
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
            _visit(station)
            station.sign_in()
            _fill(ballast)
            station.wait(lambda: "not_written" in _codes(station), "the full disk is told", 30)
            station.wait(lambda: station.status()["state"] == "open", "the session goes on")
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            assert station.covered() and station.status()["visits_today"] == 1
            _visit(station)
            assert "not_written" in _codes(station)
            ballast.unlink()
            station.wait(lambda: "not_written" not in _codes(station), "told no longer", 30)
            station.wait(lambda: station.status()["visits_today"] == 3, "counted when there is space again", 10)
            _visit(station)
        assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(4, 4)]
        assert station.rows("SELECT visits FROM tallies WHERE table_name LIKE 'SEX:%' AND side = 'yes'") == [(4,)]
    finally:
        linux.unmount(str(home))


def test_a_home_that_becomes_read_only_keeps_the_screen_covered(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        _visit(station)
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
        finally:
            subprocess.run(["umount", "-l", str(home)], check=True)
        _visit(station)
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(2, 2)]


def _fill(ballast: Path) -> None:
    """Not a byte is left on the disk of `ballast`."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
