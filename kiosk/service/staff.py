"""What staff may do to the station, from the panel or a terminal: the `Face` of the web, in the loop's thread."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.rules import events as ev
from kiosk.rules.queue import Act
from kiosk.rules.station import State
from kiosk.rules.trust import may_be
from kiosk.service.desk import Desk
from kiosk.service.missed_words import MissedWords
from kiosk.service.reconcile import Reconciler
from kiosk.service.refusals import refusal
from kiosk.service.starring import Starring
from kiosk.service.ticket_desk import TicketDesk
from kiosk.service.ticketing import Ticketing
from kiosk.store import audit, facts, journal, missed, undated
from kiosk.translations import _

MOST_MINUTES = 24 * 60.0
NOT_SET = "clock_not_set"


class Staff:
    """Implements service/face.py's Face."""

    def __init__(self, station: Reconciler) -> None:
        self._station = station
        self.ticketing = Ticketing(station)
        self.ticket_desk = TicketDesk(station.store, station.clock.read, lambda: station.policy)
        self.desk = Desk(station)
        self.starring = Starring(station)
        self.missed = MissedWords(station.recorder, station.policy.disclosure.k, lambda: station.station)
        station.ticket_facts = self.ticketing.shown
        self._date_set_by: str | None = None

    def status(self) -> dict[str, Any]:
        """The state message, from memory."""
        return self._station.snapshot

    def staff(self, action: str, who: str, minutes: float | None = None, reason: str = "") -> None:
        """Do one of face.STAFF_ACTIONS in the name of `who`; RefusedError when the station's state forbids it."""
        self._station.ask(lambda: self.do(action, who, minutes, reason))

    def numbers(self, act: Act, number: int | None = None) -> None:
        """Give a waiting number, call one, …; RefusedError where the numbers are not any more as staff saw them."""

        def work() -> None:
            code = self._station.happen(ev.Numbers(act, number))
            if code is not None:
                raise refusal(code)

        self._station.ask(work)

    def count_open(self, item_id: str) -> None:
        """Count an opened item of the menu, by day only."""
        station = self._station
        place = undated.place(station.clock.read())
        station.loop.call_soon(lambda: station.recorder.keep(lambda db: undated.opened(db, place, Counter([item_id]))))

    def count_miss(self, text: str) -> None:
        """Count a search that found nothing, in the sum of its day; its words once enough sessions asked for them."""
        station = self._station
        place = undated.place(station.clock.read())
        counted = {"searches_missed": 1}

        def count() -> None:
            station.recorder.keep(lambda db: undated.add(db, place, counted))
            self.missed.heard(text)

        station.loop.call_soon(count)

    def missed_words(self) -> list[tuple[str, int]]:
        """What at least k sessions looked for in vain, with how many did."""
        return self._station.store.run(missed.listed)

    def stars(self) -> Mapping[str, bool]:
        """What a manager put forward on the menu, or took off."""
        return self.starring.stars()

    def star(self, item: str, on: bool, who: str) -> None:
        """Put an item forward on the menu, or take it off."""
        self.starring.star(item, on, who)

    def run_program(self, command: str) -> None:
        """Have the supervisor start a program of the policy for the citizen who is there."""

        def work() -> None:
            station, peers = self._station.station, self._station.peers
            if station.state is not State.OPEN or station.session is None or peers is None:
                raise refusal("no_session")
            if not peers.send("supervisor", "run", session=station.session.id, program=command):
                raise refusal("no_supervisor")

        self._station.ask(work)

    def read_aloud(self, on: bool) -> None:
        """Let bar and pages be read aloud from now on, or no longer."""

        def work() -> None:
            self._station.happen(ev.Wished(voice=on))
            self._station.page_voice.hush()

        self._station.ask(work)

    def tell(self, parts: Sequence[Mapping[str, str]]) -> int:
        """Have parts of a page said; the number under which `heard` knows them."""
        return self._station.ask(lambda: self._station.page_voice.say(parts))

    def hush(self, number: int = 0) -> None:
        """Have the page's voice be silent."""
        self._station.ask(lambda: self._station.page_voice.hush(number))

    def heard(self) -> dict[str, Any]:
        """How far the page's voice is, from memory."""
        return self._station.page_voice.shown()

    def wish(self, lang: str, large: bool, contrast: bool) -> None:
        """Let the bar follow what the citizen chose on the menu."""
        wished = ev.Wished("en" if lang == "en" else "vi", large, contrast)
        self._station.ask(lambda: self._station.happen(wished))

    def print_order(self, action: str, who: str, job: int | None) -> None:
        """Let what waits be printed, or not. The journal says of how many pages, never of what."""
        self._station.ask(lambda: self.print_now(action, who, job))

    def print_now(self, action: str, who: str, job: int | None) -> None:
        """The same, already in the station's thread."""
        station = self._station
        pages = station.print_facts.order(action, job)
        now = station.clock.read()
        station.recorder.keep(lambda db: audit.note(db, now.wall, who, f"print_{action}", str(pages)))

    def confirm_date(self, who: str, offset: float) -> None:
        """The date is right as it was shown."""

        def work() -> None:
            self._station.dating.confirm(who, offset)
            self._forget_trouble()

        self._station.ask(work)

    def set_date(self, who: str, wall: datetime) -> None:
        """Have the supervisor set the clock; its answer comes to `date_was_set`."""

        def work() -> None:
            if not may_be(wall):
                raise refusal("date_impossible")
            peers = self._station.peers
            self._date_set_by = who
            if peers is None or not peers.send("supervisor", "set_time", seconds=wall.timestamp()):
                self._date_set_by = None
                raise refusal("no_supervisor")

        self._station.ask(work)

    def date_was_set(self, ok: bool, detail: str) -> None:
        """The answer of the supervisor, in the loop: the date is confirmed by who set it, or the failure is shown."""
        who, self._date_set_by = self._date_set_by, None
        self._forget_trouble()
        if ok and who is not None:
            self._station.dating.confirm(who, action="set_clock")
        elif not ok:
            self._station.site_facts["troubles"].append({"code": NOT_SET, "detail": detail[:40]})

    def _forget_trouble(self) -> None:
        known: list[dict[str, str]] = self._station.site_facts["troubles"]
        known[:] = [trouble for trouble in known if trouble["code"] != NOT_SET]

    def do(self, action: str, who: str, minutes: float | None = None, reason: str = "") -> None:
        """The action itself, already in the station's thread."""
        event = self._event(action, who, minutes, reason)
        code = self._station.happen(event)
        if code is not None:
            raise refusal(code)
        if isinstance(event, ev.Accessible):
            return  # not in the journal: beside the visits of that hour it would tell of whom
        now = self._station.clock.read()
        self._remember(event, who, now)
        detail = reason if minutes is None else f"{minutes:g}"
        self._station.recorder.keep(lambda db: audit.note(db, now.wall, who, action, detail))

    def _event(self, action: str, who: str, minutes: float | None, reason: str) -> ev.Event:
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise UsageError(_("Minutes go from 1 to {n}.", n=int(MOST_MINUTES)), _("Choose another number."))
        match action:
            case "helped":
                return ev.Helped()
            case "start":
                return ev.SignIn(self._station.new_session_id(), by="staff", minutes=minutes)
            case "extend":
                return ev.Extend("staff", minutes)
            case "finish":
                return ev.Finish("manager")
            case "accessible" | "not_accessible":
                return ev.Accessible(action == "accessible")
            case "waiting" | "not_waiting":
                return ev.Waiting(action == "waiting")
            case "out_of_order":
                return ev.OutOfOrder(" ".join(reason.split())[:200] or "?", who)
            case "in_service":
                return ev.InService()
            case _:
                raise RefusedError("This action is not known.", "Try again.")

    def _remember(self, event: ev.Event, who: str, now: Reading) -> None:
        """What must survive a restart of the PC."""
        keep = self._station.recorder.keep
        if isinstance(event, ev.Waiting):
            keep(lambda db: facts.set_waiting(db, event.waiting))
        elif isinstance(event, ev.OutOfOrder):
            keep(lambda db: facts.set_out_of_order(db, event.reason, now.wall))
            keep(lambda db: journal.open_fault(db, "pc", event.reason, who, journal.known_moment(db, now)))
        elif isinstance(event, ev.InService):
            keep(lambda db: facts.set_out_of_order(db, None, now.wall))
            keep(lambda db: journal.close_fault(db, "pc", who, journal.known_moment(db, now)))
