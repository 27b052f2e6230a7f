"""A whole Debian to throw away: an overlay over this machine's root, entered by pivot_root, with no network in it.

KIOSK_TEST_ROOT: over another Debian's, which debootstrap made (with systemd, udev, dbus and python3-venv).

Of its own: mounts, processes, network (nothing but itself), users, /tmp, /run, /opt. What is written there lies in
memory and is gone with the first process. `systemctl` there is systemd_stand_in.py; all else is real.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
LOWER = os.environ.get("KIOSK_TEST_ROOT", "/")
EMPTY = ("dev/shm", "tmp", "run", "opt", "srv", "root", "var/tmp", "var/cache/kiosk")
CLOSED = ("work", "home", "mnt", "farm", "old_root")
DUMMY = """Section "Device"
    Identifier "no card"
    Driver "dummy"
    VideoRam 16384
EndSection
Section "Screen"
    Identifier "screen"
    Device "no card"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Modes "1024x768"
    EndSubSection
EndSection
"""
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC = 1, 32, 4096, 16384
MNT_DETACH = 2
WITHIN = 200
libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: Path, kind: str, flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    if libc.mount(source.encode(), str(target).encode(), kind.encode(), flags, options.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))


def become_init(folder: Path, stick: Path) -> None:
    """In new namespaces, as their first process: make the root, enter it, and live as long as it does."""
    mount("tmpfs", folder, "tmpfs", 0, "size=4g")
    for name in ("upper", "work", "root"):
        (folder / name).mkdir()
    root = folder / "root"
    mount("overlay", root, "overlay", 0, f"lowerdir={LOWER},upperdir={folder}/upper,workdir={folder}/work")
    mount("/dev", root / "dev", "", MS_BIND | MS_REC)
    mount("/sys", root / "sys", "", MS_BIND | MS_REC)
    mount("proc", root / "proc", "proc")
    # The kernel's switches are this machine's, not this root's.
    mount(str(root / "proc/sys"), root / "proc/sys", "", MS_BIND)
    mount("", root / "proc/sys", "", MS_BIND | MS_REMOUNT | MS_RDONLY)
    (root / "media/USB kiosk").mkdir(parents=True)
    mount(str(stick), root / "media/USB kiosk", "", MS_BIND)
    mount("", root / "media/USB kiosk", "", MS_BIND | MS_REMOUNT | MS_RDONLY)
    furnish(root)
    for name, shown in (("upper", f"{folder}/upper"), ("lower", LOWER)):
        (root / "media" / name).mkdir()
        mount(shown, root / "media" / name, "", MS_BIND)
    (root / "media/old").mkdir()
    if libc.syscall(155, str(root).encode(), str(root / "media/old").encode()) != 0:  # pivot_root
        raise OSError(ctypes.get_errno(), "pivot_root")
    os.chdir("/")
    libc.umount2(b"/media/old", MNT_DETACH)
    os.rmdir("/media/old")
    lift_lo()
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        signal.pause()


def furnish(root: Path) -> None:
    """What is this machine's own is not there; a station's users are still to be made, with numbers of their own."""
    for name in EMPTY:
        (root / name).mkdir(parents=True, exist_ok=True)
        mount("tmpfs", root / name, "tmpfs", 0, "mode=1777" if name in ("tmp", "dev/shm", "var/tmp") else "mode=755")
    for name in CLOSED:
        if (root / name).is_dir():
            mount("tmpfs", root / name, "tmpfs", 0, "mode=755")
    for name in ("passwd", "group", "shadow", "gshadow"):
        path = root / "etc" / name
        lines = [line for line in path.read_text().splitlines() if not line.startswith("kiosk")]
        path.write_text("\n".join(lines) + "\n")
    # Keyrings are counted by number, for the whole machine.
    defs = root / "etc/login.defs"
    defs.write_text(defs.read_text() + "\nSYS_UID_MAX 880\nSYS_GID_MAX 880\n")
    for path in ("etc/kiosk", "var/lib/kiosk"):
        shutil.rmtree(root / path, ignore_errors=True)
    (root / "var/lib/man-db/auto-update").unlink(missing_ok=True)  # minutes of pages that nobody reads here
    (root / "run/systemd/system").mkdir(parents=True)
    (root / "run/lock").mkdir(mode=0o1777)
    shutil.copy(HERE / "systemd_stand_in.py", root / "usr/local/sbin/systemctl")
    (root / "usr/local/sbin/systemctl").chmod(0o755)
    (root / "etc/X11/xorg.conf.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/X11/xorg.conf.d/10-dummy.conf").write_text(DUMMY)


def lift_lo() -> None:
    """The one interface that there is: a PC's way to itself."""
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


class ThrownRoot:
    """The root from outside."""

    def __init__(self, init: int) -> None:
        self.init = init
        self.path = Path(f"/proc/{init}/root")

    def start(self, *words: str, said: IO[str] | int = subprocess.DEVNULL, **more: str) -> "subprocess.Popen[str]":
        """A command in it, as root, with nothing of our environment; a group of its own, to be ended whole."""
        enter = ["nsenter", f"--target={self.init}", "--mount", "--net", "--pid", "--uts", "--ipc", "--wdns=/"]
        env = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": "/root",
        }
        return subprocess.Popen(
            [*enter, "--", *words], env=env | more, stdin=subprocess.DEVNULL, stdout=said,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str, **more: str) -> tuple[int, str]:
        """A command in it, to its end: its status and what it said."""
        # Into a file: what lives on in the background would hold a pipe open for ever.
        with tempfile.TemporaryFile("w+") as said:
            process = self.start(*words, said=said, **more)
            try:
                status = process.wait(WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                status = -1
            said.seek(0)
            return status, said.read()

    def good(self, *words: str, **more: str) -> str:
        """What a command says that must end well."""
        status, said = self.run(*words, **more)
        assert status == 0, f"{' '.join(words)}: {status}\n{said}"
        return said


@contextmanager
def thrown_root(folder: Path, stick: Path) -> Iterator[ThrownRoot]:
    """A root that lasts as long as the block. `stick`: shown in it, read-only, as /media/USB kiosk."""
    new = ["unshare", "--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--propagation=private"]
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [*new, sys.executable, __file__, str(folder), str(stick)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout and process.stdout.readline() == "ready\n", "the root could not be made"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield ThrownRoot(int(children[0]))
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


if __name__ == "__main__":
    become_init(Path(sys.argv[1]), Path(sys.argv[2]))
