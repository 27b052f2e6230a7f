"""Ways to outlive a session: `python tests/lasting.py WAY MARK`; MARK stands in the command line of what stays.

`bomb` forks as often as it may, and fills every place that it may write to; the others are one process each.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWNS = 0x20000000, 0x10000000, 0x20000
PR_SET_NAME, PR_SET_DUMPABLE = 15, 4
SLEEPS = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(600)"

_libc = ctypes.CDLL(None, use_errno=True)


def stay(mark: str) -> None:
    """Become a program of another name, without the environment in which it was begun."""
    os.execve(sys.executable, [sys.executable, "-c", SLEEPS, mark], {})


def daemon(mark: str) -> None:
    """Twice forked, in a login session of its own."""
    os.setsid()
    if os.fork() == 0:
        stay(mark)


def namespaced(mark: str) -> None:
    """In namespaces of its own, where it is root and its number is 1."""
    user = os.getuid()
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) == 0:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    daemon(mark)


def hidden(mark: str) -> None:
    """Not to be looked into, and under another name."""
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    _libc.prctl(PR_SET_NAME, b"kworker/0:1", 0, 0, 0)
    os.setsid()
    if os.fork() == 0:
        stay(mark)


def restless(mark: str) -> None:
    """A new process ten thousand times a second, each the child of the one before: none is there for long."""
    os.setsid()
    end = time.monotonic() + 600
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if os.fork():
                os._exit(0)


def bomb(mark: str) -> None:
    """As many processes as there may be, all of them busy, and no room left anywhere."""
    for place in (os.environ.get("HOME", "/nowhere"), "/dev/shm", "/tmp", "/var/tmp"):
        with contextlib.suppress(OSError), open(Path(place, mark), "wb") as file:
            for _megabyte in range(600):
                file.write(bytes(1 << 20))
    while True:
        with contextlib.suppress(OSError):
            os.fork()


WAYS: dict[str, Callable[[str], None]] = {made.__name__: made for made in (daemon, namespaced, hidden, restless, bomb)}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        WAYS[sys.argv[1]](sys.argv[2])
    os._exit(0)
