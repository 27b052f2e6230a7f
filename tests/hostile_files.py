"""Programs that leave what cannot be taken away, or lead whoever takes it away astray: `python -c THIS NAME MARK`.

Each prints `up` when it does what it is for, and goes on with it until it is ended.
"""

import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x20000
MS_REC, MS_PRIVATE = 16384, 1 << 18
KEPT: list[object] = []
HOME = Path(os.environ["HOME"])

_libc = ctypes.CDLL(None, use_errno=True)


def stay() -> None:
    """Until it is ended."""
    print("up", flush=True)
    while True:
        time.sleep(60)


def swaps_folders_for_links(mark: str) -> None:
    """Folders that root may look into are links to /etc every other moment, here and in the places of all."""
    pairs = [(place / f"{mark}-a", place / f"{mark}-b") for place in (HOME, HOME / "Documents", Path("/tmp"))]
    for folder, link in pairs:
        folder.parent.mkdir(exist_ok=True)
        folder.mkdir()
        (folder / "passwd").write_text(mark)
        link.symlink_to("/etc")
    # RENAME_EXCHANGE: there is never a moment with neither.
    print("up", flush=True)
    while True:
        for one, other in pairs:
            _libc.syscall(316, -100, bytes(one), -100, bytes(other), 2)


def nests_a_thousand_folders(mark: str) -> None:
    """Deeper than a path can name, in the home and in /tmp, each closed to its owner too."""
    for place in (HOME, Path("/tmp")):
        os.chdir(place)
        os.mkdir(mark)
        os.chdir(mark)
        for _level in range(1500):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("secret").write_text(mark)
        os.chmod(".", 0)
    os.chdir("/")
    stay()


def gives_names_that_are_none(mark: str) -> None:
    """Line ends, bytes of no letters, options, dots, and names as long as may be."""
    names = [b"two\nlines", b"\xff\xfe\x80", b"-rf", b"--", b" ", b"...", b"\x1b[2Jcleared", b"n" * 255, b"%s%n",
             b"\xe2\x80\xaetxt.exe", b"*", b"$(reboot)", b"`reboot`", b"\\"]  # fmt: skip
    for place in (os.fsencode(HOME), b"/tmp", b"/dev/shm"):
        folder = place + b"/" + mark.encode()
        os.mkdir(folder)
        for name in names:
            os.mkdir(folder + b"/" + name)
            for inner in names:
                Path(os.fsdecode(folder + b"/" + name + b"/" + inner)).touch()
    stay()


def makes_files_to_the_last(mark: str) -> None:
    """Empty files until there may be no more, in every place, and hard links to them."""
    for place in (HOME, Path("/tmp"), Path("/dev/shm")):
        folder = place / mark
        folder.mkdir()
        with suppress(OSError):
            for number in range(60_000):
                (folder / f"{number}").touch()
        with suppress(OSError):
            for number in range(1000):
                os.link(folder / "0", folder / f"again-{number}")
    stay()


def fills_every_place(mark: str) -> None:
    """Files to the brim, huge ones with nothing in them, and some that are open and have no name any more."""
    for place in (HOME, Path("/tmp"), Path("/dev/shm")):
        with suppress(OSError), open(place / f"{mark}-sparse", "wb") as file:
            file.truncate(1 << 40)
        with suppress(OSError):
            file = open(place / f"{mark}-nameless", "wb")  # noqa: SIM115 (kept open)
            KEPT.append(file)
            os.unlink(file.name)
            file.write(bytes(1 << 20))
        with suppress(OSError), open(place / mark, "wb") as file:
            while True:
                file.write(bytes(1 << 20))
    stay()


def mounts_over_its_home(mark: str) -> None:
    """In namespaces of its own: an empty place over what is there, a file system of its own, and a process inside."""
    user, group = os.getuid(), os.getgid()
    (HOME / "Documents").mkdir(exist_ok=True)
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
        raise SystemExit("refused")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    for place in (HOME / "Documents", Path("/tmp"), Path("/var/tmp")):
        if _libc.mount(b"tmpfs", bytes(place), b"tmpfs", 0, b"mode=777") != 0:
            raise SystemExit("refused")
        (place / f"{mark}-hidden").write_text(mark)
    with suppress(OSError):
        KEPT.append(open("/dev/fuse", "rb"))  # noqa: SIM115 (kept open)
    stay()


def takes_all_watches(mark: str) -> None:
    """Every watch on files that its user may have, every open file, and locks on all of ours that it can read."""
    import fcntl

    ours = Path(os.environ.get("KIOSK_HOME", HOME.parent))
    for where, _folders, names in os.walk(ours):
        for name in (".", *names):
            with suppress(OSError):
                held = os.open(Path(where, name), os.O_RDONLY | os.O_NONBLOCK)
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with suppress(OSError):
        for _one in range(100_000):
            KEPT.append(_libc.inotify_init1(0))
            if KEPT[-1] == -1:
                break
    (HOME / mark).touch()
    stay()


def takes_our_places(mark: str) -> None:
    """Sockets with names like ours, those of X servers, of buses, and files where a station might look."""
    names = ["/tmp/.X11-unix/X1", "/tmp/.X11-unix/X2", "/run/kiosk.sock", "kiosk", f"/{mark}", "/tmp/dbus-own",
             "/run/dbus/system_bus_socket", "/tmp/.ICE-unix/1", str(HOME.parent / "run" / "service.sock")]  # fmt: skip
    for name in names:
        line = socket.socket(socket.AF_UNIX)
        with suppress(OSError):
            line.bind(f"\0{name}")
            line.listen()
            KEPT.append(line)
    for name in ("/tmp/.X0-lock", "/tmp/.X99-lock", f"/tmp/{mark}", "/tmp/kiosk", "/tmp/.X11-unix/X7"):
        with suppress(OSError):
            Path(name).write_text(f"{os.getpid():>10}\n")
    stay()


def keeps_things_in_the_kernel(mark: str) -> None:
    """System V shared memory and queues, POSIX queues and keys: as many as may be, none needs a process to live."""
    for _one in range(200):
        _libc.shmget(0, 1 << 20, 0o1600)
        _libc.semget(0, 20, 0o1600)
        queue = _libc.msgget(0, 0o1600)
        _libc.msgsnd(queue, b"\1\0\0\0\0\0\0\0" + mark.encode(), len(mark), 0o4000)
    for number in range(50):
        _libc.mq_open(f"/{mark}-{number}".encode(), os.O_CREAT | os.O_RDWR, 0o600, None)
        text = f"{mark}-{number}".encode()
        _libc.syscall(248, b"user", text, text, len(text), -4)
    stay()


ATTACKS: dict[str, Callable[[str], None]] = {
    made.__name__: made
    for made in (
        swaps_folders_for_links, nests_a_thousand_folders, gives_names_that_are_none, makes_files_to_the_last,
        fills_every_place, mounts_over_its_home, takes_all_watches, takes_our_places, keeps_things_in_the_kernel,
    )
}  # fmt: skip


if __name__ == "__main__":
    ATTACKS[sys.argv[1]](sys.argv[2])
