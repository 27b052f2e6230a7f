"""What the other processes say, turned into events of the station. The verbs were checked by messages.VERBS before."""

import logging
import time
from collections.abc import Callable
from typing import Any

from kiosk.messages import Message
from kiosk.rules import events as ev
from kiosk.rules.questions import ALL, BadAnswer, check_answers, questions
from kiosk.rules.station import State
from kiosk.service import taking_up
from kiosk.service.at_the_pc import AtThePC
from kiosk.service.opening import Opening
from kiosk.service.peers import Peer, Peers
from kiosk.service.reconcile import Reconciler
from kiosk.service.staff import Staff
from kiosk.translations import LANGUAGES, Said

log = logging.getLogger(__name__)

MOST_TROUBLES = 20
# Troubles of a moment, which the supervisor says again while they last, and how long they stay shown.
PASSING = ("_not_started", "_keeps_ending", "session_home")
FORGET_AFTER = 600.0

Handler = Callable[[Peer, Message], None]


class Hearing:
    """One method per verb, found by role and verb."""

    def __init__(self, station: Reconciler, peers: Peers, staff: Staff, stop: Callable[[], None]) -> None:
        self._station, self._peers, self._staff, self._stop = station, peers, staff, stop
        facts = station.session_facts
        peers.supervisor_gone = lambda: self._ignore(station.happen(ev.SupervisorHere(False)))
        self._covering: dict[int, str] = {}  # pid -> its marker
        self._fresh: set[int] = set()  # locks that were started after the last session's end
        self._ended: Message | None = None
        self._opening = Opening(station)
        self._said_at: dict[tuple[str, str], float] = {}
        self.carry: Callable[[Message], None] = lambda _told: None  # a stick of staff's (carrying.py)
        self._handlers: dict[str, dict[str, Handler]] = {
            "supervisor": {
                "peer": self._peer, "gone": self._gone, "sync": self._sync, "opened": self._opened, "ended": self._over,
                "isolation": self._isolation, "trouble": self._trouble, "display": self._display,
                "stopping": lambda *_: self._stop(), "time_set": self._time_set,
                "power_done": lambda _peer, told: staff.desk.power_wish.done(told["ok"], told["detail"]),
                "carry": lambda _peer, told: self.carry(told), "sticks": _told(facts.sticks),
                "home": _told(facts.home), "typing": _told(facts.typing),
                "print": _told(station.print_facts.told), "said": _told(station.page_voice.said),
            },
            "lock": {
                "covered": self._covered, "uncovered": self._uncovered, "begin": self._event(ev.Begin()),
                "touch": self._event(ev.Touch()), "cancel": self._event(ev.Cancel()), "sign_in": self._sign_in,
                "resume": self._resume, "help": self._event(ev.Help()), "helped": self._event(ev.Helped()),
                "ready": lambda *_: self._opening.ready(), "ticket": self._ticket,
            },
            "bar": {
                "extend": self._event(ev.Extend("citizen")), "finish": self._event(ev.Finish("citizen")),
                "still_here": self._event(ev.StillHere()), "menu": self._menu, "help": self._event(ev.Help()),
                "idle": self._idle, "save": _told(facts.save), "eject": _told(facts.eject),
                "typing": _told(facts.choose_typing), "hush": lambda *_: station.page_voice.hush(),
                "wish": self._wish, "seen": lambda _peer, told: self._ignore(station.happen(ev.Seen(told["id"]))),
            },
        }  # fmt: skip

    def commands(self, handlers: dict[str, Handler]) -> None:
        """What the command line may ask."""
        self._handlers["cli"] = handlers

    def at_the_pc(self, staff: AtThePC) -> None:
        """Staff at the lock, and the end of their browser."""
        self._handlers["lock"] |= {
            "staff": lambda peer, message: staff.asked(peer, message, self._trusted(peer)),
            "staff_pin": lambda peer, message: staff.typed(peer, message, self._trusted(peer)),
        }
        self._handlers["supervisor"]["left"] = lambda _peer, message: staff.left(message["session"])

    def _trusted(self, peer: Peer) -> bool:
        """The only lock there is, it covers, and no program of a citizen has lived beside it (DESIGN.md 3)."""
        return self._peers.named("lock") == [peer.pid] and peer.pid in self._covering and peer.pid in self._fresh

    def hear(self, role: str, peer: Peer, message: Message) -> None:
        """One message of a peer in its role."""
        handler = self._handlers.get(role, {}).get(message["verb"])
        if handler is not None:
            handler(peer, message)

    def _event(self, event: ev.Event) -> Handler:
        return lambda _peer, _message: self._ignore(self._station.happen(event))

    def _ignore(self, _refused: object) -> None:
        """A screen hears a refusal by the state that is pushed; it needs no answer."""

    # -- the supervisor

    def _peer(self, _peer: Peer, message: Message) -> None:
        self._peers.name(message["role"], message["pid"], message["uid"])
        (self._fresh.add if message.get("fresh") else self._fresh.discard)(message["pid"])
        self._station.push(self._station.clock.read())

    def _gone(self, _peer: Peer, message: Message) -> None:
        self._peers.forget(message["pid"])
        self._covering.pop(message["pid"], None)
        self._fresh.discard(message["pid"])
        self._show_marker()

    def _sync(self, _peer: Peer, message: Message) -> None:
        taking_up.agree(self._station, message["session"])
        if (left := message.get("left")) is not None:
            taking_up.agree_on_what_is_left(self._station, left[:200])
        # An earlier supervisor may have died before it heard which locks are not needed any more.
        self._settle()

    def _opened(self, _peer: Peer, message: Message) -> None:
        self._fresh.clear()
        self._opening.opened(message["session"], bool(self._peers.named("lock")))

    def _over(self, _peer: Peer, message: Message) -> None:
        self._ended = message
        self._settle()

    def _isolation(self, _peer: Peer, message: Message) -> None:
        told = {name: message.get(name) or {} for name in ("walls", "why")}
        self._station.site_facts["isolation"] = {"level": message["level"], "detail": message["detail"], **told}

    def _trouble(self, _peer: Peer, message: Message) -> None:
        self.note_trouble(message["code"], message["detail"])
        self._opening.failed(message["code"])

    def note_trouble(self, code: str, detail: str) -> None:
        """Something the manager should hear of; each thing once."""
        trouble = {"code": code[:40], "detail": detail if isinstance(detail, Said) else detail[:200]}
        known: list[dict[str, str]] = self._station.site_facts["troubles"]
        if trouble not in known and len(known) < MOST_TROUBLES:
            known.append(trouble)
            log.warning("trouble: %s", trouble["code"])
        if code.endswith(PASSING):
            self._said_at[trouble["code"], trouble["detail"]] = time.monotonic()
            self._station.loop.after(FORGET_AFTER, lambda: self._forget(trouble))

    def _forget(self, trouble: dict[str, str]) -> None:
        """What was not said again for a while is over: a crash loop that ended, a home that could be made again."""
        said = self._said_at.get((trouble["code"], trouble["detail"]), 0.0)
        known = self._station.site_facts["troubles"]
        if time.monotonic() - said >= FORGET_AFTER and trouble in known:
            known.remove(trouble)

    def _display(self, _peer: Peer, message: Message) -> None:
        if not message["up"]:
            self._station.happen(ev.StaffOut())
        if not message["up"] and self._station.station.session is not None:
            self._station.happen(ev.Fault("the display is gone"))

    def _time_set(self, _peer: Peer, message: Message) -> None:
        self._staff.date_was_set(message["ok"], message["detail"])

    # -- the lock screen

    def _covered(self, peer: Peer, message: Message) -> None:
        self._covering[peer.pid] = message["marker"][:64]
        self._show_marker()
        self._station.bar_height = min(max(message.get("bar") or 0, 0), 400)
        self._station.happen(ev.Covered())
        self._settle()

    def _uncovered(self, peer: Peer, _message: Message) -> None:
        self._covering.pop(peer.pid, None)
        if peer.pid == self._peers.named("lock")[-1]:
            # The next session began before it could cover: it stands by now, and an older one beside it would for good.
            self._let_older_go()

    def _show_marker(self) -> None:
        """The newest covering lock's: to a new service two may speak in any order, and the older one is retired."""
        covering = [self._covering[pid] for pid in self._peers.named("lock") if pid in self._covering]
        if covering:
            self._station.site_facts["marker"] = covering[-1]

    def _settle(self) -> None:
        """After an end: FREE only when the newest lock covers; the older ones are not needed any more.

        Nothing that a lock did during a session is trusted after it, so the supervisor starts a fresh one.
        """
        locks = self._peers.named("lock")
        if not locks or locks[-1] not in self._covering:
            return
        self._let_older_go()
        if self._ended is not None:
            ended, self._ended = self._ended, None
            self._station.happen(ev.Ended(ended["session"], ended["clean"], str(ended.get("detail") or "")))

    def _let_older_go(self) -> None:
        for older in self._peers.named("lock")[:-1]:
            self._peers.send("supervisor", "retire", pid=older)

    def _sign_in(self, _peer: Peer, message: Message) -> None:
        if self._station.station.state is not State.ASKING:
            return
        try:
            answers = check_answers(questions(self._station.policy), self._still_asked(message["answers"]))
        except BadAnswer as why:
            log.warning("answers were not taken: %s", why)
            self._station.happen(ev.Cancel())
            return
        wishes = ev.Prefs.of(message.get("prefs") or {})
        if self._station.happen(ev.SignIn(self._station.new_session_id(), answers, wishes)) == "ticket":
            self._staff.ticketing.refuse("trouble")

    def _still_asked(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Without those to a question that was switched off while the citizen was answering."""
        asked = {question.id for question in questions(self._station.policy)}
        return {name: codes for name, codes in answers.items() if name in asked or name not in ALL}

    def _ticket(self, _peer: Peer, message: Message) -> None:
        self._staff.ticketing.typed(message["code"])

    def _resume(self, _peer: Peer, message: Message) -> None:
        self._station.happen(ev.ResumeAnswer(message["accept"]))

    # -- the bar

    def _idle(self, _peer: Peer, message: Message) -> None:
        self._station.idle(float(message["seconds"]), self._station.clock.read())

    def _wish(self, _peer: Peer, message: Message) -> None:
        """How the citizen wants to read from now on; the menu's pages look at it."""
        lang = message.get("lang")
        if lang is None or lang in LANGUAGES:
            self._station.happen(ev.Wished(lang, message.get("large"), message.get("contrast")))

    def _menu(self, _peer: Peer, _message: Message) -> None:
        session = self._station.station.session
        if session is not None:
            self._peers.send("supervisor", "browse", session=session.id)


def _told(hear: Callable[[Message], None]) -> Handler:
    """For what is the same whoever of the role says it."""
    return lambda _peer, message: hear(message)
