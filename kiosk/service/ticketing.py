"""Tickets at the service: what a typed code is answered, and what wrong ones cost. They are made in ticket_desk.py.

The answer is part of the state (`ticket`): why not, the seconds to wait, and a number that tells one answer from the
next. A good code begins the questions; it is used up only when the session starts (recorder.py).
"""

from math import ceil
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.rules import events as ev
from kiosk.rules import tickets as rules
from kiosk.rules.station import State
from kiosk.rules.tickets import WhyNot
from kiosk.service.reconcile import Reconciler
from kiosk.store import throttle, tickets

# So long an answer is shown to whoever is at the lock.
SHOWN_SECONDS = 60.0


class Ticketing:
    """The station's tickets. `shown` is the state's `ticket`."""

    def __init__(self, station: Reconciler) -> None:
        self._station = station
        self._why: WhyNot | None = None
        self._answered_at = self._wait_until = 0.0
        self._number = 0

    def shown(self, now: Reading) -> dict[str, Any] | None:
        """The last answer, while it matters to somebody."""
        wait = ceil(max(0.0, self._wait_until - now.boot))
        if self._why is None or (now.boot > self._answered_at + SHOWN_SECONDS and not wait):
            return None
        why = "wait" if wait else self._why
        return {"why_not": why, "wait_seconds": wait, "number": self._number}

    def typed(self, code: str) -> None:
        """A code from the lock."""
        station = self._station
        if station.station.state is not State.FREE:
            return
        now = station.clock.read()
        try:
            ticket, why, wait = self._look(code[:20], now)
        except KioskError:
            ticket, why, wait = None, "trouble", 0
        if why is None and station.happen(ev.Begin(ticket)) is None:
            self._why = None
            return
        self.refuse(why, wait)

    def refuse(self, why: WhyNot | None, wait: float = 0.0) -> None:
        """Answer the lock."""
        now = self._station.clock.read()
        self._why, self._answered_at, self._wait_until = why, now.boot, now.boot + wait
        self._number += 1
        self._station.push(now)

    def _look(self, code: str, now: Reading) -> tuple[rules.Ticket | None, WhyNot | None, int]:
        if not rules.well_formed(code):
            return None, "mistyped", 0
        run = self._station.store.run
        allowed, wait = run(throttle.begin_try, tickets.THROTTLE, now, tickets.LIMIT)
        if not allowed:
            return None, "wait", wait
        ticket = run(tickets.find, code)
        why = rules.why_not(ticket, now.wall.timestamp(), now.trusted)
        return ticket, why, wait if why == "unknown" else 0
