"""Work that may take long or hang (to wipe, to mount, to sync) is done in a child: the supervisor's loop never waits.

A chore is a function, run in a fork of this process as root (aside.py); what it returns comes back as JSON.
"""

from collections.abc import Callable
from typing import Any

from kiosk.supervisor import aside
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper


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
        process, ours = aside.start(role, work, keep)
        waited = [ours]

        def finish() -> None:
            if waited:
                done(aside.answer(waited.pop()))

        def give_up() -> None:
            if waited:
                log(f"{role} takes too long, ended")
                process.kill()
                finish()

        self._keeper.take(process, lambda _status: finish())
        self._keeper.loop.after(within, give_up)
