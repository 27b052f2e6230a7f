"""Work that may take long or hang (to wipe, to mount, to sync) is done in a child: the supervisor's loop never waits.

A chore is a function, run in a fork of this process as root; what it returns comes back as JSON.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.processes import Process

MOST_ANSWER = 60_000  # below what a pipe holds: the child never waits for us to read


class Chores:
    """Starts chores and brings their answers."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def do(
        self,
        role: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        within: float,
        keep: tuple[int | None, ...] = (),
    ) -> None:
        """Do `work` aside. `done` gets its answer, or None when it failed or took longer than `within` seconds.

        Of our descriptors it has only `keep`.
        """
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            _work(theirs, work, {theirs, *(one for one in keep if one is not None)})
        os.close(theirs)
        process = Process(role, child, linux.start_time(child), os.pidfd_open(child))
        waited = [ours]

        def finish() -> None:
            if waited:
                with os.fdopen(waited.pop(), "rb") as answer:
                    # One that hangs in the kernel does not die and keeps its end open: nothing is read of it.
                    os.set_blocking(answer.fileno(), False)
                    raw = answer.read(MOST_ANSWER)
                done(_decoded(raw))

        def give_up() -> None:
            if waited:
                log(f"{role} takes too long, ended")
                process.kill()
                finish()

        self._keeper.take(process, lambda _status: finish())
        self._keeper.loop.after(within, give_up)


def _decoded(raw: bytes | None) -> Any:
    try:
        return json.loads(raw or b"null")
    except ValueError:
        return None


def _work(answer: int, work: Callable[[], Any], keep: set[int]) -> None:
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
        os.write(answer, json.dumps(work()).encode()[:MOST_ANSWER])
        status = 0
    except Exception as error:  # the border of a process
        print(f"supervisor: a chore failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)
