"""The few Linux calls that Python's standard library lacks: subreaper, tmpfs mounts.

Another system would get a file of its own with the same functions.
"""

import ctypes
import os

_PR_SET_CHILD_SUBREAPER = 36
_MS_NOSUID, _MS_NODEV = 2, 4
_MNT_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Orphans of a session become our children, so that their zombies are reaped here."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def mount_tmpfs(where: str, options: str) -> None:
    """Mount an empty tmpfs at `where`, nosuid and nodev; OSError when refused."""
    if _libc.mount(b"tmpfs", where.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), where)


def unmount(where: str) -> bool:
    """Detach the mount at `where`, busy or not. False when nothing was mounted there."""
    return int(_libc.umount2(where.encode(), _MNT_DETACH)) == 0


def start_time(pid: int) -> int:
    """Start of a process in clock ticks since boot; with the pid it names a process for ever. 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[19])
    except (OSError, IndexError):
        return 0


def is_zombie(pid: int) -> bool:
    """True for a process that ended and waits to be reaped, and for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "ZX"
    except (OSError, IndexError):
        return True
