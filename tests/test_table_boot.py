"""DESIGN.md 3: at boot the screen is covered before service and network, and what the last session left is wiped."""

import json
import os
import pwd
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup
from kiosk.supervisor.limits import Limits
from tests.running import CITIZEN, LONG, CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


def _power_cut(home: Path, litter: Path) -> tuple[subprocess.Popen[bytes], Path | None]:
    """What may lie there after one: a run file of another boot, the citizen's files, and here a program and its group.

    A power cut leaves no programs; a killed session manager does.
    """
    theirs, citizen = home / "citizen", pwd.getpwnam(CITIZEN)
    theirs.mkdir()
    for folder in (theirs / "Documents", theirs / "Documents" / "letters"):
        folder.mkdir()
        os.chown(folder, citizen.pw_uid, citizen.pw_gid)
    (theirs / "Documents" / "letters" / "to the bank").write_text("x", encoding="utf-8")
    litter.write_text("x", encoding="utf-8")
    os.chown(litter, citizen.pw_uid, citizen.pw_gid)
    group = cgroup.create(home, "0123456789abcdef", Limits())
    program = subprocess.Popen(["sleep", "600"], user=citizen.pw_uid, group=citizen.pw_gid, extra_groups=[])
    if group is not None:
        (group / "cgroup.procs").write_text(str(program.pid), encoding="utf-8")
    processes = [{"role": "browser", "pid": os.getpid(), "start": 1}]
    old = {"supervisor": {"pid": 1, "start": 1}, "processes": processes, "session": "0123456789abcdef", "boot": "old"}
    (home / "run" / "supervisor").mkdir(parents=True)
    (home / "run" / "supervisor" / "processes.json").write_text(json.dumps(old), encoding="utf-8")
    return program, group


def test_covered_before_the_service_speaks_and_wiped_before_anybody_can_sign_in(
    home: Path, xvfb: Callable[..., str]
) -> None:
    litter = Path("/var/tmp", f"left-by-{home.parent.name}")
    station = RunningStation(home, xvfb(), LONG)
    assert station.paths.processes == home / "run" / "supervisor" / "processes.json"
    program, group = _power_cut(home, litter)
    known: list[str] = []
    with CoverWatch(station.display, lambda: known[0] if known else None) as watch, station:
        known.append(station.token() or "")
        assert program.wait(5) == -9 and not litter.exists()
        assert list((home / "citizen").iterdir()) == []
        assert group is None or not group.exists()
        station.wait(lambda: watch.samples()[-1][1], "seen by the watch")
        first = next(moment for moment, covered in watch.samples() if covered)
        spoke = _when(station.paths.socket)
        print(f"\ncovered {spoke - first:.2f} s before the service listened")
        assert first < spoke
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    assert station.rows("SELECT reason FROM sessions") == [("manager",)]


def _when(socket: Path) -> float:
    """The monotonic moment at which the service made its socket."""
    return socket.stat().st_ctime - time.time() + time.monotonic()


def test_a_pc_without_any_network_locks_and_serves(home: Path, xvfb: Callable[..., str]) -> None:
    station = RunningStation(home, xvfb(), LONG)
    station.within = ["unshare", "--net"]
    with station:
        routes = Path(f"/proc/{station.living('service')[0]}/net/route").read_text(encoding="utf-8").splitlines()
        assert len(routes) <= 1, "the control: there is no way out"
        assert station.status()["online"] is False
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    assert station.rows("SELECT reason FROM sessions") == [("manager",)]
