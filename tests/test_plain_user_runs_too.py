"""Started by an ordinary user, everything works in that one uid, says that nothing is isolated, and is still wiped."""

import os
import pwd
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import LONG, RunningStation
from tests.staff_turn import add_manager, come_in, out

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Root lends the test an ordinary user: one without any right over the station's other users.
USER = "nobody"


def _uid(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("Uid:")).split()[1])


def test_an_ordinary_user_runs_a_whole_station(home: Path, xvfb: Callable[..., str]) -> None:
    uid, mark = pwd.getpwnam(USER).pw_uid, f"left{secrets.token_hex(6)}"
    station = RunningStation(home, xvfb(), LONG, user=USER)
    for path in (home, *home.iterdir()):
        os.chown(path, uid, -1)
    own = home / "homework"
    own.mkdir()
    os.chown(own, uid, -1)
    station.env["HOME"] = str(own)
    with station:
        told = station.status()["isolation"]
        assert (told["level"], told["detail"]) == ("none", "started by an ordinary user")
        assert not told["walls"]["ports"] and told["why"] == {"ports": "not_root"}
        assert "Nothing is isolated" in station.log()
        assert "Nothing is isolated" in station.kiosk("check").stdout
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        theirs = station.paths.citizen_home
        assert theirs.stat().st_uid == uid and list(theirs.iterdir())
        programs = [pid for role in ("lock", "bar", "service", "wm", "browser") for pid in station.pids(role)]
        assert len(programs) == 5 and {_uid(pid) for pid in programs} == {uid}
        daemon = _daemon(station, uid, mark)
        station.wait(lambda: _alive(daemon), "the daemon")
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        assert not _alive(daemon), "found by the mark in its environment"
        assert list(theirs.iterdir()) == []
        assert own.is_dir(), "the user's own home is not the citizen's"
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        add_manager(station)
        come_in(station)
        assert "Đồng Lúa" in "".join(station.titles()) and list(station.paths.staff_home.iterdir())
        station.key("ctrl+alt+q")
        out(station)
        assert station.status()["visits_today"] == 2
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(2, 2)]


def _daemon(station: RunningStation, uid: int, mark: str) -> str:
    """A daemonised process of the session, known by its command line; it ignores SIGTERM."""
    words = Path(f"/proc/{station.pids('wm')[-1]}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    env = dict(word.split(b"=", 1) for word in words)
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if os.fork(): os._exit(0)\n"
        "os.setsid()\n"
        "if os.fork(): os._exit(0)\n"
        "time.sleep(600)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, mark], env=env, user=uid, extra_groups=[], cwd="/", check=True, timeout=20
    )
    station.wait(lambda: _alive(mark), "the daemon")
    return mark


def _alive(mark: str) -> bool:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False
