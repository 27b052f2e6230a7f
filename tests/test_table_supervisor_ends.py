"""DESIGN.md 3: the supervisor ends, the others live on; the next one adopts them, and never are there two of a kind."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

ROLES = ("lock", "bar", "service")


def _whole(station: RunningStation) -> bool:
    return all(len(station.living(role)) == 1 for role in ROLES) and bool(station.status()["supervisor_here"])


class Census:
    """Counts the living of each kind again and again; what it saw at most."""

    def __init__(self, station: RunningStation) -> None:
        self._station, self._running = station, True
        self.most = dict.fromkeys((*ROLES, "supervisor"), 0)
        self.looks = 0
        self._thread = threading.Thread(target=self._count)

    def __enter__(self) -> "Census":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._running = False
        self._thread.join()

    def _count(self) -> None:
        while self._running:
            for role in self.most:
                self.most[role] = max(self.most[role], len(self._station.living(role)))
            self.looks += 1
            time.sleep(0.01)


def test_the_others_live_on_and_are_adopted(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: _whole(station), "the session with its bar")
        roles = (*ROLES, "wm", "browser")
        before, session = {role: station.pids(role) for role in roles}, station.status()["session"]
        station.kill("supervisor")
        time.sleep(2)
        # Nobody is there to restart them: these are the very same, and the session still counts its minutes.
        assert all(Path(f"/proc/{pid}/fd").is_dir() for pids in before.values() for pid in pids)
        assert station.status()["state"] == "open" and not station.status()["supervisor_here"]
        assert not station.covered()
        with Census(station) as census:
            station.start()
            station.wait(lambda: _whole(station), "adopted", 10)
            time.sleep(1)
        assert {role: station.pids(role) for role in roles} == before
        assert census.looks > 5 and set(census.most.values()) == {1}, census.most
        assert (station.status()["state"], station.status()["session"]) == ("open", session)
        for role in ("bar", "service", "lock"):
            # A stranger's child is watched as well as one of one's own.
            killed = station.kill(role)
            station.wait(lambda: [pid for pid in station.living(role) if pid != killed], f"another {role}")  # noqa: B023
            station.wait(lambda: _whole(station), f"whole after the {role}", 10)
        assert station.status()["session"] == session
        station.wait(lambda: station.kiosk("session", "finish").returncode == 0, "ended")
        station.wait_state("free")
        assert not [pid for pid in before["browser"] if not linux.is_zombie(pid)]
        station.wait(station.covered, "covered", 5)
    assert "processes were not in the run file" not in station.log()
    assert station.rows("SELECT reason, visit FROM sessions") == [("manager", 1)]


def test_a_number_that_belongs_to_another_now_is_not_adopted(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: _whole(station), "the session with its bar")
        station.kill("supervisor")
        bar = station.kill("bar")
        stranger = subprocess.Popen(["sleep", "600"])
        try:
            content = station.run_file()
            for entry in content["processes"]:
                if entry["pid"] == bar:
                    entry["pid"] = stranger.pid  # with the start time of the bar
            station.paths.processes.write_text(json.dumps(content), encoding="utf-8")
            station.start()
            station.wait(lambda: _whole(station), "a new bar", 10)
            assert station.living("bar") != [bar] and stranger.pid not in station.pids("bar")
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            assert stranger.poll() is None, "not ours to kill"
        finally:
            stranger.kill()
            stranger.wait()


def test_what_it_had_no_time_to_write_down_is_ended(home: Path, xvfb: Callable[..., str]) -> None:
    """It dies between starting a lock and writing it down: nobody knows that lock, and it would cover for ever."""
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: _whole(station), "the session with its bar")
        known = station.living("lock")
        station.kill("supervisor")
        words = Path(f"/proc/{known[0]}/environ").read_bytes().rstrip(b"\0").split(b"\0")
        found = os.stat(f"/proc/{known[0]}")
        stray = subprocess.Popen(
            [sys.executable, "-P", "-m", "kiosk.lockscreen", "lock"], cwd="/", user=found.st_uid, group=found.st_gid,
            extra_groups=[os.stat(station.paths.run).st_gid], stderr=subprocess.DEVNULL,
            env=dict(word.split(b"=", 1) for word in words),
        )  # fmt: skip
        try:
            station.wait(lambda: len(station.living("lock")) == 2, "the control: two locks", 5)
            time.sleep(1)
            station.start()
            station.wait(lambda: _whole(station), "one of each", 10)
            assert stray.wait(5) == -9
            assert "1 processes were not in the run file" in station.log()
            station.wait(lambda: station.status()["state"] == "open" and not station.covered(), "the desktop", 5)
        finally:
            stray.kill()
            stray.wait()


def test_a_death_while_wiping_leaves_nothing(home: Path, xvfb: Callable[..., str]) -> None:
    """The run file says already that there is no session, and its files and programs are still there."""
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: _whole(station), "the session with its bar")
        theirs, litter = station.paths.citizen_home, Path("/var/tmp", f"left-by-{home.parent.name}")
        daemon = station.as_citizen("sh", "-c", f"echo x > {litter}; echo x > {theirs}/letter; exec sleep 600")
        station.wait(lambda: litter.exists() and (theirs / "letter").exists(), "the litter")
        station.kill("supervisor")
        content = station.run_file()
        content |= {"session": "", "group": ""}
        content["processes"] = [one for one in content["processes"] if one["role"] in ("lock", "service")]
        station.paths.processes.write_text(json.dumps(content), encoding="utf-8")
        station.start()
        station.wait(lambda: station.status()["state"] == "free" and station.status()["supervisor_here"], "free", 15)
        assert daemon.wait(5) == -9
        assert not litter.exists() and list(theirs.iterdir()) == []
        station.wait(lambda: len(station.living("lock")) == 1 and station.covered(), "covered by one lock", 5)
        assert station.living("bar") == []
    assert station.rows("SELECT reason FROM sessions") == [("fault",)]
