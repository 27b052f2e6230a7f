"""What staff do from the desk besides face.STAFF_ACTIONS: start somebody with their answers, write to them, hold a
class, take minutes back, restart the PC. Called from the web's threads; the work is done in the station's.

No journal of staff says what was answered or written, and nothing of it is logged.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kiosk.errors import UsageError
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.rules.notes import tidy
from kiosk.rules.questions import check_answers, questions
from kiosk.service.class_book import ClassBook
from kiosk.service.power import Power
from kiosk.service.refusals import refusal
from kiosk.store import audit
from kiosk.store.journal import Line
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

MOST_MINUTES = 24 * 60.0
LONGEST_TITLE = 100


class Desk:
    """One method for each thing; each may raise RefusedError, as Face.staff does."""

    def __init__(self, station: "Reconciler") -> None:
        self._station = station
        self.book = ClassBook(station)
        self.power_wish = Power(station)
        station.class_facts = self.book.shown

    def status(self) -> dict[str, Any]:
        """The state message, from memory."""
        return self._station.snapshot

    def start(self, who: str, answers: Mapping[str, list[str]], minutes: float | None) -> None:
        """A session for somebody at the desk, with what they answered. BadAnswer for answers that cannot be."""
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise UsageError(_("Minutes go from 1 to {n}.", n=int(MOST_MINUTES)), _("Choose another number."))

        def work() -> None:
            given: Answers = check_answers(questions(self._station.policy), answers)
            session = self._station.new_session_id()
            self._happen(ev.SignIn(session, answers=given, by="staff", minutes=minutes), who, "start")

        self._station.ask(work)

    def tell(self, who: str, session: str, text: str) -> None:
        """Write to whoever is at the PC; an empty text takes back what stands there."""
        note = ev.Tell(session, secrets.token_hex(4), tidy(text))
        self._do(note, who, "message" if note.text else "no_message")

    def take_back(self, who: str, session: str) -> None:
        """Undo the minutes that were just added."""
        self._do(ev.TakeBack(session), who, "take_back")

    def begin_class(self, who: str, title: str) -> None:
        """A class begins on this PC, unless one before it still has to be written down."""
        title = " ".join(title.split())[:LONGEST_TITLE]

        def work() -> None:
            if self.book.waits():
                raise refusal("class_waits")
            self._happen(ev.ClassMode(True, self._station.new_session_id()), who, "class")
            self.book.begin(title, self._station.clock.read().wall)
            self._station.push(self._station.clock.read())

        self._station.ask(work)

    def end_class(self, who: str, session: str) -> None:
        """It is over; its people are written down by `write_class`."""

        def work() -> None:
            running = self._station.station.session
            if running is None or running.id != session:
                raise refusal("changed")
            self._happen(ev.ClassMode(False), who, "class_over")

        self._station.ask(work)

    def write_class(self, who: str, key: str, fields: Mapping[str, object]) -> None:
        """The class `key`, which is over, as a line of the journal. WrongEntry names the fields that are wrong."""
        self._in_book(lambda: self.book.write(key, fields, who, self._station.clock.read().wall))

    def forget_class(self, who: str, key: str) -> None:
        """The class `key`, which is over, is not written down."""
        self._in_book(lambda: self.book.forget(key))

    def written_class(self, key: str) -> Line | None:
        """What somebody has written down of the class `key`."""
        return self.book.written(key)

    def power(self, who: str, act: str, session: str) -> None:
        """Restart or switch off the PC; the session that the page showed ends first."""
        self._station.ask(lambda: self.power_wish.want(act, session, who))

    def _in_book(self, work: Callable[[], None]) -> None:
        def with_push() -> None:
            work()
            self._station.push(self._station.clock.read())

        self._station.ask(with_push)

    def _do(self, event: ev.Event, who: str, action: str) -> None:
        self._station.ask(lambda: self._happen(event, who, action))

    def _happen(self, event: ev.Event, who: str, action: str) -> Any:
        code = self._station.happen(event)
        if code is not None:
            raise refusal(code)
        now = self._station.clock.read()
        self._station.recorder.keep(lambda db: audit.note(db, now.wall, who, action, ""))
