"""The end of a session: dead at once, then wiped, with a fresh lock and the display as it was; told when all of it is.

What follows the killing runs side by side, in processes of their own. Nobody begins before the last of it came in, nor
while something is left: `left` says what, for whoever asks, and it is tried again by itself.
"""

import os
import time
from collections.abc import Callable

from kiosk.supervisor import display, leftovers
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.session.session import Session, SessionMaker

# A hundredth of it where nothing was done to the display; what was spoilt must be whole before the next one comes.
SWEEP_WITHIN = 5.0
ANSWERS_WITHIN = 0.5  # what a server takes for a word at most, on the slowest PC
STUCK = 2  # kiosk.lockscreen's sweep: only another X server is rid of what the session left in this one
WIPE_WITHIN = leftovers.WIPE_WITHIN
NO_ROOM = "room"  # what is told of a session that could not begin: its walls did not stand
AGAIN_FIRST, AGAIN_MOST = 15.0, 3600.0  # seconds after which an end that left something is tried again


class Ending:
    """At most one end at a time. `also`: what else must leave with a session, each told by a call of its argument;

    `before`: who must only know of it before anything is killed or wiped. `why_no_room`: why nobody could begin now.
    """

    def __init__(
        self,
        keeper: Keeper,
        chores: Chores,
        maker: SessionMaker,
        say: Callable[..., bool],
        why_no_room: Callable[[], str] = str,
    ) -> None:
        self._why_no_room = why_no_room
        self._keeper, self._chores, self._maker, self._say = keeper, chores, maker, say
        self.also: dict[str, Callable[[Callable[[], None]], None]] = {}
        self.before: dict[str, Callable[[], None]] = {}
        self._awaited: set[str] = set()
        self._trouble = ""
        self.left = ""
        self._again, self._notes, self._sweeps = AGAIN_FIRST, 0, 0

    @property
    def busy(self) -> bool:
        """Whether an end is under way."""
        return bool(self._awaited)

    def end(self, session_id: str, refused: str = "") -> None:
        """Kill, wipe, bring a fresh lock, and report. Also when nothing is known of that session.

        `refused`: why it could not begin, where that keeps everybody from beginning.
        """
        if self.busy:
            return  # it is being ended; whoever asked again hears of it
        begun = time.monotonic()
        for know in self.before.values():
            know()
        session, self._keeper.session = self._keeper.session, None
        for process in self._keeper.children.of("bar"):
            self._keeper.retire(process)
        if session is not None:
            session.strike()
        # While a browser dies, which takes longer than all the rest: what it may still write goes with the home.
        makers = (session.station,) if session is not None else self._maker.all_kinds()
        held = [leftovers.detach_home(maker) for maker in makers]
        # An earlier supervisor may have died in the middle of this: then nothing is known, and may still be there.
        killed = session.kill() if session is not None else leftovers.end_all(makers)
        self._trouble = refused if killed else "processes"
        self._awaited = {"wipe", "sweep", *self.also}
        self._wipe(session_id, session, makers, held, begun)
        # Nothing of the citizen's has lived beside the fresh lock, which starts while we wipe.
        self._keeper.start("lock", None, *(leftovers.BEHIND if self._keeper.children.of("lock") else ()))
        self._keeper.start("sweep", lambda status: self._swept(session_id, status))
        self._sweeps += 1
        number = self._sweeps
        self._keeper.loop.after(SWEEP_WITHIN, lambda: self._hurry(number))
        for name, leave in self.also.items():
            leave(lambda name=name: self._came(session_id, name))  # type: ignore[misc]

    def _wipe(
        self,
        session_id: str,
        session: Session | None,
        makers: tuple[SessionMaker, ...],
        held: list[int | None],
        begun: float,
    ) -> None:
        room = session.room if session is not None else None

        def told(left: list[str] | None) -> None:
            self._trouble = self._trouble or leftovers.told(left)
            took = (time.monotonic() - begun) * 1000
            log(f"session ended, {'NOT clean' if self._trouble else 'clean'}, {took:.0f} ms")
            self._came(session_id, "wipe")

        # The child holds home and room too, and lets go last: to give much memory back takes long, and not our time.
        held_on = (room, *held)
        self._chores.do("wipe", lambda: leftovers.wipe_all(makers, *held_on), told, WIPE_WITHIN, keep=held_on)
        for one in held:
            if one is not None:
                os.close(one)
        if session is not None:
            session.leave_room()

    def _swept(self, session_id: str, status: int | None) -> None:
        if status:
            log("the display is not as it was before the session")
            self._say("trouble", code="display_not_swept", detail="")
        if status == STUCK:
            self._renew_display("keeps something of a session")
        self._came(session_id, "sweep")

    def _renew_display(self, why: str) -> None:
        """Another X server, on which nothing of a session is: the lock covers that, and the unit starts it."""
        if display.renew(self._maker.display["DISPLAY"], os.environ):
            log(f"the X server {why}: it is ended, another one comes")

    def _hurry(self, number: int) -> None:
        """A hanging X server keeps nobody from beginning: a program's last picture may keep it busy for hours."""
        if "sweep" in self._awaited and number == self._sweeps:
            if not display.answers(self._maker.display["DISPLAY"], ANSWERS_WITHIN):
                self._renew_display("does not answer")
            self._keeper.wait_for("sweep", 0.0)

    def _came(self, session_id: str, what: str) -> None:
        self._awaited.discard(what)
        if not self._awaited:
            if not self._trouble and self.left.startswith(NO_ROOM) and (why := self._why_no_room()):
                self._trouble = f"{NO_ROOM} {why}"
            self._say("ended", session=session_id, clean=not self._trouble, detail=self._trouble)
            self._keeper.remember()
            self.note(self._trouble, session_id)

    def note(self, left: str, session_id: str = "") -> None:
        """What is left of a session, "" for nothing. Something is tried again, later each time."""
        self.left, self._notes = left, self._notes + 1
        if not left:
            self._again = AGAIN_FIRST
            return
        log(f"of a session is left: {left}; tried again in {self._again:.0f} s")
        number = self._notes
        self._keeper.loop.after(self._again, lambda: self._try_again(session_id, number))
        self._again = min(2 * self._again, AGAIN_MOST)

    def _try_again(self, session_id: str, number: int) -> None:
        if number != self._notes or self.busy or self._keeper.session is not None or self._keeper.stopping:
            return  # somebody else tried meanwhile, or tries now
        if self._keeper.children.of("wipe"):
            # The last one hangs in the kernel: a second one would too.
            self._keeper.loop.after(AGAIN_FIRST, lambda: self._try_again(session_id, number))
            return
        self.end(session_id)
