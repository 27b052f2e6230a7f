"""Which syncs a process asks of the kernel, seen by strace from outside."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CALLS = "fsync,fdatasync,sync_file_range,msync,sync,syncfs"
SYNC = re.compile(rf"^\d+ +(\d+\.\d+) (?:{CALLS.replace(',', '|')})\(", re.MULTILINE)


class Syncs:
    """The syncs seen so far, each with its moment in wall seconds."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def between(self, start: float, end: float) -> int:
        """How many began between two moments of time.time()."""
        return sum(start <= float(moment) <= end for moment in SYNC.findall(self._trace.read_text()))


@contextmanager
def watched(pid: int, trace: Path) -> Iterator[Syncs]:
    """strace on all threads of `pid`, writing to `trace`; RuntimeError when it may not."""
    command = ["strace", "-f", "-ttt", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace), "-p", str(pid)]
    tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _attached(pid, tracer)
        yield Syncs(trace)
    finally:
        tracer.terminate()
        tracer.wait(10)


def _attached(pid: int, tracer: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 5
    while any("TracerPid:\t0\n" in (task / "status").read_text() for task in Path(f"/proc/{pid}/task").iterdir()):
        if tracer.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("strace could not be attached to the service")
        time.sleep(0.02)
