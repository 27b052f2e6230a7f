"""What the panel's page of equipment asks and orders: how everything is doing, faults reported and repaired.

The PC itself goes out of order with its fault and comes back with its repair; a printer or the Internet has a line in
the journal only.
"""

from collections.abc import Callable
from datetime import datetime

from kiosk.clock import LOCAL, Reading
from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
from kiosk.rules.journal_entry import LONGEST_WORDS, Entry, tidy
from kiosk.service.face import Face
from kiosk.service.health import Health, Seen
from kiosk.store import Store, facts, journal
from kiosk.translations import _


class Equipment:
    """`staff` takes the PC out of order and back; `read`: the clock."""

    def __init__(self, health: Health, staff: Face, store: Store, read: Callable[[], Reading]) -> None:
        self._health, self._staff, self._store, self._read = health, staff, store, read

    def seen(self) -> Seen:
        """How everything is doing, read now."""
        return self._health.seen()

    def report(self, what: str, reason: str, who: str, key: str | None = None) -> None:
        """`what` (rules/journal.py WHATS) does not work; the same `key` again is no second fault.

        RefusedError where that cannot be said now, or was said already.
        """
        if what != "pc":
            now = self._now()
            entry = Entry("fault", now.date(), None, {}, {"what": what, "words": tidy(reason)[:LONGEST_WORDS] or "?"})
            self._store.run(journal.report_fault, entry, who, now, key)
            return
        if self._is_away() and (known := self._store.run(self._fault_of_pc)) is not None:
            if known.reason == tidy(reason):
                return  # sent twice
            raise journal.AlreadyReported(known.since, known.reason)
        self._staff.staff("out_of_order", who, reason=reason)

    def repaired(self, what: str, note: str, who: str, number: int = 0) -> None:
        """It works again; `note`: what was done; `number`: of which line. Nothing where no fault of it is open.

        RefusedError like report.
        """
        if what != "pc":
            self._store.run(journal.close_fault, what, who, self._now(), note, number)
            return
        now = self._read()
        self._store.run(lambda db: journal.close_fault(db, what, who, journal.known_moment(db, now), note))
        if self._is_away():
            self._staff.staff("in_service", who)

    def fault(self, number: int) -> str:
        """What does not work by one line of the journal, in the words of who reported it."""
        return next((one.reason for one in self._store.run(journal.open_faults) if one.id == number), "")

    def _is_away(self) -> bool:
        return bool(self._staff.status().get("state") == "out_of_order")

    @staticmethod
    def _fault_of_pc(db: Database) -> journal.Fault | None:
        return next((one for one in journal.open_faults(db) if one.what == "pc"), None)

    def _now(self) -> datetime:
        """A moment of the day that the journal is written under: of the last trusted one where today's is not."""
        now = self._read()
        known = now.wall if now.trusted else self._store.run(facts.good_wall)
        if known is None:
            message, hint = _("The date of this PC cannot be trusted yet."), _("Confirm date and time on the panel.")
            raise RefusedError(message, hint)
        return known.astimezone(LOCAL)
