"""Reaches for what is not its own: `python tests/reaching.py` with a JSON of targets on stdin, a JSON of what it got.

Targets: `pids` to end, trace and read; `home`, walked for what can be read and written; `socket` to connect to; `port`
to take; `group` to get into. Run by the citizen inside a session, and, as the control, against things that are theirs.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
PRIVATE = ("environ", "mem", "maps", "auxv", "stack", "syscall")

_libc = ctypes.CDLL(None, use_errno=True)


def process(pid: int) -> list[str]:
    """What can be done to a process; last of all it is ended."""
    got = []
    for name in PRIVATE:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/{name}", "rb") as file:
            file.seek(0)
            if name == "mem" or file.read(1):
                got.append(name)
    for name in ("fd", "root", "cwd", "exe", "ns/mnt"):
        with contextlib.suppress(OSError):
            got.append(name if name == "fd" and os.listdir(f"/proc/{pid}/fd") else os.readlink(f"/proc/{pid}/{name}"))
    if _libc.ptrace(PTRACE_ATTACH, pid, None, None) == 0:
        got.append("trace")
        os.waitpid(pid, 0)
        _libc.ptrace(PTRACE_DETACH, pid, None, None)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, 19)
        got.append("priority")
    for number in (signal.SIGSTOP, signal.SIGKILL):
        with contextlib.suppress(OSError):
            os.kill(pid, number)
            got.append(number.name)
    return got


def files(home: Path, theirs: Path) -> dict[str, list[str]]:
    """Names below `home`, but not in `theirs`, that can be read, and folders and files that can be written."""
    read, written = [], []
    for where, folders, names in os.walk(home):
        folders[:] = [name for name in folders if Path(where, name) != theirs]
        for name in (".", *names):
            path = Path(where, name)
            if os.access(path, os.W_OK):
                written.append(str(path.relative_to(home)))
            if name != "." and os.access(path, os.R_OK):
                read.append(str(path.relative_to(home)))
    return {"read": sorted(read), "written": sorted(written)}


def connects(path: str) -> bool:
    """Whether a unix socket takes us."""
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(path) == 0


def takes(port: int) -> bool:
    """Whether we can sit down at a port, in any way, where others would look for the station."""
    for address in ("127.0.0.1", "0.0.0.0", "127.0.0.2"):
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            with socket.socket() as line, contextlib.suppress(OSError):
                line.setsockopt(socket.SOL_SOCKET, option, 1)
                line.bind((address, port))
                line.listen()
                if address != "127.0.0.2":
                    return True
    return False


def moves(group: str) -> bool:
    """Whether we get into another control group."""
    with contextlib.suppress(OSError):
        Path(group, "cgroup.procs").write_text(str(os.getpid()))
        return True
    return False


def uncovers() -> bool:
    """Whether a user namespace of our own takes away what lies over /tmp."""
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
        return False
    return bool(_libc.umount2(b"/tmp", 0) == 0 or _libc.umount2(b"/tmp", 2) == 0)


def main() -> None:
    """Reach for all of it."""
    wanted: dict[str, Any] = json.load(sys.stdin)
    got: dict[str, Any] = {"pids": {name: process(pid) for name, pid in wanted["pids"].items()}}
    got["files"] = files(Path(wanted["home"]), Path(wanted["theirs"]))
    got["socket"], got["port"] = connects(wanted["socket"]), takes(wanted["port"])
    got["group"] = moves(wanted["group"])
    got["uncovered"] = uncovers()
    print(json.dumps(got))


if __name__ == "__main__":
    main()
