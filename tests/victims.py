"""Whom a storm of kills may meet: any process that a station has started, by what it is for."""

import os
import pwd
import random
import signal
import time

from tests.citizens_browser import of_user
from tests.running import CITIZEN, RunningStation

# How often each is meant, against the others. `child`: a browser's own children and whatever else a session's programs
# started; `helper`: one that does its work once and ends (to wipe, to sweep, to print, to mount).
MEANT = {
    "service": 5, "supervisor": 3, "lock": 4, "bar": 2, "wm": 1, "browser": 1, "bus": 1, "typing": 1, "child": 2,
    "helper": 3,
}  # fmt: skip
LASTING = {*MEANT, "ground", "browse"}
# A helper lives for some milliseconds: whoever means one waits for it so long.
PATIENCE = 0.3


def strike(station: RunningStation, role: str, mixed: random.Random) -> tuple[float, str] | None:
    """kill -9 of one process of a role that lives now: the moment and what it was; None where there is none."""
    deadline = time.monotonic() + (PATIENCE if role == "helper" else 0.0)
    while True:
        found = _pids(station, role)
        if found:
            pid, name = mixed.choice(found)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return time.monotonic(), name
        if time.monotonic() > deadline:
            return None
        time.sleep(0.002)


def _pids(station: RunningStation, role: str) -> list[tuple[int, str]]:
    if role in ("service", "lock", "bar"):
        return [(pid, role) for pid in station.living(role)[-1:]]
    book = [(int(one["pid"]), str(one["role"])) for one in station.run_file().get("processes", ())]
    if role == "helper":
        return [(pid, name) for pid, name in book if name not in LASTING and _lives(pid)]
    if role == "child":
        known = {pid for pid, _name in book}
        return [(pid, role) for pid in of_user(pwd.getpwnam(CITIZEN).pw_uid) if pid not in known]
    return [(pid, role) for pid, name in book if name == role and _lives(pid)]


def _lives(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")
