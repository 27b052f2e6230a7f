"""The citizen's home: empty before a session, gone after it.

As root it is a tmpfs (a power cut wipes it too); as an ordinary user a plain folder. What a citizen left elsewhere is
swept by owner, which needs users of their own: an ordinary user cannot tell the citizen's files from their own.
"""

import os
import shutil
import stat
from pathlib import Path

from kiosk.supervisor import linux
from kiosk.supervisor.users import Identity

# World-writable places of Debian, where a program may leave files outside its home.
SWEPT = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/crash", "/var/mail", "/var/spool/cron/crontabs")


def make(home: Path, owner: Identity, size_mb: int) -> None:
    """An empty home of `size_mb` megabytes owned by the citizen; OSError when it cannot be made."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if owner.uid is None:
        home.chmod(0o700)
        return
    linux.mount_tmpfs(str(home), f"size={size_mb}m,mode=0700,uid={owner.uid},gid={owner.gid}")


def wipe(home: Path, owner: Identity) -> list[str]:
    """Empty the home and sweep what its owner left elsewhere. Returns what could not be removed."""
    if owner.uid is not None:
        while linux.unmount(str(home)):
            pass
    left = _empty(home)
    if owner.uid is not None:
        for place in (*SWEPT, f"/run/user/{owner.uid}"):
            left += _sweep(place, owner.uid)
    return left


def _empty(home: Path) -> list[str]:
    if not home.exists():
        return []
    left: list[str] = []
    for entry in os.scandir(home):
        _remove(entry.path, left)
    return left


def _sweep(place: str, uid: int) -> list[str]:
    """Remove everything below `place` that `uid` owns; folders that others cannot enter hold nothing of theirs.

    All processes of that user are dead by now: nobody races us.
    """
    left: list[str] = []
    try:
        device = os.stat(place).st_dev
        entries = list(os.scandir(place))
    except OSError:
        return left
    for entry in entries:
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        if info.st_dev != device:
            continue  # a citizen cannot mount: this is a place of its own, such as another station's home
        if info.st_uid == uid:
            _remove(entry.path, left)
        elif stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_IXOTH:
            left += _sweep(entry.path, uid)
    return left


def _remove(path: str, left: list[str]) -> None:
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    except OSError:
        left.append(path)
