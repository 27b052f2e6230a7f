"""What lies in a session's room: places of its own to write to, a few devices, its own processes, and closed doors.

Nothing that is written in them runs, is a device, or gives anybody more than they have. Each function is called in the
room, as root, once; OSError when the kernel refuses.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from kiosk.supervisor import linux, mounts

# Kernel memory of empty files is counted nowhere: some files per megabyte are enough for a browser.
FILES_PER_MB = 128

NODES = ("null", "zero", "full", "random", "urandom", "tty")
SHARED = ("snd", "dri")  # the sound card and what draws, for whoever the system's groups let in
CAMERA, VIDEO = re.compile(r"video\d+"), 81  # the kernel's number of all that is video (devices.txt)
LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx"}

# Of /run, where the machine's own services listen for everybody (its message bus, its journal, its printers), a session
# has what finds names on the network and tells devices apart; what is left with the others would outlive it.
KEPT_RUNNING = ("systemd/resolve", "nscd", "udev")
RESOLVER = "/etc/resolv.conf"  # often a link into /run
PRINTERS = "cups"
# A mount at which nobody arrives: another lies over it, it is one user's own (FUSE), or what stood behind it is gone.
UNREACHED = (errno.ENOENT, errno.ENOTDIR, errno.EINVAL, errno.EACCES, errno.ENOTCONN, errno.ESTALE)
# Further places where everybody may write; a session's files there lie with those of its /var/tmp.
OPEN_TO_ALL = ("/run/lock", "/var/crash", "/var/mail", "/var/spool/cups", "/var/lib/systemd/coredump")

# What kiosk has made on a PC that it was installed on, for whoever takes it away again (scripts/install/record.py).
RECORD = Path("/etc/kiosk/installed/folders")


def tmpfs_options(size_mb: int) -> str:
    """The bounds of a tmpfs: bytes, and how many files."""
    return f"size={size_mb}m,nr_inodes={max(4096, FILES_PER_MB * size_mb)}"


def to_write(part_mb: int) -> None:
    """/dev/shm, and one tmpfs for both places of temporary files, each with so many megabytes."""
    linux.mount_tmpfs("/dev/shm", f"mode=1777,{tmpfs_options(part_mb)}")
    linux.mount_tmpfs("/tmp", f"mode=0755,{tmpfs_options(part_mb)}")
    for name in ("/tmp/of-var", "/tmp/own"):
        os.mkdir(name)
        os.chmod(name, 0o1777)
    linux.bind("/tmp/of-var", "/var/tmp")
    for place in filter(_is_open_to_all, OPEN_TO_ALL):
        linux.bind("/tmp/of-var", place)
    linux.bind("/tmp/own", "/tmp")


def _is_open_to_all(place: str) -> bool:
    return os.path.isdir(place) and bool(os.stat(place).st_mode & stat.S_IWOTH)


def devices(filmed_by: int | None = None) -> None:
    """A /dev with what every program expects and nothing else: no disks, no keyboards, no consoles of the machine.

    `filmed_by`: the user to whom the cameras belong here that are plugged in now; None for no cameras.
    """
    # Chromium's own start asks how much fits into /dev/shm, and stumbles where two are listed, one behind the other.
    while linux.unmount("/dev/shm"):
        pass
    held = {name: os.open(f"/dev/{name}", os.O_PATH) for name in (*NODES, *SHARED) if os.path.exists(f"/dev/{name}")}
    cameras = dict(_cameras()) if filmed_by is not None else {}
    linux.mount("tmpfs", "/dev", "tmpfs", linux.MS_NOSUID | linux.MS_NOEXEC, "size=64k,nr_inodes=64,mode=0755")
    try:
        _fill(held)
        for name, number in cameras.items():
            # A node of their own: the machine's is for a group that draws on the screen too.
            os.mknod(f"/dev/{name}", stat.S_IFCHR | 0o600, number)
            os.chown(f"/dev/{name}", filmed_by if filmed_by is not None else 0, 0)
    except OSError:
        linux.unmount("/dev")  # with all that is in it: better the machine's than half of one
        raise


def _cameras() -> Iterator[tuple[str, int]]:
    for name in filter(CAMERA.fullmatch, os.listdir("/dev")):
        info = os.stat(f"/dev/{name}")
        if stat.S_ISCHR(info.st_mode) and os.major(info.st_rdev) == VIDEO:
            yield name, info.st_rdev


def _fill(held: dict[str, int]) -> None:
    for name, number in held.items():
        place = Path("/dev", name)
        if name in NODES:
            place.touch()
        else:
            place.mkdir()
        linux.mount(f"/proc/self/fd/{number}", str(place), "", linux.MS_BIND)
    for name in ("pts", "shm"):
        Path("/dev", name).mkdir()
    # An own instance of terminals: those of others have numbers in another.
    terminals = linux.MS_NOSUID | linux.MS_NOEXEC
    linux.mount("devpts", "/dev/pts", "devpts", terminals, "newinstance,ptmxmode=0666,mode=0620")
    for name, target in LINKS.items():
        os.symlink(target, f"/dev/{name}")


def running(printers: bool) -> None:
    """A /run without the machine's services, also without those that start later. `printers`: but with its CUPS."""
    names = os.path.dirname(os.path.realpath(RESOLVER))
    wanted = [f"/run/{name}" for name in (*KEPT_RUNNING, *([PRINTERS] if printers else ()))]
    wanted += [names] if names.startswith("/run/") else []
    held = {path: os.open(path, os.O_PATH) for path in dict.fromkeys(wanted) if os.path.isdir(path)}
    linux.mount_tmpfs("/run", "size=64k,nr_inodes=64,mode=0755")
    for path, number in held.items():
        os.makedirs(path, 0o755, exist_ok=True)
        linux.mount(f"/proc/self/fd/{number}", path, "", linux.MS_BIND)
    os.mkdir("/run/lock")
    os.chmod("/run/lock", 0o1777)
    os.symlink("/dev/shm", "/run/shm")


def on_the_machine(folder: str) -> None:
    """A place to lay something over, also where the machine has none: an empty folder harms nobody, and is written

    down where the uninstaller looks.
    """
    missing = [path for path in (Path(folder), *Path(folder).parents) if not path.exists()]
    if missing and RECORD.parent.is_dir():
        with open(RECORD, "a", encoding="utf-8") as record:
            record.writelines(f"{path}\n" for path in reversed(missing))
            record.flush()
            os.fsync(record.fileno())
    os.makedirs(folder, 0o755, exist_ok=True)


def shut(programs: Iterable[str]) -> None:
    """These programs of the machine cannot be started here; one that is gone meanwhile is none to shut."""
    for program in programs:
        with suppress(FileNotFoundError):
            linux.mount("/dev/null", program, "", linux.MS_BIND)


def sealed(station: Path) -> None:
    """Nothing but the own places and the home and sticks in `station` can be written to, whatever the machine allows.

    Sticks that are mounted later come with their own bounds. OSError when one stays open, after all others were shut.
    """
    own = {Path(place) for place in ("/proc", "/tmp", "/var/tmp", "/dev/shm", "/dev/pts", *OPEN_TO_ALL)}
    refused: OSError | None = None
    for mount in mounts.all_of_them():
        if mount.where in own or {station, Path("/proc")} & {*mount.where.parents}:
            continue
        try:
            linux.make_read_only(str(mount.where))
        except OSError as error:
            if error.errno not in UNREACHED or mount.where == Path("/"):
                refused = error
    if refused is not None:
        raise refused


def processes() -> bool:
    """A /proc that shows a program those of its own user alone. False where the kernel cannot do that for one room.

    Before Linux 5.8 such options were the machine's, and those of a second mount counted for nothing.
    """
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount("proc", "/proc", "proc", flags, "hidepid=2")
    if any(one.startswith("hidepid=") and one != "hidepid=off" for one in mounts.of_kind("proc")[-1].options):
        return True
    with suppress(OSError):
        linux.unmount("/proc")
    return False
