"""The end of a session: dead at once, then wiped beside a fresh lock, the display as it was; told when all is done.

What follows the killing runs side by side, in processes of their own: the wipe, the sweep of the display, the fresh
lock. Nobody begins before the last of it came in, nor while something is left: `left` says what, for whoever asks, and
it is tried again by itself. Nothing here is waited for: a lock that dies meanwhile is started again at once.
"""

import os
import time
from collections.abc import Callable

from kiosk.supervisor import leftovers
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.sweeping import Sweeping

WIPE_WITHIN = leftovers.WIPE_WITHIN
NO_ROOM = "room"  # what is told of a session that could not begin: its walls did not stand
# Nearly all are dead sooner than the loop would come round again; what takes longer is looked at now and then.
DEAD_SOON, DEAD_WITHIN, DEAD_LOOKS = 0.1, 4.0, 0.02
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
        self._again, self._notes = AGAIN_FIRST, 0
        self._sweeping = Sweeping(keeper, say)
        self._known: int | None = None  # the X server that is remembered as it stood before anybody used it

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
        kill = session.kill if session is not None else lambda wait: leftovers.end_all(makers, wait)
        self._awaited = {"killed", "wipe", "sweep", *self.also}

        def killed(gone: bool) -> None:
            self._trouble = refused if gone else "processes"
            self._awaited.discard("killed")
            self._wipe(session_id, session, makers, held, begun)
            self._renew_what_was_used(session_id, session is not None)

        self._kill(kill, DEAD_SOON, time.monotonic() + DEAD_WITHIN, killed)

    def _kill(self, kill: Callable[[float], bool], wait: float, until: float, killed: Callable[[bool], None]) -> None:
        gone = kill(wait)
        if gone or time.monotonic() > until:
            killed(gone)
        else:
            self._keeper.loop.after(DEAD_LOOKS, lambda: self._kill(kill, 0.0, until, killed))

    def _renew_what_was_used(self, session_id: str, used: bool) -> None:
        # Nothing of the citizen's has lived beside the fresh lock, which starts while we wipe.
        server = self._keeper.server_in_use()
        self._keeper.start("lock", None, *(leftovers.BEHIND if self._keeper.children.of("lock") else ()))
        role = "first" if server != self._known and not used else "sweep"
        self._sweeping.begin(role, server, lambda left: self._swept(session_id, role, server, left))
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

    def _swept(self, session_id: str, role: str, server: int | None, left: str) -> None:
        self._trouble = self._trouble or left
        if role == "first" and not left:
            self._known = server
        self._came(session_id, "sweep")

    def _came(self, session_id: str, what: str) -> None:
        self._awaited.discard(what)
        if not self._awaited:
            if not self._trouble and self.left.startswith(NO_ROOM) and (why := self._why_no_room()):
                self._trouble = f"{NO_ROOM} {why}"
            self._say("ended", session=session_id, clean=not self._trouble, detail=self._trouble)
            self._keeper.remember()
            self.note(self._trouble, session_id)

    def begin(self, done: Callable[[], None]) -> None:
        """At our start, where no session lived on: what an earlier supervisor left half done; `done` when it is."""
        makers = self._maker.all_kinds()
        self._awaited = {"start"}

        def over(left: str) -> None:
            self._awaited.clear()
            self.note(left)
            done()

        def wiped(left: str | None) -> None:
            told = "hangs" if left is None else left
            self._look_first(lambda unswept: over(told or unswept))

        self._chores.do("wipe", lambda: leftovers.clean_up(makers), wiped, leftovers.CLEAN_WITHIN)

    def look(self) -> None:
        """Once a second: an X server that nobody has used yet is remembered as it stands; nobody begins meanwhile."""
        keeper = self._keeper
        if keeper.session is not None or keeper.stopping or self.busy or self.left:
            return
        if keeper.server_in_use() in (None, self._known):
            return
        self._awaited = {"sweep"}

        def over(left: str) -> None:
            self._awaited.clear()
            if left:
                self._say("ended", session="", clean=False, detail=left)
                self.note(left)

        self._look_first(over)

    def _look_first(self, done: Callable[[str], None]) -> None:
        server = self._keeper.server_in_use()

        def looked(left: str) -> None:
            if not left:
                self._known = server
            done(left)

        self._sweeping.begin("first", server, looked)

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
