"""The session's own room: the file system as its programs see it, with a /tmp, /var/tmp and /dev/shm of their own.

Small tmpfs lie over the places where everybody may write: a citizen can fill no more than these, finds nothing of
others in them, and what lies in them is gone with the last program, however much it is. Only as root.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from kiosk.supervisor import linux
from kiosk.supervisor.event_log import log
from kiosk.supervisor.users import Identity

X_SOCKETS = "/tmp/.X11-unix"
# Our own programs in a session are found also where a checkout lies in /tmp.
OUR_CODE = (sys.prefix, str(Path(__file__).parents[2]))
MEDIA = "/media"  # where file choosers look for sticks by themselves
# Kernel memory of empty files is counted nowhere: some files per megabyte are enough for a browser.
FILES_PER_MB = 128
LEAST_MB = 64


Laid = Mapping[str, Mapping[str, str]]  # folder of the machine -> what lies in its place in this room: name, text


def make(station: Path, sticks: Path, citizen: Identity, size_mb: int, laid: Laid | None = None) -> int | None:
    """A descriptor that keeps a new room; None where there can be none, and then the sweep at the end does it all.

    `station` stays to be seen also where it lies below a place that is covered; `sticks` is seen as /media. The private
    places hold `size_mb` megabytes together, half of it for shared memory.
    """
    if citizen.uid is None:
        return None
    asked, answer = os.pipe()
    ours, child = os.getpid(), os.fork()
    if child == 0:
        linux.die_with(ours)
        _furnish_and_wait(answer, station, sticks, size_mb, laid or {})
    os.close(answer)
    try:
        trouble = os.read(asked, 200)
        if trouble == b"ok":
            return os.open(f"/proc/{child}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        log(f"the session gets no room of its own: {trouble.decode(errors='replace')}")
    finally:
        os.close(asked)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return None


def open_media(sticks: Path) -> None:
    """An empty place of root's, in which what is mounted later is seen in every room too. OSError when refused."""
    while linux.unmount(str(sticks)):
        pass
    linux.mount_tmpfs(str(sticks), "size=64k,mode=0755")
    linux.mount("", str(sticks), "", linux.MS_SHARED)


def of(pid: int) -> int | None:
    """The room that a living program of a session is in; None where it is in ours."""
    try:
        if os.readlink(f"/proc/{pid}/ns/mnt") == os.readlink("/proc/self/ns/mnt"):
            return None
        return os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def tmpfs_options(size_mb: int) -> str:
    """The bounds of a tmpfs: bytes, and how many files."""
    return f"size={size_mb}m,nr_inodes={max(4096, FILES_PER_MB * size_mb)}"


def _furnish_and_wait(answer: int, station: Path, sticks: Path, size_mb: int, laid: Laid) -> None:
    """In a child: make the room, tell how it went, and hold it until we are killed. Never returns."""
    try:
        try:
            _furnish(station, sticks, max(LEAST_MB, size_mb // 2))
            _lay(laid)
            os.write(answer, b"ok")
            signal.pause()
        except OSError as error:
            os.write(answer, f"{error.strerror} ({error.filename})".encode())
    finally:
        os._exit(1)


def _lay(laid: Laid) -> None:
    for folder, files in laid.items():
        os.makedirs(folder, 0o755, exist_ok=True)  # a tmpfs needs a place; an empty folder of the machine harms nobody
        linux.mount_tmpfs(folder, "size=256k,mode=0755")
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)
        linux.mount("", folder, "", linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)


def _furnish(station: Path, sticks: Path, part_mb: int) -> None:
    linux.leave_mounts()
    # What must be seen in the room is held open before it is covered.
    seen = (X_SOCKETS, str(station), *OUR_CODE)
    kept = [(path, os.open(path, os.O_PATH)) for path in seen if os.path.isdir(path)]
    if os.path.isdir(MEDIA):
        linux.bind(str(sticks), MEDIA)
    linux.mount_tmpfs("/dev/shm", f"mode=1777,{tmpfs_options(part_mb)}")
    # One tmpfs for both places of temporary files.
    linux.mount_tmpfs("/tmp", f"mode=0755,{tmpfs_options(part_mb)}")
    for name in ("/tmp/of-var", "/tmp/own"):
        os.mkdir(name)
        os.chmod(name, 0o1777)
    linux.bind("/tmp/of-var", "/var/tmp")
    linux.bind("/tmp/own", "/tmp")
    for path, held in kept:
        if not os.path.exists(path):
            os.makedirs(path, 0o755)
            linux.bind(f"/proc/self/fd/{held}", path)
        if path == X_SOCKETS:
            # To connect needs no writing; nobody lays a socket of their own beside the server's.
            linux.mount("", path, "", linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)
