"""How much of the PC a session may take: processes and memory. The lock, the bar and the service live from the rest."""

import os
from dataclasses import dataclass

PROCESSES = 1500  # and threads: a browser with thirty tabs has some 600
# What the system and the station need beside a session, and what a browser alone needs to start at all.
SPARED_MB, LEAST_MB = 512, 512
# A page of Chromium has 0.7 GB of its own before anything is drawn in it, most of it never touched.
LEAST_EACH_MB = 2048


@dataclass(frozen=True)
class Limits:
    """`memory_mb`: of all programs of a session and the files in its home together, where a control group counts them;

    where none does, of each program.
    """

    processes: int = PROCESSES
    memory_mb: int = 0

    @property
    def memory(self) -> int:
        """Bytes."""
        return memory_in_force(self.memory_mb) << 20

    @property
    def each(self) -> int:
        """Bytes that one program may ask for where nothing counts what all of them use."""
        return max(self.memory, LEAST_EACH_MB << 20)

    @property
    def swap(self) -> int:
        """Bytes on the disk or packed in memory beside it: half as much, or a PC would page for a quarter of an hour
        before it ends what fills it.
        """
        return self.memory // 2


def memory_in_force(wanted_mb: int) -> int:
    """Megabytes as wanted by the policy, LEAST_MB at least; for 0 the PC's share."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(LEAST_MB, wanted_mb) if wanted_mb > 0 else computed(there)


def computed(there_mb: int) -> int:
    """What a PC has without a quarter and without SPARED_MB at least: 512 of 1024, 1536 of 2048, 3072 of 4096."""
    return max(LEAST_MB, there_mb - max(SPARED_MB, there_mb // 4))
