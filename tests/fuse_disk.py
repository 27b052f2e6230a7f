"""A disk in memory that fails as it is told, by the kernel's own FUSE protocol: for `with fuse_disk(folder) as disk`.

    disk.say("fail write EIO 3")   the third write from now, and all after it, end with that error (also: fsync, ENOSPC)
    disk.say("room 200000")        no more bytes than that in all files
    disk.say("well")               all is well again
    disk.cut()                     the power is cut: every byte that was not synced is gone; mounted anew

What is written but not synced is kept as "what stood there before", so a cut can take it back. Names (created, renamed,
linked, removed) are kept at once. It runs in a process of its own: `python tests/fuse_disk.py FD`. Needs root.
"""

import ctypes
import errno
import os
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MOST = 1 << 20
_HEAD = struct.Struct("<IIQQIIIHH")
ROOT = 1
DIRECTORY, FILE = stat.S_IFDIR, stat.S_IFREG


class Trouble(Exception):
    """An errno as the answer."""


@dataclass
class Node:
    """A file or folder. `undo`: what stood where since the last sync; `durable`: how long the file was then."""

    mode: int
    data: bytearray = field(default_factory=bytearray)
    names: dict[bytes, int] = field(default_factory=dict)
    links: int = 1
    changed: float = field(default_factory=time.time)
    undo: list[tuple[int, bytes]] = field(default_factory=list)
    durable: int = 0

    def write(self, at: int, content: bytes) -> None:
        """Puts bytes there, and remembers what they replaced."""
        if at > len(self.data):
            self.resize(at)
        self.undo.append((at, bytes(self.data[at : at + len(content)])))
        self.data[at : at + len(content)] = content
        self.changed = time.time()

    def resize(self, size: int) -> None:
        """Cuts, or adds zeros."""
        if size < len(self.data):
            self.undo.append((size, bytes(self.data[size:])))
            del self.data[size:]
        else:
            self.data.extend(bytes(size - len(self.data)))
        self.changed = time.time()

    def synced(self) -> None:
        """All of it will be there after a cut."""
        self.undo.clear()
        self.durable = len(self.data)

    def fall_back(self) -> None:
        """What a cut leaves of it."""
        for at, content in reversed(self.undo):
            if at + len(content) > len(self.data):
                self.data.extend(bytes(at + len(content) - len(self.data)))
            self.data[at : at + len(content)] = content
        del self.data[self.durable :]
        self.undo.clear()


class Memory:
    """All nodes, and what fails now: verb -> (how many still go well, errno)."""

    def __init__(self) -> None:
        self.nodes = {ROOT: Node(DIRECTORY | 0o755, links=2)}
        self.next = ROOT
        self.fails: dict[str, tuple[int, int]] = {}
        self.room = 1 << 40
        self.counts = {"write": 0, "fsync": 0, "failed": 0}

    def order(self, line: str) -> str:
        """What the test says; the answer."""
        verb, *rest = line.split()
        if verb == "fail":
            what, error, number = rest[0], rest[1], int(rest[2]) if len(rest) > 2 else 1
            self.fails[what] = (number - 1, getattr(errno, error))
        elif verb == "room":
            self.room = int(rest[0])
        elif verb == "well":
            self.fails, self.room = {}, 1 << 40
        elif verb == "cut":
            for node in self.nodes.values():
                node.fall_back()
        return " ".join(f"{name}={count}" for name, count in self.counts.items())

    def may(self, what: str) -> None:
        """Trouble where that fails now."""
        self.counts[what] += 1
        left, error = self.fails.get(what, (None, 0))
        if left is None:
            return
        if left > 0:
            self.fails[what] = (left - 1, error)
            return
        self.counts["failed"] += 1
        raise Trouble(error)

    def fits(self, more: int) -> None:
        """Trouble where there is no room for so many bytes."""
        if more > 0 and sum(len(node.data) for node in self.nodes.values()) + more > self.room:
            self.counts["failed"] += 1
            raise Trouble(errno.ENOSPC)

    def add(self, parent: int, name: bytes, mode: int) -> int:
        """A new file or folder."""
        self.fits(1)
        self.next += 1
        self.nodes[self.next] = Node(mode)
        self.nodes[parent].names[name] = self.next
        return self.next

    def find(self, parent: int, name: bytes) -> int:
        """The number of what lies there."""
        number = self.nodes[parent].names.get(name)
        if number is None:
            raise Trouble(errno.ENOENT)
        return number

    def remove(self, parent: int, name: bytes, folder: bool) -> None:
        """Takes a name away. What is still open stays in memory."""
        node = self.nodes[self.find(parent, name)]
        if folder and node.names:
            raise Trouble(errno.ENOTEMPTY)
        del self.nodes[parent].names[name]
        node.links -= 1
        if node.links == 0 and not folder:
            node.durable = 0  # nobody can look at it after a cut


class Server:
    """Answers the kernel until it is unmounted."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.does: dict[int, Callable[[int, bytes], bytes]] = {
            1: self.lookup, 3: self.getattr, 4: self.setattr, 8: self.mknod, 9: self.mkdir, 10: self.unlink,
            11: self.rmdir, 12: self.rename, 13: self.link, 14: self.open, 15: self.read, 16: self.write,
            17: self.statfs, 18: _nothing, 20: self.fsync, 25: _nothing, 26: self.init, 27: self.open, 28: self.readdir,
            29: _nothing, 30: _nothing, 34: _nothing, 35: self.create, 38: _nothing, 45: self.rename2,
        }  # fmt: skip

    def serve_one(self, handle: int) -> bool:
        """One request; False once there are no more."""
        try:
            asked = os.read(handle, MOST + 8192)
        except OSError as error:
            return error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT)
        _length, code, unique, node, *_rest = _HEAD.unpack_from(asked)
        if code in (2, 36, 42):  # forget, interrupt: nobody waits
            return True
        try:
            does = self.does.get(code)
            if does is None:
                raise Trouble(errno.ENOSYS)
            problem, answer = 0, does(node, asked[_HEAD.size :])
        except Trouble as trouble:
            problem, answer = int(trouble.args[0]), b""
        try:
            os.write(handle, struct.pack("<IiQ", 16 + len(answer), -problem, unique) + answer)
        except OSError as error:
            return error.errno == errno.ENOENT  # whoever asked is gone
        return True

    def init(self, _node: int, asked: bytes) -> bytes:
        major, minor, ahead, _flags = struct.unpack_from("<IIII", asked)
        flags = 1 << 0 | 1 << 5 | 1 << 22  # reads at once, writes of more than a page, and of 256 of them
        return struct.pack("<IIIIHHIIHHII24x", major, min(minor, 31), ahead, flags, 12, 9, MOST, 1, 256, 0, 0, 0)

    def lookup(self, node: int, asked: bytes) -> bytes:
        return self._entry(self.memory.find(node, _name(asked)))

    def getattr(self, node: int, _asked: bytes) -> bytes:
        return struct.pack("<QII", 0, 0, 0) + self._attributes(node)

    def setattr(self, node: int, asked: bytes) -> bytes:
        valid, size, mode = (struct.unpack_from(form, asked, at)[0] for form, at in (("<I", 0), ("<Q", 16), ("<I", 68)))
        here = self.memory.nodes[node]
        if valid & 1:
            here.mode = stat.S_IFMT(here.mode) | stat.S_IMODE(mode)
        if valid & 8:
            self.memory.may("write")
            self.memory.fits(size - len(here.data))
            here.resize(size)
        return self.getattr(node, b"")

    def mknod(self, node: int, asked: bytes) -> bytes:
        return self._entry(self.memory.add(node, _name(asked[16:]), struct.unpack_from("<I", asked)[0]))

    def mkdir(self, node: int, asked: bytes) -> bytes:
        mode = stat.S_IMODE(struct.unpack_from("<I", asked)[0])
        return self._entry(self.memory.add(node, _name(asked[8:]), DIRECTORY | mode))

    def create(self, node: int, asked: bytes) -> bytes:
        made = self.memory.add(node, _name(asked[16:]), FILE | stat.S_IMODE(struct.unpack_from("<I", asked, 4)[0]))
        return self._entry(made) + self.open(made, b"")

    def unlink(self, node: int, asked: bytes) -> bytes:
        self.memory.remove(node, _name(asked), folder=False)
        return b""

    def rmdir(self, node: int, asked: bytes) -> bytes:
        self.memory.remove(node, _name(asked), folder=True)
        return b""

    def rename(self, node: int, asked: bytes, names: int = 8) -> bytes:
        there = struct.unpack_from("<Q", asked)[0]
        old, new = asked[names:].split(b"\0")[:2]
        number = self.memory.find(node, old)
        if new in self.memory.nodes[there].names:
            over = self.memory.nodes[there].names[new]
            self.memory.remove(there, new, folder=bool(stat.S_ISDIR(self.memory.nodes[over].mode)))
        del self.memory.nodes[node].names[old]
        self.memory.nodes[there].names[new] = number
        return b""

    def rename2(self, node: int, asked: bytes) -> bytes:
        return self.rename(node, asked, 16)

    def link(self, node: int, asked: bytes) -> bytes:
        number = struct.unpack_from("<Q", asked)[0]
        self.memory.nodes[node].names[_name(asked[8:])] = number
        self.memory.nodes[number].links += 1
        return self._entry(number)

    def open(self, _node: int, _asked: bytes) -> bytes:
        return struct.pack("<QII", 0, 0, 0)

    def read(self, node: int, asked: bytes) -> bytes:
        _handle, at, size = struct.unpack_from("<QQI", asked)
        return bytes(self.memory.nodes[node].data[at : at + size])

    def write(self, node: int, asked: bytes) -> bytes:
        _handle, at, size = struct.unpack_from("<QQI", asked)
        here = self.memory.nodes[node]
        self.memory.may("write")
        self.memory.fits(at + size - len(here.data))
        here.write(at, asked[40 : 40 + size])
        return struct.pack("<II", size, 0)

    def fsync(self, node: int, _asked: bytes) -> bytes:
        self.memory.may("fsync")
        self.memory.nodes[node].synced()
        return b""

    def statfs(self, _node: int, _asked: bytes) -> bytes:
        used = sum(len(node.data) for node in self.memory.nodes.values())
        free = max(0, min(self.memory.room, 1 << 34) - used) // 4096
        return struct.pack("<QQQQQIIII24x", free + used // 4096, free, free, 1 << 20, 1 << 20, 4096, 255, 4096, 0)

    def readdir(self, node: int, asked: bytes) -> bytes:
        _handle, at, size = struct.unpack_from("<QQI", asked)
        told = b""
        for place, (name, number) in enumerate(list(self.memory.nodes[node].names.items())[at:], at + 1):
            kind = stat.S_IFMT(self.memory.nodes[number].mode) >> 12
            entry = struct.pack("<QQII", number, place, len(name), kind) + name
            entry += bytes(-len(entry) % 8)
            if len(told) + len(entry) > size:
                break
            told += entry
        return told

    def _entry(self, number: int) -> bytes:
        return struct.pack("<QQQQII", number, 0, 0, 0, 0, 0) + self._attributes(number)

    def _attributes(self, number: int) -> bytes:
        node = self.memory.nodes[number]
        size, when = len(node.data), int(node.changed)
        return struct.pack("<QQQQQQIIIIIIIIII", number, size, -(-size // 512), when, when, when, 0, 0, 0, node.mode,
                           node.links, os.getuid(), os.getgid(), 0, 4096, 0)  # fmt: skip


def _nothing(_node: int, _asked: bytes) -> bytes:
    return b""


def _name(asked: bytes) -> bytes:
    return asked[: asked.index(b"\0")]


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
    process = subprocess.Popen([sys.executable, __file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)  # fmt: skip
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
    import select

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
