"""What the kernel knows of processes: memory counted fairly, processor time, who is still alive."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def pss(pid: int) -> float:
    """Proportional set size in MB (10^6 bytes): own pages, and of shared ones this process's share."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup").read_text(), "Pss:") * 1024 / 1e6


def pages_once(pids: Iterable[int]) -> float:
    """MB of all pages that any of `pids` maps, each page counted once, as if no other process had them too.

    Pss shares a library's pages also with Python programs that are not ours; a PC in a library runs none.
    """
    private, shared = 0, defaultdict[tuple[str, ...], int](int)
    for pid in pids:
        where: tuple[str, ...] = ()
        common = 0
        for entry in Path(f"/proc/{pid}/smaps").read_text().splitlines():
            words = entry.split()
            if not words[0].endswith(":"):
                # address perms offset device inode path: a piece of a file is the same in whoever maps it.
                where = (words[3], words[4], words[2]) if words[4] != "0" else (str(pid), words[0])
                common = 0
            elif words[0] in ("Private_Clean:", "Private_Dirty:"):
                private += int(words[1])
            elif words[0] in ("Shared_Clean:", "Shared_Dirty:"):
                common += int(words[1])
                shared[where] = max(shared[where], common)
    return (private + sum(shared.values())) * 1024 / 1e6


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads that live, in seconds: to the nanosecond where the kernel tells it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS


def wake_ups(pid: int) -> int:
    """How often the process has gone to sleep by itself so far."""
    return sum(
        _kilobytes((task / "status").read_text(), "voluntary_ctxt_switches:")
        for task in Path(f"/proc/{pid}/task").iterdir()
    )


def alive(pid: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def with_mark(mark: str) -> list[int]:
    """Processes whose environment holds `mark`."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if mark.encode() in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                    found.append(int(name))
            except OSError:
                continue
    return found


def _kilobytes(text: str, field: str) -> int:
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(field))
