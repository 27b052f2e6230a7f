"""What lies on the disk of fuse_disk.py, how it fails, and what a cut leaves of it."""

import errno
import stat
import time
from dataclasses import dataclass, field

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
