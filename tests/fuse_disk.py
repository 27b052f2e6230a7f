"""A disk in memory that fails as it is told, by the kernel's own FUSE protocol: for `with fuse_disk(folder) as disk`.

    disk.say("fail write EIO 3")   the third write from now, and all after it, end with that error (also: fsync, ENOSPC)
    disk.say("room 200000")        no more bytes than that in all files
    disk.say("well")               all is well again
    disk.cut()                     the power is cut: every byte that was not synced is gone; mounted anew

What is written but not synced is kept as "what stood there before", so a cut can take it back. Names (created, renamed,
linked, removed) are kept at once. It runs in a process of its own: `python -m tests.fuse_disk FOLDER`. Needs root.
"""

import ctypes
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fuse_memory import Memory
from tests.fuse_server import Server

HERE = Path(__file__).resolve().parent.parent
_LIBC = ctypes.CDLL(None, use_errno=True)


def _mount(folder: Path) -> int:
    """Mounted on `folder`; what the kernel is answered through. It must be kept by the process that answers."""
    handle = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    options = f"fd={handle},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if _LIBC.mount(b"fails", os.fsencode(folder), b"fuse.fails", 0, options):
        raise OSError(ctypes.get_errno(), "mount")
    return handle


@dataclass
class Disk:
    """Where it is mounted, and the process that is the disk."""

    folder: Path
    process: "subprocess.Popen[str]"

    def say(self, order: str) -> dict[str, int]:
        """Tell the disk how to behave; how much it has written, synced and failed so far."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        assert answer, "the disk has ended"
        return {name: int(count) for name, count in (one.split("=") for one in answer)}

    def cut(self) -> None:
        """Nobody may have a file open there any more. What the kernel kept of it is forgotten."""
        self.say("cut")
        self.say("again")


@contextmanager
def fuse_disk(folder: Path) -> Iterator[Disk]:
    """Mount one at `folder`, which is made; unmounted at the end."""
    folder.mkdir()
    process = subprocess.Popen([sys.executable, "-m", "tests.fuse_disk", str(folder)], cwd=HERE, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    disk = Disk(folder, process)
    try:
        disk.say("well")
        yield disk
    finally:
        _LIBC.umount2(os.fsencode(folder), 2)
        process.kill()
        process.communicate(timeout=10)


def main(folder: Path) -> None:
    """Be the disk: requests of the kernel, and orders on standard input."""
    memory = Memory()
    server, handle = Server(memory), _mount(folder)
    while True:
        ready = select.select([handle, 0], [], [])[0]
        if handle in ready and not server.serve_one(handle):
            return
        if 0 in ready:
            line = os.read(0, 4096).decode().strip()
            if not line:
                return
            if line == "again":
                _LIBC.umount2(os.fsencode(folder), 2)
                os.close(handle)
                handle = _mount(folder)
            print(memory.order(line), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
