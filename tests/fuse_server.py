"""Answers what the kernel asks of fuse_disk.py: its FUSE protocol, version 7.31 (include/uapi/linux/fuse.h)."""

import errno
import os
import stat
import struct
from collections.abc import Callable

from tests.fuse_memory import DIRECTORY, FILE, Memory, Trouble

MOST = 1 << 20
_HEAD = struct.Struct("<IIQQIIIHH")


class Server:
    """Answers the kernel until it is unmounted."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.does: dict[int, Callable[[int, bytes], bytes]] = {
            1: self.lookup, 3: self.getattr, 4: self.setattr, 5: self.readlink, 6: self.symlink, 8: self.mknod,
            9: self.mkdir, 10: self.unlink,
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

    def symlink(self, node: int, asked: bytes) -> bytes:
        name, target = asked.split(b"\0")[:2]
        made = self.memory.add(node, name, stat.S_IFLNK | 0o777)
        self.memory.nodes[made].data[:] = target
        self.memory.nodes[made].synced()
        return self._entry(made)

    def readlink(self, node: int, _asked: bytes) -> bytes:
        return bytes(self.memory.nodes[node].data)

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
