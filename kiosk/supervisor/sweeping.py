"""Has the display swept (kiosk.lockscreen's sweep, a process of its own), and judges whether it was.

One that is killed, that fails or that takes too long has swept nothing: another one tries; then another X server comes
on which nothing of a session is; and where none would, nobody begins on this one.
"""

import os
from collections.abc import Callable

from kiosk.supervisor import display, linux
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper

# A hundredth of it where nothing was done to the display; what was spoilt must be whole before the next one comes.
WITHIN = (5.0, 10.0)
ANSWERS_WITHIN = 0.5  # what a server takes for a word at most, on the slowest PC
STUCK = 2  # kiosk.lockscreen's sweep: only another X server is rid of what the session left in this one
LEFT = "display"  # as rules/left_words.py knows it


class Sweeping:
    """One sweep at a time. `say` reports to the service."""

    def __init__(self, keeper: Keeper, say: Callable[..., bool]) -> None:
        self._keeper, self._say = keeper, say
        self._name = keeper.maker.display["DISPLAY"]
        self._role = ""
        self._came: Callable[[str], None] = lambda _left: None
        self._server: tuple[int | None, int] = None, 0
        self._tries = self._number = 0

    def begin(self, role: str, server: int | None, came: Callable[[str], None]) -> None:
        """`role`: "sweep", or "first" before anybody was here. `server`: the pid of the X server that was in use.

        `came` gets what is left: "" or LEFT.
        """
        self._role, self._came, self._tries = role, came, 0
        self._server = server, linux.start_time(server or 0)
        self._try()

    def _try(self) -> None:
        self._number += 1
        number, within = self._number, WITHIN[self._tries]
        self._tries += 1
        self._keeper.start(self._role, lambda status: self._ended(number, status))
        self._keeper.loop.after(within, lambda: self._hurry(number))

    def _hurry(self, number: int) -> None:
        """One that hangs is not waited for: a program's last picture may keep the X server busy for hours."""
        if number == self._number and self._keeper.children.of(self._role):
            if not display.answers(self._name, ANSWERS_WITHIN):
                self._renew("does not answer")
            self._keeper.wait_for(self._role, 0.0)

    def _ended(self, number: int, status: int | None) -> None:
        if number != self._number:
            return
        if status == 0 or self._gone():
            self._tell("")
        elif status == STUCK:
            self._tell("" if self._renew("keeps something of a session") else LEFT)
        elif self._tries < len(WITHIN):
            log(f"the display was not swept ({status}), once more")
            self._try()
        else:
            self._tell("" if self._renew("could not be swept") else LEFT)

    def _tell(self, left: str) -> None:
        self._number += 1
        if left:
            log("the display is not as it was before the session")
            self._say("trouble", code="display_not_swept", detail="")
        # An ordinary user's station wipes its own home alone, and the display is that user's desktop.
        self._came(left if self._keeper.maker.citizen.uid is not None else "")

    def _gone(self) -> bool:
        """Whether that X server has ended, and with it all that was in it; never of one elsewhere."""
        pid, start = self._server
        if pid == display.REMOTE:
            return False
        return pid is None or linux.start_time(pid) != start or linux.is_zombie(pid)

    def _renew(self, why: str) -> bool:
        """Another X server, on which nothing of a session is: the lock covers that, and the unit starts it."""
        if not display.renew(self._name, os.environ):
            return False
        self._server = None, 0
        log(f"the X server {why}: it is ended, another one comes")
        return True
