"""What the panel's page of equipment asks and orders: how everything is doing, faults reported and repaired.

The PC itself goes out of order with its fault and comes back with its repair; a printer or the Internet has a line in
the journal only.
"""

from collections.abc import Callable
from datetime import datetime

from kiosk.clock import LOCAL, Reading
from kiosk.errors import RefusedError
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

    def report(self, what: str, reason: str, who: str) -> None:
        """`what` (rules/journal.py WHATS) does not work. RefusedError where that cannot be said now."""
        if what == "pc":
            self._staff.staff("out_of_order", who, reason=reason)
        else:
            self._store.run(journal.open_fault, what, reason, who, self._now())

    def repaired(self, what: str, note: str, who: str) -> None:
        """It works again; `note`: what was done. Nothing where no fault of it is open. RefusedError like report."""
        if what != "pc":
            self._store.run(journal.close_fault, what, who, self._now(), note)
            return
        if self._read().trusted:
            self._store.run(journal.close_fault, what, who, self._now(), note)
        if self._staff.status().get("state") == "out_of_order":
            self._staff.staff("in_service", who)

    def _now(self) -> datetime:
        """A moment of the day that the journal is written under: of the last trusted one where today's is not."""
        now = self._read()
        known = now.wall if now.trusted else self._store.run(facts.good_wall)
        if known is None:
            message, hint = _("The date of this PC cannot be trusted yet."), _("Confirm date and time on the panel.")
            raise RefusedError(message, hint)
        return known.astimezone(LOCAL)
