"""The desk where the citizen hands in what is to be printed: a private CUPS of the session, that can print nothing.

Its one queue ends in a folder: the filters of CUPS (user lp) make each job a PDF, with copies and pages as they will
lie on paper, and count its pages. It has no network port, keeps no log and no history, writes no title anywhere, and
lies in memory (tmpfs) that is given back when the session ends. A hold, a release or a move of the citizen's own moves
nothing but a job of this queue into that folder.
"""

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.settings import SYSTEM_PATH
from kiosk.supervisor import home, linux, marked
from kiosk.supervisor.processes import FIRST_TO_GO
from kiosk.supervisor.users import Identity

MACHINES = "/run/cups/cups.sock"  # where Debian's CUPS listens
# All that waits, in memory: a handful of documents with pictures.
SPOOL_MB = 96
START_WITHIN = 5.0
FILTER_BYTES = 512 << 20  # of memory for each program of the desk
SERVER_BIN = Path("/usr/lib/cups")


def address(environ: Mapping[str, str]) -> str:
    """Where the machine's CUPS listens: CUPS_SERVER where it names a socket, else Debian's place."""
    named = environ.get("CUPS_SERVER", "")
    return named if named.startswith("/") else MACHINES


def is_there(environ: Mapping[str, str]) -> bool:
    """Whether a CUPS is on this machine."""
    return Path(address(environ)).exists()


@dataclass(frozen=True)
class Desk:
    """Where the desk lies: in `root` the session's door to it, and the desk itself, in memory."""

    root: Path

    @property
    def inner(self) -> Path:
        """All but the door. The citizen's programs live in a room of their own and need not see it."""
        return self.root / "desk"

    @property
    def socket(self) -> Path:
        """What the citizen's programs know as CUPS_SERVER."""
        return self.root / "door" / "cups.sock"

    @property
    def inbox(self) -> Path:
        """Finished jobs: <name>.<pages>.pdf"""
        return self.inner / "inbox"

    def finder(self) -> Callable[[], list[int]]:
        """Living processes of the desk: its CUPS, filters and back-ends."""
        return marked.carriers(f"TMPDIR={self.inner}/tmp")


def missing() -> str:
    """The program that printing needs and this machine lacks; empty when all are there."""
    wanted = ("cupsd", "pdfinfo")
    lacking = [name for name in wanted if shutil.which(name, path=SYSTEM_PATH) is None]
    if not (SERVER_BIN / "filter" / "pdftopdf").exists():
        lacking.append("cups-filters")
    return " ".join(lacking)


def lay(desk: Desk, citizen: Identity) -> None:
    """Make the place for a desk, and the door to it; OSError when it fails.

    By the supervisor alone, which also wipes it: a helper that comes late finds no place, and makes none.
    """
    as_root = citizen.uid is not None
    desk.inner.mkdir(mode=0o711, parents=True, exist_ok=True)
    desk.root.chmod(0o711)
    if as_root and not os.path.ismount(desk.inner):
        # Its back-end is a program that lies in it.
        flags = linux.MS_NOSUID | linux.MS_NODEV
        linux.mount("tmpfs", str(desk.inner), "tmpfs", flags, f"size={SPOOL_MB}m,mode=0711")
    # Nobody but the citizen and root comes through the door.
    place(desk.socket.parent, 0o710, 0, citizen.gid if citizen.gid is not None else -1, as_root)


def place(path: Path, mode: int, uid: int, gid: int, as_root: bool) -> None:
    """A folder with these rights, where there was none or with others."""
    path.mkdir(exist_ok=True)
    if as_root:
        os.chown(path, uid, gid)
    path.chmod(mode)


def start(desk: Desk) -> subprocess.Popen[bytes]:
    """Start the desk's CUPS; OSError when it does not come up. It ends when this process does."""
    # That of an earlier helper would take the new socket with it.
    marked.kill_all(desk.finder(), wait=1.0)
    desk.socket.unlink(missing_ok=True)
    conf = desk.inner / "conf"
    cups = subprocess.Popen(
        ["/usr/sbin/cupsd", "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "TMPDIR": f"{desk.inner}/tmp"},
        start_new_session=True,
        preexec_fn=_for_a_citizen,
    )
    deadline = time.monotonic() + START_WITHIN
    while not desk.socket.exists():
        if cups.poll() is not None or time.monotonic() > deadline:
            stop(cups)
            raise OSError(0, "the desk's CUPS does not start")
        time.sleep(0.02)
    return cups


def _for_a_citizen() -> None:
    """In the child: what a citizen's document makes a filter take is theirs, and not the station's, to lose."""
    linux.end_with_parent()
    linux.when_memory_ends(FIRST_TO_GO)
    resource.setrlimit(resource.RLIMIT_DATA, (FILTER_BYTES, FILTER_BYTES))


def stop(cups: subprocess.Popen[bytes]) -> None:
    """End the desk's CUPS; it ends its filters when asked kindly."""
    if cups.poll() is None:
        cups.send_signal(signal.SIGTERM)
        try:
            cups.wait(1.0)
        except subprocess.TimeoutExpired:
            cups.kill()
            cups.wait()


def wipe(desk: Desk) -> list[str]:
    """End what works at the desk and remove every job, where there is a desk; what could not be removed is returned."""
    if not desk.root.exists() or not any(desk.root.iterdir()):
        return []
    gone = marked.kill_all(desk.finder(), wait=0.5)
    if os.geteuid() == 0:
        home.detach(desk.inner)
    left = home.empty(desk.root)
    return left if gone else [*left, "print"]
