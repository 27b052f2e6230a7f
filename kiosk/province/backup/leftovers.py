"""Folders that are worked in and then renamed or removed; what a killed process left of them is taken away.

Whoever works in one holds a lock on it, which ends with the process. Where a disk knows no locks nothing is taken away.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def working_in(make: Callable[[], Path], alone: bool = False) -> Iterator[Path]:
    """A new folder, held until the end. OSError where it cannot be made.

    `alone`: it may be there already; BlockingIOError where another process works in it.
    """
    path, handle = _begin(make, alone)
    try:
        yield path
    finally:
        os.close(handle)


def _begin(make: Callable[[], Path], alone: bool) -> tuple[Path, int]:
    while True:
        path = make()
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # somebody cleared it away before it was held
        try:
            _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return path, handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def clear(parent: Path, pattern: str) -> None:
    """Removes the folders of that name that nobody works in any more. OSError where `parent` cannot be read."""
    for path in list(parent.glob(pattern)):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def _lock(handle: int, how: int) -> bool:
    """False on a disk that knows no locks; BlockingIOError where somebody else has it."""
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True
