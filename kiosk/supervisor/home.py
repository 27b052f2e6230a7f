"""The citizen's home: empty before a session, gone after it.

As root it is a tmpfs (a power cut wipes it too); as an ordinary user a plain folder. What a citizen left elsewhere is
swept by owner, which needs users of their own: an ordinary user cannot tell the citizen's files from their own.
"""

import contextlib
import os
import stat
from pathlib import Path

from kiosk.supervisor import ipc, keyrings, linux
from kiosk.supervisor.session.places import tmpfs_options
from kiosk.supervisor.users import Identity

# Where a program may leave files outside its home: places of Debian and its packages in which everybody may write, or
# a helper does it for everybody (mail, cron, at, the printers, a crash). All of /run, and what is mounted in it.
SWEPT = (
    "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/run/screen", "/var/crash", "/var/mail",
    "/var/spool/cron/crontabs", "/var/spool/cron/atjobs", "/var/spool/cron/atspool", "/var/spool/cups",
    "/var/spool/samba", "/var/lib/systemd/coredump", "/var/lib/php/sessions", "/var/cache/fonts", "/var/games",
)  # fmt: skip

LEAST_MB, MOST_MB = 256, 2048
NEARLY_FULL_MB = 32


def make(home: Path, owner: Identity, size_mb: int) -> None:
    """An empty home of `size_mb` megabytes owned by the citizen; OSError when it cannot be made."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if owner.uid is None:
        home.chmod(0o700)
        return
    linux.mount_tmpfs(str(home), f"mode=0700,uid={owner.uid},gid={owner.gid},{tmpfs_options(size_mb)}")


def size_in_force(wanted_mb: int) -> int:
    """Megabytes of a home: as wanted by the policy, or for 0 a quarter of this PC's memory, within bounds."""
    if wanted_mb > 0:
        return wanted_mb
    return max(LEAST_MB, min(MOST_MB, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (4 << 20)))


def space(home: Path) -> tuple[int, bool]:
    """(megabytes that still fit into the home, whether the citizen should be told that it is nearly full)."""
    held = os.statvfs(home)
    free, whole = held.f_bavail * held.f_frsize >> 20, held.f_blocks * held.f_frsize >> 20
    return free, free < min(NEARLY_FULL_MB, whole // 10) or held.f_favail < held.f_files // 20


def wipe(home: Path, owner: Identity) -> list[str]:
    """Empty the home and sweep what its owner left elsewhere. Returns what could not be removed."""
    if owner.uid is not None:
        detach(home)
    left = empty(home)
    if owner.uid is not None:
        for place in swept(owner.uid):
            left += _sweep(place, owner.uid)
        left += ipc.sweep(owner.uid) + keyrings.sweep(owner.uid)
    return left


def swept(uid: int) -> tuple[str, ...]:
    """The places outside the home that are swept for this user, each once."""
    return tuple(dict.fromkeys(os.path.realpath(place) for place in (*SWEPT, f"/run/user/{uid}")))


def detach(place: Path) -> None:
    """Unmount everything that is mounted there, busy or not."""
    while linux.unmount(str(place)):
        pass


def empty(home: Path) -> list[str]:
    """Remove all that is in a folder; what could not be removed is returned."""
    if not home.exists():
        return []
    left: list[str] = []
    for entry in os.scandir(home):
        _remove(entry.path, left)
    return left


def _sweep(place: str, uid: int) -> list[str]:
    """Remove everything below `place` that `uid` owns; folders that others cannot enter hold nothing of theirs.

    All processes of that user are dead by now: nobody races us. No recursion: who nests folders a thousand deep must
    not end us.
    """
    left: list[str] = []
    try:
        device = os.stat(place).st_dev
    except OSError:
        return left
    waiting = [place]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
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
                waiting.append(entry.path)
    return left


def _remove(path: str, left: list[str]) -> None:
    """Remove a file or a whole tree, however deep, and however long its paths."""
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            with contextlib.closing(_Folder(path)) as top:
                top.empty()
            os.rmdir(path)
        else:
            os.unlink(path)
    except OSError:
        left.append(path)


class _Folder:
    """Empties a folder by moving what lies deeper up into it, so that no path grows and no descriptor stays open."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        self._moved = 0

    def close(self) -> None:
        os.close(self._fd)

    def empty(self) -> None:
        """Remove all that is in it; OSError for the first thing that cannot be removed."""
        while entries := list(os.scandir(self._fd)):
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    self._flatten(entry.name)
                    os.rmdir(entry.name, dir_fd=self._fd)
                else:
                    os.unlink(entry.name, dir_fd=self._fd)

    def _flatten(self, name: str) -> None:
        """Take the files out of one folder, and its folders up beside it."""
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._fd)
        try:
            for entry in list(os.scandir(inner)):
                if entry.is_dir(follow_symlinks=False):
                    os.rename(entry.name, self._free_name(), src_dir_fd=inner, dst_dir_fd=self._fd)
                else:
                    os.unlink(entry.name, dir_fd=inner)
        finally:
            os.close(inner)

    def _free_name(self) -> str:
        while True:
            self._moved += 1
            name = f"moved-{self._moved}"
            try:
                os.stat(name, dir_fd=self._fd, follow_symlinks=False)
            except FileNotFoundError:
                return name
