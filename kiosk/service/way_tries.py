"""When each way up is tried (export/schedule.py), kept across restarts, and begun anew with another province."""

import json

from kiosk.clock import Reading
from kiosk.export.outbox import Identity
from kiosk.export.schedule import Tries, Turn, tries_of, turn_of, until_next, until_turn
from kiosk.store import Store, facts

FACT = "sending"


class WayTries:
    """`of`: tries by way. `whose`: id of the key by which this station belongs to a province, "" where to none."""

    def __init__(self, store: Store, ways: tuple[str, ...]) -> None:
        self._store, self._ways = store, ways
        told = json.loads(store.run(facts.get, FACT) or "{}")
        self.of = {way: tries_of(told.get(way)) for way in ways}
        self.whose: str | None = told.get("whose")
        self._turns = {way: turn_of(turn) for way, turn in (told.get("turns") or {}).items()}

    def belongs(self, whose: str) -> bool:
        """Notes whose station it is; whether that is news. What went wrong with another province counts no more."""
        if self.whose == whose:
            return False
        new, self.whose = self.whose is not None, whose
        if new:
            self.of = dict.fromkeys(self._ways, Tries())
            self._turns = {}
        self._keep()
        return new

    def wait(self, way: str, identity: Identity, window: float, now: Reading) -> float:
        """Seconds until this way may be tried: after a failure its pause, else its own part of the window."""
        if self.of[way].failures:
            return until_next(self.of[way], identity.site, identity.station, now)
        if not window:
            return 0.0
        turn = self._turns.get(way, Turn()).seen(now)
        if self._turns.get(way) != turn:
            self._turns = self._turns | {way: turn}
            self._keep()
        return until_turn(turn, identity.site, identity.station, window, now)

    def begun(self, way: str) -> None:
        """Somebody is under way, or nothing is to be done: its moment has come, and the next is another."""
        if way in self._turns:
            self._turns = {name: turn for name, turn in self._turns.items() if name != way}
            self._keep()

    def failed(self, way: str, now: Reading, at_least: float = 0.0) -> None:
        """Once more."""
        self._note(way, self.of[way].failed(now, at_least))

    def went_well(self, way: str) -> None:
        """No pause any more."""
        self._note(way, Tries())

    def _note(self, way: str, tries: Tries) -> None:
        if self.of[way] != tries:
            self.of = self.of | {way: tries}
            self._keep()

    def _keep(self) -> None:
        tries = {way: one.as_told() for way, one in self.of.items()}
        turns = {way: one.as_told() for way, one in self._turns.items()}
        self._store.run(facts.put, FACT, json.dumps(tries | {"whose": self.whose, "turns": turns}))
