"""Work done in a child, a fork of this process: what may take long or hang there holds nobody here.

What it returns comes back as JSON. One that hangs in the kernel cannot be killed, and is left there.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.processes import Process

MOST_ANSWER = 60_000  # below what a pipe holds: the child never waits for us to read
DIES_WITHIN = 0.1


def start(role: str, work: Callable[[], Any], keep: tuple[int | None, ...] = ()) -> tuple[Process, int]:
    """A child that does `work` and ends, and the descriptor of its `answer`. Of ours it has only `keep`."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _work(theirs, work, {theirs, *(one for one in keep if one is not None)})
    os.close(theirs)
    return Process(role, child, linux.start_time(child), os.pidfd_open(child)), ours


def answer(ours: int) -> Any:
    """What it has said until now, None when it failed or is not done; closes the descriptor."""
    with os.fdopen(ours, "rb") as said:
        # One that hangs in the kernel does not die and keeps its end open: nothing is read of it.
        os.set_blocking(said.fileno(), False)
        raw = said.read(MOST_ANSWER)
    try:
        return json.loads(raw or b"null")
    except ValueError:
        return None


def wait_for(work: Callable[[], Any], seconds: float) -> Any:
    """Do it and wait: what it returns, or None when it failed or took longer. For where no loop runs any more."""
    process, ours = start("", work)
    if not process.wait(seconds):
        process.kill()
        process.wait(DIES_WITHIN)
    found = answer(ours)
    process.close()
    return found


def _work(answer_to: int, work: Callable[[], Any], keep: set[int]) -> None:
    """In the child. Never returns, whatever happens: it is the supervisor's own memory that runs here."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        # It may outlive us: then it must hold neither the line to the service nor the lock of the only supervisor.
        for name in os.listdir("/proc/self/fd"):
            if int(name) > 2 and int(name) not in keep:
                with suppress(OSError):
                    os.close(int(name))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        os.write(answer_to, json.dumps(work()).encode()[:MOST_ANSWER])
        status = 0
    except Exception as error:  # the border of a process
        print(f"supervisor: a chore failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)
