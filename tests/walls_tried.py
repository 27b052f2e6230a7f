"""Tries what a session's walls keep from a citizen: `python -c THIS` with a JSON of places on stdin, a JSON of what it

got on stdout. Run by the citizen inside a session, and, as the control, by the same user without one.
"""

import ctypes
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

KEYCTL, KEY_SEARCH, KEY_READ, SESSION = {"x86_64": 250}.get(os.uname().machine, 219), 10, 11, -3

_libc = ctypes.CDLL(None, use_errno=True)


def runs(folder: str) -> str:
    """Whether a program that lies there runs: by itself, and as a library of one that may."""
    program = Path(folder, f"program-{os.getpid()}")
    got = []
    with suppress(OSError):
        program.write_bytes(Path("/bin/true").read_bytes())
        program.chmod(0o700)
        with suppress(OSError):
            got += ["runs"] if subprocess.run([program], check=False).returncode == 0 else []
        with open(program, "rb") as code:
            # mmap(2) as a loader does it: PROT_READ | PROT_EXEC, MAP_PRIVATE.
            _libc.mmap.restype = ctypes.c_void_p
            where = _libc.mmap(None, ctypes.c_size_t(4096), 5, 2, code.fileno(), ctypes.c_long(0))
            got += ["maps"] if where != ctypes.c_void_p(-1).value else []
        program.unlink()
    return " ".join(got)


def written(folder: str) -> str:
    """The mode of a file that can be made there; nothing where none can."""
    with suppress(OSError):
        path = Path(folder, f"made-{os.getpid()}")
        path.touch()
        mode = stat.S_IMODE(path.stat().st_mode)
        path.unlink()
        return f"{mode:o}"
    return ""


def nodes() -> Iterator[str]:
    """Devices that open, for reading or writing."""
    for where, folders, names in os.walk("/dev"):
        folders[:] = [name for name in folders if name not in ("pts", "shm")]
        for name in names:
            path = Path(where, name)
            with suppress(OSError):
                if not stat.S_ISBLK(path.stat().st_mode) and not stat.S_ISCHR(path.stat().st_mode):
                    continue
            for way in (os.O_RDONLY, os.O_WRONLY):
                with suppress(OSError):
                    os.close(os.open(path, way | os.O_NONBLOCK | os.O_NOCTTY))
                    yield str(path.relative_to("/dev"))
                    break


def strangers() -> list[str]:
    """Whose processes are seen beside our own: their command lines."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if entry.stat().st_uid != os.getuid():
                found.append((entry / "cmdline").read_text(errors="replace").replace("\0", " ").strip())
    return found


def key(name: str) -> str:
    """A key in our session keyring that somebody else put there."""
    number = _libc.syscall(KEYCTL, KEY_SEARCH, SESSION, b"user", name.encode(), 0)
    text = ctypes.create_string_buffer(100)
    size = _libc.syscall(KEYCTL, KEY_READ, number, text, 100) if number > 0 else -1
    return text.raw[:size].decode() if size > 0 else ""


def sockets(paths: list[str]) -> list[str]:
    """Those that take us."""
    got = []
    for path in paths:
        with socket.socket(socket.AF_UNIX) as line:
            got += [path] if line.connect_ex(path.replace("@", "\0", 1)) == 0 else []
    return got


def terminal() -> bool:
    """Whether a program can have a terminal of its own: one that is asked for is no attack."""
    with suppress(OSError):
        ours, theirs = os.openpty()
        return os.isatty(theirs) and bool(os.ttyname(theirs))
    return False


def opened(paths: list[str]) -> list[str]:
    """Files that can be written to."""
    got = []
    for path in paths:
        with suppress(OSError):
            os.close(os.open(path, os.O_WRONLY))
            got.append(path)
    return got


def main() -> None:
    """Try all of it."""
    wanted: dict[str, Any] = json.load(sys.stdin)
    got = {
        "runs": {place: runs(place) for place in wanted["places"]},
        "written": {place: written(place) for place in wanted["places"]},
        "nodes": sorted(nodes()),
        "strangers": strangers(),
        "key": key(wanted["key"]),
        "sockets": sockets(wanted["sockets"]),
        "terminal": terminal(),
        "opened": opened(wanted["files"]),
    }
    print(json.dumps(got))


if __name__ == "__main__":
    main()
