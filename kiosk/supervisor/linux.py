"""The few Linux calls that Python's standard library lacks: subreaper, mounts and rooms of mounts.

Another system would get a file of its own with the same functions.
"""

import ctypes
import os
import signal
import struct
from contextlib import suppress

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME = 1, 2, 4, 8, 1024
MS_NOSYMFOLLOW = 256  # since Linux 5.10; older ones pass it over, or refuse it
MS_REMOUNT, MS_BIND, MS_REC, MS_SLAVE, MS_SHARED = 32, 4096, 16384, 1 << 19, 1 << 20
_MNT_DETACH = 2
_MOUNT_SETATTR = 442  # the same number on every architecture (Linux 5.12)
_AT_FDCWD, _AT_NO_AUTOMOUNT = -100, 0x800
_CLONE_NEWNS = 0x20000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.newlocale.restype = ctypes.c_void_p
_LC_CTYPE_MASK = 1


def become_subreaper() -> None:
    """Orphans of a session become our children, so that their zombies are reaped here."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """This process is asked to end (SIGTERM) when the thread that started it does, however that ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def when_memory_ends(score: int) -> None:
    """This process and what it starts from now on go sooner (to 1000) or later (to -1000) than others, where we may."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as own:
        own.write(str(score))


def favour(pid: int, nice: int) -> None:
    """Let a process go before others (nice < 0) where we may: alone, and as the login session that it leads.

    Where the kernel shares the processor out by login sessions (sched(7), autogroup), niceness alone does nothing.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    with suppress(OSError), open(f"/proc/{pid}/autogroup", "w", encoding="ascii") as group:
        group.write(str(nice))


def die_with(parent: int) -> None:
    """From here on this process is killed when its parent dies, also if that has happened already."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def no_new_privileges() -> None:
    """From here on no setuid program gives this process or its children more than they have."""
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def mount(source: str, where: str, kind: str, flags: int, options: str = "") -> None:
    """mount(2); OSError when refused."""
    _checked(_libc.mount(os.fsencode(source), os.fsencode(where), kind.encode(), flags, os.fsencode(options)), where)


def mount_tmpfs(where: str, options: str) -> None:
    """Mount an empty tmpfs at `where`: no devices, no programs, no rights of others. OSError when refused."""
    mount("tmpfs", where, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)


def bind(source: str, where: str) -> None:
    """Show the tree `source` also at `where`, with what is mounted below it; OSError when refused."""
    mount(source, where, "", MS_BIND | MS_REC)


def leave_mounts() -> None:
    """Into a new room of mounts: it follows what changes outside, and nothing outside follows it."""
    _checked(_libc.unshare(_CLONE_NEWNS), "/")
    mount("", "/", "", MS_REC | MS_SLAVE)


def enter_mounts(room: int) -> None:
    """Into the room of mounts that a descriptor holds; OSError when refused."""
    _checked(_libc.setns(room, _CLONE_NEWNS), "/")


def _checked(result: int, where: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), where)


def make_read_only(where: str) -> None:
    """What is mounted at `where` is for reading only here, and keeps all else that bounds it; OSError when refused.

    Nothing is mounted by asking: where a mount waits for somebody to look (autofs), it goes on waiting.
    """
    wanted = struct.pack("=QQQQ", MS_RDONLY, 0, 0, 0)  # struct mount_attr: set, clear, propagation, user namespace
    call = _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, os.fsencode(where), _AT_NO_AUTOMOUNT, wanted, len(wanted))
    _checked(call, where)


def unmount(where: str) -> bool:
    """Detach the mount at `where`, busy or not. False when nothing was mounted there."""
    return int(_libc.umount2(os.fsencode(where), _MNT_DETACH)) == 0


def has_locale(name: str) -> bool:
    """Whether the C library knows this locale on this machine."""
    found = _libc.newlocale(_LC_CTYPE_MASK, name.encode(), None)
    if found:
        _libc.freelocale(ctypes.c_void_p(found))
    return bool(found)


def start_time(pid: int) -> int:
    """Start of a process in clock ticks since boot; with the pid it names a process for ever. 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[19])
    except (OSError, IndexError):
        return 0


def is_zombie(pid: int) -> bool:
    """True for a process that ended and waits to be reaped, and for one that is gone.

    The first thread of a killed process may be a zombie while another still ends a call, and so may make a file: that
    process lives until it has one thread or none (proc(5): state is the 3rd field of `stat`, the threads are the 20th).
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return fields[0] in "ZX" and int(fields[17]) <= 1
    except (OSError, IndexError, ValueError):
        return True
