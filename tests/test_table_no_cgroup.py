"""DESIGN.md 3: where there is no cgroup, the programs of a session are found all the same, also those that hide."""

import pwd
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup
from tests.citizens_browser import of_user
from tests.running import CITIZEN, LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

# Leaves its parent, its login session and its environment behind.
DAEMON = """
import os, sys
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", sys.argv[1]], {})
"""


def _daemons(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _without_cgroup() -> list[str]:
    """A command that runs another where no cgroup v2 is mounted."""
    root = cgroup.find_root()
    hide = f"umount -l {root} && " if root else ""
    return ["unshare", "--mount", "sh", "-c", hide + 'exec "$@"', "sh"]


def test_every_program_of_a_session_ends_with_it(home: Path, xvfb: Callable[..., str]) -> None:
    station = RunningStation(home, xvfb(), LONG)
    station.within, mark = _without_cgroup(), f"hidden{secrets.token_hex(6)}"
    with station:
        assert station.status()["isolation"]["level"] == "users"
        check = station.kiosk("check")
        assert "without a control group" in check.stdout, check.stdout
        for _time in range(2):
            station.sign_in()
            assert not station.run_file()["group"], "the control: there is none"
            browser = station.pids("browser")[0]
            assert station.as_citizen(sys.executable, "-c", DAEMON, mark, stdout=subprocess.DEVNULL).wait(10) == 0
            station.wait(lambda: len(_daemons(mark)) == 1, "the daemon")
            if _time:
                station.kill("supervisor")  # its successor knows only the run file
                station.start()
                station.wait(lambda: station.status()["supervisor_here"], "adopted", 10)
                assert station.pids("browser") == [browser]
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            assert _daemons(mark) == [] and of_user(pwd.getpwnam(CITIZEN).pw_uid) == []
            station.wait(station.covered, "covered", 5)
    assert station.rows("SELECT reason FROM sessions") == [("manager",)] * 2
