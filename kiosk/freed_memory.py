"""Gives the system back what a process has freed: glibc keeps it, and on a PC with 2 GB others need it more.

Every thread would have a heap of its own; a picture of a megabyte that goes would leave a hole for ever, because the
limit above which a block is mapped by itself grows with each such block (mallopt(3)). With another C library nothing
of this is heard.
"""

import ctypes
from collections.abc import Callable

# For the environment of our own processes: one heap, large blocks by themselves, and a heap that shrinks.
FRUGAL = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "131072"}
AFTER_SECONDS, EVERY_SECONDS = 3.0, 60.0


def give_back() -> None:
    """Return the free pages in the middle of the C library's heap to the system: loading modules alone leaves 4 MB."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def keep_giving_back(later: Callable[[float, Callable[[], None]], object]) -> None:
    """Once the process has started, and once a minute; `later(seconds, action)` is its loop's way to be called back."""

    def now() -> None:
        give_back()
        later(EVERY_SECONDS, now)

    later(AFTER_SECONDS, now)
