"""Staff at the PC itself: from the PIN typed at the lock to the panel in a browser of their own, and out again.

The PIN is heard only from a lock that was started after the last citizen's programs were dead, and checked where the
web checks its own, under the same throttle, in a thread: the loop never waits for it. It is kept nowhere. What the
browser signs in with is a token, good once and for a moment, and the door it comes in by stands on this PC alone and
only as long as they are there.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk.errors import KioskError
from kiosk.messages import Message, encode
from kiosk.rules import events as ev
from kiosk.rules.staff_turn import why_not
from kiosk.service.face import Managers
from kiosk.service.peers import Peer
from kiosk.service.reconcile import Reconciler
from kiosk.store import audit
from kiosk.web.roles import STRANGER
from kiosk.web.sign_in import WebSessions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from kiosk.web.server import Server

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
ASLEEP = 20.0  # a gap like this between two looks: the PC slept, and whoever woke it may be anybody
LONGEST_PIN = 20
THREADS = 2

Reply = Callable[..., bool]


class AtThePC:
    """`asked` and `typed` answer a lock; `open`, `left` and `leave` are the turn itself. `app`: the panel."""

    def __init__(self, station: Reconciler, managers: Managers, signed_in: WebSessions) -> None:
        self._station, self._managers, self._signed_in = station, managers, signed_in
        self.app: WSGIApplication | None = None
        self._door: Server | None = None
        self._checking = False
        self._who = self._why = ""
        self._order: dict[str, Any] = {}
        self._seen = 0.0
        station.open_staff = self.open

    # -- at the lock

    def asked(self, peer: Peer, message: Message, fresh: bool) -> None:
        """The gesture: who may type a PIN here, or why nobody may now.

        Where nobody has one yet, the panel opens without: all it shows a stranger is the first day, which asks for the
        code that the start has printed.
        """
        why = self._refusal(fresh)
        if why:
            _reply(peer, why=why)
            return
        try:
            names = self._managers.names()
            if not names:
                _reply(peer, why=self._begin("", STRANGER, ev.Prefs.of(message.get("prefs") or {})) or "ok")
                return
        except KioskError as error:
            log.error("%s", error)
            _reply(peer, why="trouble")
            return
        _reply(peer, names=names, why="")

    def typed(self, peer: Peer, message: Message, fresh: bool) -> None:
        """A PIN. While one is looked at there is no other."""
        if self._checking:
            return
        why = self._refusal(fresh)
        if why:
            _reply(peer, why=why)
            return
        self._checking = True
        wishes = ev.Prefs.of(message.get("prefs") or {})
        words = peer, message["name"][:80], message["pin"][: LONGEST_PIN + 1], wishes
        threading.Thread(target=self._check, args=words, name="staff-pin", daemon=True).start()

    def _refusal(self, fresh: bool) -> str:
        return why_not(self._station.station) or ("" if fresh else "not_fresh")

    def _check(self, peer: Peer, name: str, pin: str, wishes: ev.Prefs) -> None:
        """In a thread of its own."""
        try:
            found = self._managers.check(name, pin)
            told = {"why": found.kind, "wait": found.seconds, "left": getattr(found, "left", 0)}
            role = found.role
        except KioskError:
            told, role = {"why": "trouble"}, ""
        except Exception as error:  # the border of a thread: the lock must hear an answer
            log.error("a PIN could not be checked: %s", type(error).__name__)
            told, role = {"why": "trouble"}, ""
        self._station.loop.call_soon(lambda: self._checked(peer, name, role, wishes, told))

    def _checked(self, peer: Peer, name: str, role: str, wishes: ev.Prefs, told: dict[str, Any]) -> None:
        self._checking = False
        if told["why"] != "ok":
            _reply(peer, **told)
            return
        try:
            why = self._begin(name, role, wishes)
        except KioskError as error:
            log.error("%s", error)
            why = "trouble"
        _reply(peer, why=why or "ok")

    # -- the turn

    def _begin(self, name: str, role: str, wishes: ev.Prefs) -> str | None:
        from kiosk.web.server import serve

        station = self._station
        if self.app is None or self._door is not None or why_not(station.station):
            return why_not(station.station) or "ending"
        door = serve(self.app, "127.0.0.1:0", "panel-here", THREADS)
        door.start()
        self._door, self._who, self._why = door, name, ""
        self._order = {
            "lang": wishes.lang, "large": wishes.large, "contrast": wishes.contrast, "port": door.address[1],
            "token": self._signed_in.invite(name, role),
        }  # fmt: skip
        refused = station.happen(ev.StaffIn(station.new_session_id()))
        if refused:
            self._close()
            return refused
        self._seen = station.clock.read().boot
        self._note("staff_in")
        station.loop.after(LOOK_EVERY, self._look)
        return None

    def open(self, session: str) -> None:
        """Have the supervisor open it. The token is said to nobody else, and not again."""
        order, self._order = self._order, {}
        if order:
            self._station.order("open_staff", session=session, **order)

    def left(self, session: str) -> None:
        """Their browser has ended."""
        turn = self._station.station.staff
        if turn is not None and turn.session == session:
            self.leave("closed")

    def leave(self, why: str = "signed_out") -> None:
        """They go, in the station's thread: the screen is covered before anything else happens."""
        self._why = self._why or why
        self._station.happen(ev.StaffOut())

    def sign_out(self) -> None:
        """The same, for a thread of the web that does not wait for it."""
        self._station.loop.call_soon(self.leave)

    def _look(self) -> None:
        """Once a second while they are there: signed out by the clock, by another PIN, or gone."""
        station, now = self._station, self._station.clock.read()
        gap, self._seen = now.boot - self._seen, now.boot
        turn = station.station.staff
        if turn is None:
            self._note("staff_out", self._why or "fault")
            self._close()
            return
        if turn.stage == "ending":
            self._signed_in.end_here()
        elif gap > ASLEEP:
            self.leave("asleep")
        elif not self._signed_in.here():
            self.leave("idle")
        station.loop.after(LOOK_EVERY, self._look)

    def _close(self) -> None:
        self._signed_in.end_here()
        door, self._door, self._order = self._door, None, {}
        if door is not None:
            # Its threads may hang on a dead browser's connections for a moment: nobody waits for that.
            threading.Thread(target=door.stop, name="panel-here-stop", daemon=True).start()

    def _note(self, action: str, detail: str = "") -> None:
        who, now = self._who, self._station.clock.read()
        self._station.recorder.keep(lambda db: audit.note(db, now.wall, who or "-", action, detail))


def _reply(peer: Peer, **fields: Any) -> None:
    peer.send(encode("staff", **fields))
