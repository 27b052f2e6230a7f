"""What is mounted where, as the kernel tells it (proc(5), mountinfo): no place is taken for granted."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = Path("/proc/self/mountinfo")
_BYTE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Mount:
    """One line. `root`: which folder of the file system lies at `where`; `options`: of this mount and of its system."""

    device: int
    root: str
    where: Path
    kind: str
    options: frozenset[str]

    @property
    def writable(self) -> bool:
        """Neither the mount nor what is mounted is for reading only."""
        return "ro" not in self.options

    @property
    def on_top(self) -> bool:
        """Whether this is what one finds there: something else may have been mounted over it since."""
        try:
            return os.stat(self.where).st_dev == self.device
        except OSError:
            return False


def read(table: str) -> Iterator[Mount]:
    """The mounts of a table; a line of another shape is passed over.

    36 35 98:0 /root /where rw,noatime shared:1 - ext3 /dev/root rw: any number of words like shared:1, or none.
    """
    for line in table.splitlines():
        first, dash, last = line.partition(" - ")
        fields, system = first.split(" "), last.split(" ")
        if not dash or len(fields) < 6 or len(system) < 3:
            continue
        major, _colon, minor = fields[2].partition(":")
        if not (major.isdecimal() and minor.isdecimal()):
            continue
        device = os.makedev(int(major), int(minor))
        options = frozenset(fields[5].split(",")) | frozenset(system[2].split(","))
        yield Mount(device, _plain(fields[3]), Path(_plain(fields[4])), system[0], options)


def _plain(name: str) -> str:
    """Blanks, tabs, line ends and backslashes stand in the table as their octal numbers."""
    return _BYTE.sub(lambda byte: chr(int(byte[1], 8)), name)


def of_kind(*kinds: str) -> list[Mount]:
    """The mounts of these kinds that can be found at their places, the oldest first."""
    return [mount for mount in all_of_them() if mount.kind in kinds and mount.on_top]


def all_of_them() -> list[Mount]:
    """The mounts that this process sees, the oldest first; none where there is no table."""
    try:
        return list(read(TABLE.read_text(encoding="utf-8", errors="surrogateescape")))
    except OSError:
        return []
