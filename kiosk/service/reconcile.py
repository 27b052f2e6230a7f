"""The station's one thread: events in, rules asked, effects carried out, state pushed.

Everything that changes the station goes through `happen`; other threads get there by `ask`.
"""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, TypeVar

from kiosk.clock import Clock, Reading
from kiosk.loop import Loop
from kiosk.rules import effects as do
from kiosk.rules import events as ev
from kiosk.rules.effects import Effect, RefuseCode
from kiosk.rules.hours import planned_minutes
from kiosk.rules.policy import Policy
from kiosk.rules.station import State, Station, next_due, react
from kiosk.rules.station_status import status
from kiosk.service import meter
from kiosk.service.dating import Dating
from kiosk.service.page_voice import PageVoice
from kiosk.service.peers import Peers
from kiosk.service.printing import PrintFacts
from kiosk.service.pulse import Pulse
from kiosk.service.recorder import Recorder
from kiosk.service.session_facts import NOTHING, SessionFacts
from kiosk.store import facts, redating, sessions
from kiosk.store.thread import Store

log = logging.getLogger(__name__)
T = TypeVar("T")

TICK = 1.0


class Reconciler:
    """Holds the station and its surroundings together. `site_facts`: what the state message says besides the rules."""

    def __init__(
        self, loop: Loop, clock: Clock, policy: Policy, store: Store, recorder: Recorder, dating: Dating
    ) -> None:
        self.loop, self.clock, self.policy, self.store, self.recorder = loop, clock, policy, store, recorder
        self.dating = dating
        self.peers: Peers | None = None
        self.opened_under = policy  # the latest session: it keeps what it was begun with
        self.station = Station()
        self.meter = meter.Meter()
        self.site_facts: dict[str, Any] = {}
        self.session_facts = SessionFacts(self)
        self.print_facts = PrintFacts(self)
        self.page_voice = PageVoice(self)
        self.export_facts: Callable[[], dict[str, Any]] = dict
        self.class_facts: Callable[[], dict[str, str] | None] = lambda: None
        self.memory_facts: Callable[[], dict[str, Any]] = dict
        self.ticket_facts: Callable[[Reading], dict[str, Any] | None] = lambda _now: None
        self.health_counts: Callable[[Reading], dict[str, int]] = lambda _now: {}
        self.memory_troubles: Callable[[Reading], list[dict[str, str]]] = lambda _now: []
        self.open_staff: Callable[[str], None] = lambda _session: None
        self.snapshot: dict[str, Any] = {}
        self.bar_height = 0
        self._idle: tuple[float, float] | None = None
        self._pulse = Pulse(store)
        self._counts: tuple[str, int, int] | None = None
        self._trusted = False
        self._tick_number = 0
        self._tick_at: float | None = None

    # -- events

    def happen(self, event: ev.Event) -> RefuseCode | None:
        """Let the rules react, carry out what they order, push the state; why it was refused, if it was."""
        now = self.clock.read()
        before = self.station
        self.station, effects = react(before, event, self.policy, now)
        refused: RefuseCode | None = None
        for effect in effects:
            if isinstance(effect, do.Refuse):
                refused = effect.code
            elif isinstance(effect, do.RecordStart) and not self.recorder.start(effect, now):
                # As if it had not happened, and the citizen is back at START.
                self.station, refused = replace(before, state=State.FREE, ticket=None), "ticket"
                break
            else:
                self._carry_out(effect, now)
        if self.station.queue != before.queue:
            kept = self.station.queue
            self.recorder.keep(lambda db: facts.keep_queue(db, kept.as_fact()))
        self.push(now)
        if self.station != before and not isinstance(event, ev.Tick):
            self._schedule()
        return refused

    def adopt(self, policy: Policy) -> None:
        """Go by another policy from now on. Who is there keeps what was granted."""
        self.policy = policy
        self.happen(ev.Tick(self._idle_seconds(self.clock.read())))

    def ask(self, work: Callable[[], T]) -> T:
        """Run `work` in the station's thread and wait for its result; for the web's threads."""
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(work())
            except BaseException as error:  # it belongs to the asker, not to the loop
                answer.set_exception(error)

        self.loop.call_soon(run)
        return answer.result(timeout=30)

    def new_session_id(self) -> str:
        """A random name for a session; it dies with it."""
        return secrets.token_hex(8)

    # -- effects

    def _carry_out(self, effect: Effect, now: Reading) -> None:
        match effect:
            case do.CoverScreen():
                self.push(now)
            case do.OpenSession(session, prefs):
                self._idle = None
                self.session_facts.forget()
                self.print_facts.forget()
                self.page_voice.forget(prefs.voice)
                self.order("open", session=session, **vars(prefs), top=self.bar_height, **self._allow())
            case do.OpenStaff(session):
                self.open_staff(session)
            case do.EndSession(session):
                self.session_facts.forget()
                self.page_voice.forget()
                self.print_facts.forget()
                self.order("end", session=session)
            case do.RecordStart():
                log.info("session started")
            case do.RecordHeartbeat():
                self.recorder.beat(effect, now)
            case do.RecordExtension():
                self.recorder.extend(effect)
                log.info("session extended")
            case do.RecordTakenBack():
                self.recorder.take_back(effect)
                log.info("session shortened again")
            case do.RecordNote():
                self.recorder.note(effect)
            case do.RecordFactor():
                self.recorder.stretch(effect)
            case do.RecordEnd():
                self.recorder.end(effect, now)
                self._counts = None
                log.info("session ended: %s", effect.reason)

    def _allow(self) -> dict[str, Any]:
        """What this session may do with sticks, paper and the web, to its end; the supervisor judges it."""
        self.opened_under = self.policy
        sticks, paper = self.policy.sticks, self.policy.print
        word = "none" if not sticks.allowed else "read" if sticks.read_only else "write"
        web = "open" if self.policy.programs.internet else "closed"
        return {"sticks": word, "paper": paper.mode, "pages": paper.pages_max, "web": web}

    def order(self, verb: str, **fields: Any) -> None:
        """Tell the supervisor to do something."""
        if self.peers is None or not self.peers.send("supervisor", verb, **fields):
            log.warning("no supervisor to order: %s", verb)

    # -- time

    def start(self) -> None:
        """Begin to tick."""
        self._tick(self._tick_number)

    def in_service(self) -> bool:
        """Whether the station offers anything just now; copies are made while it does."""
        return self.station.state not in (State.CLOSED, State.OUT_OF_ORDER)

    def idle(self, seconds: float, now: Reading) -> None:
        """The bar says for how long nobody has touched anything."""
        self._idle = (seconds, now.boot)

    def _tick(self, number: int) -> None:
        if number != self._tick_number:
            return  # another tick was scheduled since
        self._tick_at = None
        now = self.dating.look()
        self._mind_date(now)
        self.meter.look(now, self.in_service())
        if self.meter.due(now):
            self.meter.note(now, self.health_counts(now))
            if not self.recorder.waiting():
                taken, planned = self.meter.take(), planned_minutes(self.policy, now.local.date())
                seen = self.dating.seen(now)
                self.recorder.keep(lambda db: meter.write(db, taken, planned, now, seen))
        if self.store.damaged:
            log.error("the store is damaged: this service ends, and the next one restores a copy")
            self.loop.stop()
            return
        if self.recorder.waiting() and self.recorder.retry():
            self._counts = None
        self.happen(ev.Tick(self._idle_seconds(now)))
        if self.peers is not None:
            self.peers.send("supervisor", "beat", store=self._pulse.felt(now.boot))
        self._schedule()

    def _mind_date(self, now: Reading) -> None:
        """When trust comes, what this boot counted without a date gets it at once; until then nothing is dated."""
        if now.trusted and not self._trusted:
            self.recorder.keep(lambda db: redating.redate(db, now))
        if now.trusted != self._trusted:
            self._trusted, self._counts = now.trusted, None
            log.info("the date %s", "can be trusted" if now.trusted else "cannot be trusted")

    def _schedule(self) -> None:
        """The next tick, within a second. One that comes sooner stays: else who taps every second would put it off for
        ever, and the supervisor would take us for dead.
        """
        now, due = self.clock.read().boot, next_due(self.station)
        # Never before it is due, or the loop would spin on the last millisecond.
        at = now + (TICK if due is None else min(TICK, max(0.0, due - now) + 0.002))
        if self._tick_at is not None and self._tick_at <= at:
            return
        self._tick_number += 1
        number, self._tick_at = self._tick_number, at
        self.loop.after(at - now, lambda: self._tick(number))

    def _idle_seconds(self, now: Reading) -> float | None:
        if self._idle is None:
            return None
        seconds, at = self._idle
        # The bar reports every second while nobody touches anything; silence means a touch, or no bar.
        return seconds + now.boot - at if now.boot - at < 3.0 else None

    # -- what others see

    def push(self, now: Reading) -> None:
        """Make the state message and send it to the screens."""
        before = self.snapshot
        self.snapshot = {**self.site_facts, **status(self.station, self.policy, now), **self._surroundings(now)}
        self._mind_warning(before)
        if self.peers is not None:
            self.peers.show(self.snapshot)

    def _mind_warning(self, before: dict[str, Any]) -> None:
        """At each warning what waits for the sticks is written to them: many pull theirs out soon after."""
        now, session = self.snapshot, self.station.session
        if session is not None and now["warning"] not in (None, before.get("warning")):
            self.order("write_out", session=session.id)

    def _surroundings(self, now: Reading) -> dict[str, Any]:
        today, month = self._visits(now)
        return {
            **(self.session_facts.shown if self.station.session is not None else NOTHING),
            "print": self.print_facts.shown(now),
            "page_voice": self.page_voice.number,
            "visits_today": today,
            "visits_month": month,
            "online": self.meter.online,
            "clock_trusted": now.trusted,
            "clock": self.dating.shown(now),
            "export": self.export_facts(),
            "memory": self.memory_facts(),
            "ticket": self.ticket_facts(now),
            "class": self.class_facts(),
            "sticks_offered": self._sticks_offered(),
            "troubles": self.site_facts["troubles"] + self._not_written() + self.memory_troubles(now),
        }

    def _sticks_offered(self) -> bool:
        """Whether a citizen may be told to plug in a stick: the site wants it, and they have a user of their own."""
        policy = self.policy if self.station.session is None else self.opened_under
        sticks, level = policy.sticks, (self.site_facts.get("isolation") or {}).get("level")
        return sticks.allowed and not sticks.read_only and level not in (None, "none")

    def _visits(self, now: Reading) -> tuple[int, int]:
        """Visits of today and of this month; without a date those since the PC was switched on, as both."""
        day = now.day if now.trusted else ""
        if self._counts is None or self._counts[0] != day:
            self.dating.count(now.boot_id)
            boot = self.dating.undated_now.visits
            self._counts = (day, *(self.store.run(sessions.counts, day) if day else (boot, boot)))
        return self._counts[1:]

    def _not_written(self) -> list[dict[str, str]]:
        trouble = self.recorder.trouble
        return [] if trouble is None else [{"code": "not_written", "detail": trouble.message[:200]}]
