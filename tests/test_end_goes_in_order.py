"""The order of a real end, looked at again and again: covered, then killed, then wiped beside a fresh lock, FREE last.

Each look asks first for what comes later: where that is seen, what must come before it has to be there too.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.rules.ending import COVER_SECONDS
from kiosk.supervisor import linux
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and not linux.is_zombie(pid)]


def test_what_comes_later_is_never_seen_without_what_comes_before(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        # Not a browser's helpers, which come and go by themselves.
        programs = [pid for role in ("wm", "bus", "typing", "browser") for pid in station.pids(role)]
        locks, said = station.pids("lock"), len(station.log())
        assert len(programs) > 3 and _alive(programs) == programs and not station.covered(), "the control"
        last_open = time.monotonic()
        seen: dict[str, int] = {"free": 0, "wiped": 0, "killed": 0, "looks": 0}
        command = [sys.executable, "-m", "kiosk", "session", "finish"]
        finish = subprocess.Popen(command, env=station.env, cwd="/", stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not seen["free"] and time.monotonic() < deadline:
            asked, state = time.monotonic(), station.status()["state"]
            free, last_open = state == "free", asked if state == "open" else last_open
            fresh = set(station.pids("lock")) - set(locks)
            wiped = "session ended, clean" in station.log()[said:]
            alive = _alive(programs)
            known = {"free": free, "wiped": wiped, "killed": len(alive) < len(programs), "looks": True}
            seen = {name: count + known[name] for name, count in seen.items()}
            assert not free or (fresh and wiped and list(station.paths.citizen_home.iterdir()) == [])
            assert not free or station.covered()
            assert not wiped or not alive
            # A lock that does not say that it covers, as on a PC with far too much to do, holds nobody for ever.
            late = time.monotonic() - last_open >= COVER_SECONDS
            assert len(alive) == len(programs) or station.covered() or late, "nothing is killed before it is covered"
        assert finish.wait(20) == 0 and seen["free"] and seen["wiped"] and seen["killed"], seen
        print(f"\n{seen}")
