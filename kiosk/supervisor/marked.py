"""Processes of a session found by a random mark in their environment: for machines without a usable cgroup.

A process tree is not enough, because a daemonised program leaves it. A program may rewrite its environment (Chromium
does), so what we started ourselves is known as the leader of a login session too. Who does both escapes; `kiosk check`
says that the isolation is weaker here.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable

from kiosk.supervisor.linux import is_zombie, start_time

Finder = Callable[[], list[int]]
Leader = tuple[int, int]  # pid and start time of a program that we started, each in a login session of its own
VARIABLE = "KIOSK_SESSION"


def finder(mark: str, leaders: Iterable[Leader] = ()) -> Finder:
    """Finds living processes of the session that has this mark, and whose programs we started as `leaders`."""
    return carriers(f"{VARIABLE}={mark}", leaders)


def carriers(variable: str, leaders: Iterable[Leader] = (), switch: str = "") -> Finder:
    """Finds living processes whose environment carries `NAME=value`, and what belongs to the same login sessions.

    Also those with an argument that begins with `switch`. A browser and its helpers hide their environment or write
    over it; but each program that we start leads a session of its own, and which one a process is in, all may see.
    """
    # A number that somebody else has by now is not ours any more; one that is gone still names what it left behind.
    sessions = {pid for pid, start in leaders if start_time(pid) in (0, start)}
    wanted, ours = variable.encode(), os.getsid(0)
    begins = switch.encode()

    def find() -> list[int]:
        marked: list[int] = []
        others: list[int] = []
        for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
            (marked if environ_has(pid, wanted) or _has_switch(pid, begins) else others).append(pid)
        sessions.update(_session(pid) for pid in marked)
        sessions.difference_update((ours, -1))
        return marked + [pid for pid in others if _session(pid) in sessions]

    return find


def environ_has(pid: int, wanted: bytes) -> bool:
    """Whether `NAME=value` stands in the environment of a process; False where that cannot be read."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return wanted in environ.read().split(b"\0")
    except OSError:
        return False


def _has_switch(pid: int, begins: bytes) -> bool:
    if not begins:
        return False
    try:
        # Chromium parts its arguments by spaces once it has written over them.
        with open(f"/proc/{pid}/cmdline", "rb") as arguments:
            return any(word.startswith(begins) for word in arguments.read().replace(b" ", b"\0").split(b"\0"))
    except OSError:
        return False


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return -1


def owned_by(uid: int) -> list[int]:
    """Living processes of a user: as root, nothing of the citizen's may stay, marked or not."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and uid in _users(name)]


def _users(name: str) -> tuple[int, ...]:
    # Not the owner of the folder: the kernel gives that to root for a process that forbids its memory to be dumped.
    try:
        with open(f"/proc/{name}/status", "rb") as status:
            line = next((line for line in status if line.startswith(b"Uid:")), b"Uid:")
    except OSError:
        return ()
    return tuple(int(word) for word in line.split()[1:])


def kill_all(find: Finder, wait: float = 2.0) -> bool:
    """Kill what `find` returns until it returns nothing, at most `wait` seconds; True when nothing is left."""
    deadline = time.monotonic() + wait
    while alive := [pid for pid in find() if not is_zombie(pid)]:
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True
