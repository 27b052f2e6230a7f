"""The session's own room: the file system as its programs see it, with a /tmp, /var/tmp and /dev/shm of their own.

Small tmpfs lie over the places where everybody may write: a citizen can fill no more than these, finds nothing of
others in them, and what lies in them is gone with the last program, however much it is. Only as root.
"""

import errno
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kiosk.supervisor import linux
from kiosk.supervisor.event_log import log
from kiosk.supervisor.session import places

X_SOCKETS = "/tmp/.X11-unix"
# Our own programs in a session are found also where a checkout lies in /tmp.
OUR_CODE = (sys.prefix, str(Path(__file__).parents[2]))
MEDIA = "/media"  # where file choosers look for sticks by themselves
LEAST_MB = 64
WITHIN = 5.0  # a hundred times what it takes: a mount may lead to a server that does not answer
# What a kernel or a container says that lets nobody have rooms; anything else is trouble of this moment.
NO_ROOMS = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EINVAL)
PAGE = 4096


Laid = Mapping[str, Mapping[str, str]]  # folder of the machine -> what lies in its place in this room: name, text


@dataclass(frozen=True)
class Fittings:
    """What one kind of room has besides what all have. `shut`: programs that nobody can start in it; `fixed`: folders

    that nobody can move out of the way, outer ones first; `printers`: the machine's own are reached; `filmed_by`: the
    user who may use the cameras.
    """

    laid: Laid = field(default_factory=dict)
    shut: Sequence[str] = ()
    fixed: Sequence[str] = ()
    printers: bool = False
    filmed_by: int | None = None


class NoRoomError(OSError):
    """A room cannot be built as it should be on a machine that has rooms; its text says why, for technicians."""


def make(station: Path, sticks: Path, size_mb: int, fittings: Fittings) -> tuple[int | None, frozenset[str]]:
    """A descriptor that keeps a new room, and its walls: "room", and "devices", "noexec", "proc" or some of these.

    `station` stays to be seen also where it lies below a place that is covered; `sticks` is seen as /media. The private
    places hold `size_mb` megabytes together, half of it for shared memory. None, and no walls, where this machine lets
    nobody have rooms: then the sweep at the end does it all. NoRoomError when it has, and this one cannot be built.
    """
    room, told = _made(partial(_furnish, station, sticks, max(LEAST_MB, size_mb // 2), fittings))
    word, _blank, rest = told.partition(" ")
    if room is not None:
        return room, frozenset(("room", *rest.split()))
    if word != "none":
        raise NoRoomError(rest or "no answer")
    log(f"the session gets no room of its own: {rest}")
    return None, frozenset()


def _made(furnish: Callable[[], list[str]]) -> tuple[int | None, str]:
    """A new room and what was told of it: "ok" and its walls; else None, and "none" or "no" and why."""
    asked, answer = os.pipe()
    ours, child = os.getpid(), os.fork()
    if child == 0:
        linux.die_with(ours)
        _furnish_and_wait(answer, furnish)
    os.close(answer)
    answered = False
    try:
        answered = bool(select.select([asked], [], [], WITHIN)[0])
        told = os.read(asked, 200).decode(errors="replace") if answered else "no it takes too long"
        if told.startswith("ok"):
            return os.open(f"/proc/{child}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC), told
    finally:
        os.close(asked)
        os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0 if answered else os.WNOHANG)  # one that hangs in the kernel ends when it does
    return None, told


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


def _furnish_and_wait(answer: int, furnish: Callable[[], list[str]]) -> None:
    """In a child: make the room, tell how it went, and hold it until we are killed. Never returns."""
    try:
        os.umask(0o022)
        word = "none"
        try:
            linux.leave_mounts()
            word = "no"
            os.write(answer, " ".join(("ok", *furnish())).encode())
            signal.pause()
        except OSError as error:
            word = word if error.errno in NO_ROOMS else "no"
            os.write(answer, f"{word} {error.strerror} ({error.filename})".encode(errors="replace"))
    finally:
        os._exit(1)


def _lay(laid: Laid) -> None:
    for folder, files in laid.items():
        places.on_the_machine(folder)
        # Each file in whole pages, and none for what holds its name.
        pages = sum(1 + len(text.encode()) // PAGE for text in files.values())
        linux.mount_tmpfs(folder, f"size={(16 + 2 * pages) * PAGE},mode=0755")
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)
        linux.mount("", folder, "", linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)


def _furnish(station: Path, sticks: Path, part_mb: int, fittings: Fittings) -> list[str]:
    """In a new room. The walls that stand where the kernel can build them; what every room has is not among them."""
    # What must be seen in the room is held open before it is covered.
    seen = (X_SOCKETS, str(station), *OUR_CODE)
    kept = [(path, os.open(path, os.O_PATH)) for path in seen if os.path.isdir(path)]
    if os.path.isdir(MEDIA):
        linux.bind(str(sticks), MEDIA)
    walls = ["devices"] if _stands(partial(places.devices, fittings.filmed_by)) else []
    places.running(fittings.printers)
    places.to_write(part_mb)
    for path, held in kept:
        if not os.path.exists(path):
            os.makedirs(path, 0o755)
            linux.bind(f"/proc/self/fd/{held}", path)
        if path == X_SOCKETS:
            # To connect needs no writing; nobody lays a socket of their own beside the server's.
            linux.mount("", path, "", linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)
    # Now that a station below /tmp is seen again: some of it lies in its home.
    for folder in fittings.fixed:
        linux.bind(folder, folder)  # where something is mounted nobody renames
    _lay(fittings.laid)
    places.shut(fittings.shut)
    walls += ["noexec"] if _stands(lambda: places.sealed(station)) else []
    # Last: what is held open is found by the machine's own.
    return [*walls, "proc"] if _stands(places.processes) else walls


def _stands(build: Callable[[], object]) -> bool:
    """Whether a wall could be built that a room can do without, in a container for example."""
    try:
        return build() is not False
    except OSError as error:
        log(f"a session's room lacks a wall: {error.strerror} ({error.filename})")
        return False
