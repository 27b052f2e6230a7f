"""Shared memory, semaphores and message queues outlive the processes that made them, and stand in no folder: swept by
owner, as files are. Called when all processes of that user are dead.
"""

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MQUEUES = "/dev/mqueue"
_IPC_RMID = 0
# The newer mount calls have the same numbers on every architecture (asm-generic/unistd.h).
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_CLOEXEC, _CMD_CREATE = 1, 6

_libc = ctypes.CDLL(None, use_errno=True)
_REMOVE: dict[str, tuple[str, Callable[[int], int]]] = {
    "shm": ("shmid", lambda number: int(_libc.shmctl(number, _IPC_RMID, None))),
    "sem": ("semid", lambda number: int(_libc.semctl(number, 0, _IPC_RMID))),
    "msg": ("msqid", lambda number: int(_libc.msgctl(number, _IPC_RMID, None))),
}


def sweep(uid: int) -> list[str]:
    """Remove everything of the kind that `uid` made or owns. Returns what could not be removed."""
    left = [f"{kind} {number}" for kind in _REMOVE for number in owned(kind, uid) if _REMOVE[kind][1](number) != 0]
    return left + _sweep_queues(uid)


def owned(kind: str, uid: int) -> list[int]:
    """The ids of a kind (`shm`, `sem`, `msg`) of System V that `uid` made or owns: an owner may give theirs away."""
    try:
        with open(f"/proc/sysvipc/{kind}", encoding="ascii") as table:
            names, *rows = (line.split() for line in table)
    except (OSError, ValueError):
        return []  # a kernel without System V
    number, *owners = (names.index(name) for name in (_REMOVE[kind][0], "uid", "cuid"))
    return [int(row[number]) for row in rows if str(uid) in (row[at] for at in owners)]


def _sweep_queues(uid: int) -> list[str]:
    left: list[str] = []
    with queues() as folder:
        if folder is None:
            return left
        for name in os.listdir(folder):
            try:
                if os.stat(name, dir_fd=folder, follow_symlinks=False).st_uid == uid:
                    os.unlink(name, dir_fd=folder)
            except FileNotFoundError:
                continue
            except OSError:
                left.append(f"{MQUEUES}/{name}")
    return left


@contextmanager
def queues() -> Iterator[int | None]:
    """The folder of POSIX message queues, mounted or not: queues live without it. None: this kernel has none."""
    folder = _detached_queues()
    if folder < 0:
        try:
            folder = os.open(MQUEUES, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            yield None
            return
    try:
        yield folder
    finally:
        os.close(folder)


def _detached_queues() -> int:
    """A descriptor of the queues' file system, which appears in no folder; -1 where the kernel refuses."""
    context = int(_libc.syscall(_FSOPEN, b"mqueue", _CLOEXEC))
    if context < 0:
        return -1
    try:
        if _libc.syscall(_FSCONFIG, context, _CMD_CREATE, None, None, 0) != 0:
            return -1
        found = int(_libc.syscall(_FSMOUNT, context, _CLOEXEC, 0))
    finally:
        os.close(context)
    if found < 0:
        return -1
    try:
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=found)  # theirs is good for paths only
    finally:
        os.close(found)
