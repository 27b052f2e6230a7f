"""The session's own room: the file system as its programs see it, with a /tmp, /var/tmp and /dev/shm of their own.

Small tmpfs lie over the places where everybody may write: a citizen can fill no more than these, finds nothing of
others in them, and what lies in them is gone with the last program, however much it is. Only as root.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kiosk.supervisor import linux
from kiosk.supervisor.event_log import log
from kiosk.supervisor.session import places
from kiosk.supervisor.users import Identity

X_SOCKETS = "/tmp/.X11-unix"
# Our own programs in a session are found also where a checkout lies in /tmp.
OUR_CODE = (sys.prefix, str(Path(__file__).parents[2]))
MEDIA = "/media"  # where file choosers look for sticks by themselves
LEAST_MB = 64


Laid = Mapping[str, Mapping[str, str]]  # folder of the machine -> what lies in its place in this room: name, text


@dataclass(frozen=True)
class Fittings:
    """What one kind of room has besides what all have. `shut`: programs that nobody can start in it; `fixed`: folders

    that nobody can move out of the way, outer ones first; `printers`: the machine's own are reached.
    """

    laid: Laid = field(default_factory=dict)
    shut: Sequence[str] = ()
    fixed: Sequence[str] = ()
    printers: bool = False


NOTHING_MORE = Fittings()


def make(station: Path, sticks: Path, citizen: Identity, size_mb: int, fittings: Fittings = NOTHING_MORE) -> int | None:
    """A descriptor that keeps a new room; None where there can be none, and then the sweep at the end does it all.

    `station` stays to be seen also where it lies below a place that is covered; `sticks` is seen as /media. The private
    places hold `size_mb` megabytes together, half of it for shared memory.
    """
    if citizen.uid is None:
        return None
    room, told = _made(partial(_furnish, station, sticks, max(LEAST_MB, size_mb // 2), fittings))
    if room is None:
        log(f"the session gets no room of its own: {told}")
    return room


def tried() -> frozenset[str]:
    """The walls of a room that was made and is gone again: "room", "devices", "sealed", "proc", or some of them."""
    room, told = _made(partial(_furnish, Path("/nowhere"), Path(MEDIA), LEAST_MB, NOTHING_MORE))
    if room is None:
        return frozenset()
    os.close(room)
    return frozenset(("room", *told.split()))


def _made(furnish: Callable[[], list[str]]) -> tuple[int | None, str]:
    """A new room and the walls of it that not every kernel can build; else None, and why there is none."""
    asked, answer = os.pipe()
    ours, child = os.getpid(), os.fork()
    if child == 0:
        linux.die_with(ours)
        _furnish_and_wait(answer, furnish)
    os.close(answer)
    try:
        told = os.read(asked, 200).decode(errors="replace")
        if told.startswith("ok"):
            return os.open(f"/proc/{child}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC), told.removeprefix("ok")
    finally:
        os.close(asked)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
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
        try:
            os.write(answer, " ".join(("ok", *furnish())).encode())
            signal.pause()
        except OSError as error:
            os.write(answer, f"{error.strerror} ({error.filename})".encode())
    finally:
        os._exit(1)


def _lay(laid: Laid) -> None:
    for folder, files in laid.items():
        places.on_the_machine(folder)
        linux.mount_tmpfs(folder, "size=256k,mode=0755")
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)
        linux.mount("", folder, "", linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)


def _furnish(station: Path, sticks: Path, part_mb: int, fittings: Fittings) -> list[str]:
    """The walls that stand where the kernel can build them; what every room has is not among them."""
    linux.leave_mounts()
    # What must be seen in the room is held open before it is covered.
    seen = (X_SOCKETS, str(station), *OUR_CODE)
    kept = [(path, os.open(path, os.O_PATH)) for path in seen if os.path.isdir(path)]
    if os.path.isdir(MEDIA):
        linux.bind(str(sticks), MEDIA)
    walls = ["devices"] if _stands(places.devices) else []
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
    walls += ["sealed"] if _stands(lambda: places.sealed(station)) else []
    # Last: what is held open is found by the machine's own.
    return [*walls, "proc"] if _stands(places.processes) else walls


def _stands(build: Callable[[], object]) -> bool:
    """Whether a wall could be built that a room can do without, in a container for example."""
    try:
        return build() is not False
    except OSError as error:
        log(f"a session's room lacks a wall: {error.strerror} ({error.filename})")
        return False
