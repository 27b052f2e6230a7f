"""Brings bundles to the province: asks what waits and when to try, lets a courier do it, keeps what came back.

Two ways, and both may be open: `https` to the province that this station joined, `place` to the folder or address of
`[export] to`. A stick, when staff ask for it, is the third.
"""

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.clock import Clock, Reading
from kiosk.errors import KioskError
from kiosk.export import enrolment
from kiosk.export.enrolment import Enrolled
from kiosk.export.run import Exporter
from kiosk.export.schedule import ASK_AGAIN
from kiosk.service.errands import ErrandFailed, Errands, Word
from kiosk.service.way_errand import ASIDE, HTTPS, PLACE, STICK, Way, WayErrand
from kiosk.service.way_refusals import damaged, no_line
from kiosk.service.way_tries import WayTries
from kiosk.store import acknowledged
from kiosk.store.acknowledged import Waits

# Seconds between two looks for receipts where everything was brought already.
LOOK_FOR_RECEIPTS = 3600.0
NEVER = float("inf")
DAMAGED = "damaged"  # not of a way: bundles that no way can bring


class WayUp:
    """`progress`: {"done", "of"} while a courier is under way. `trouble`: what went wrong last, until it goes well.

    `damaged`: days that wait and cannot be sent, for neither outbox nor ledger has them whole.
    """

    def __init__(self, exporter: Exporter, clock: Clock) -> None:
        self.exporter, self._clock = exporter, clock
        self._store = exporter.store
        self.errands = Errands()
        self._errand = WayErrand(self._store, clock, self.errands, self.enrolled)
        self._one_at_a_time = threading.Lock()
        self._tries = WayTries(self._store, (HTTPS, PLACE))
        self._receipts_at = -NEVER
        self.trouble: dict[str, KioskError] = {}
        self.damaged: tuple[str, ...] = ()

    @property
    def progress(self) -> dict[str, int] | None:
        """How far the courier under way is."""
        return self._errand.progress

    def enrolled(self) -> Enrolled | None:
        """Whose station this is, as the disk says now. KioskError where that cannot be read."""
        paths = self.exporter.paths
        found = None if paths is None else enrolment.load(paths)
        if found is not None:
            self._store.run(acknowledged.meet, [key.hex() for key in found.province], found.key)
        if self._tries.belongs("" if found is None else found.key):
            self.trouble.clear()
        return found

    def look(self) -> float:
        """Try what is due; seconds until the next try, as far as one is known of."""
        with self._one_at_a_time:
            waits = [self._tried(way) for way in self._ways()]
        return min(waits, default=NEVER)

    def next_try(self, now: Reading) -> float:
        """Seconds until something is sent by itself; infinite where nothing waits."""
        try:
            return min((self._wait(way, now) for way in self._ways()), default=NEVER)
        except KioskError:
            return NEVER

    def send_now(self) -> dict[str, int]:
        """Everything to the province at once, also what it refused; how many it `confirmed` and `refused`.

        RefusedError where there is no such way, KioskError with what went wrong.
        """
        with self._one_at_a_time:
            enrolled = self.enrolled()
            if enrolled is None or enrolled.way != HTTPS:
                raise no_line(enrolled)
            counts = {"confirmed": 0, "refused": 0}
            wanted = tuple(self._waiting())
            if wanted:
                self._run(Way(HTTPS, "", wanted), counts)
            return counts

    def carry_to(self, folder: str, mark: bool = True, bring: bool = True) -> dict[str, Any]:
        """Reads receipts in that folder, then writes what waits: `written`, `confirmed`, `waiting`, `unproved`.

        `mark`: what lies there counts as carried. Without `bring` nothing is written.
        """
        counts: dict[str, Any] = {"confirmed": 0, "refused": 0, "written": []}
        self.enrolled()
        way = Way(STICK if mark else ASIDE, folder, tuple(self._waiting()) if bring else ())
        last, _behind = self._go(way, counts)
        asked = {one.name for one in way.wanted}
        more = tuple(one for one in self._waiting() if one.name not in asked)  # the province was restored
        if more and bring:
            last, _behind = self._go(replace(way, wanted=more), counts)
        self._ways()  # what was in trouble may be there by now
        return counts | {"waiting": len(self._waiting()), "unproved": int(last.get("unproved", 0))}

    def stop(self) -> None:
        """End what is under way."""
        self.errands.stop()

    def brought(self) -> None:
        """Notes that something new lies in the folder, or at the address, of [export] to."""
        self._errand.brought()

    def _waiting(self) -> list[Waits]:
        identity = self.exporter.identity
        return self._store.run(acknowledged.waiting, identity.site, identity.station)

    def _ways(self) -> list[Way]:
        """The ways that are open and have something to do."""
        enrolled, to = self.enrolled(), self.exporter.far or str(self.exporter.to or "")
        ways, now, waiting = [], self._clock.read(), self._waiting()
        if enrolled is not None and enrolled.way == HTTPS:
            asked = tuple(one for one in waiting if _to_be_asked(one, now))
            ways += [Way(HTTPS, "", asked)] if asked else []
        if self.exporter.far or (to and enrolled is not None):
            fresh = tuple(one for one in waiting if one.delivered != to)
            look = enrolled is not None and bool(waiting) and now.boot - self._receipts_at >= LOOK_FOR_RECEIPTS
            ways += [Way(PLACE, to, fresh)] if fresh or look else []
        for kind in {HTTPS, PLACE} - {way.kind for way in ways}:
            self._tries.begun(kind)
        self._well_again({HTTPS} & {way.kind for way in ways} | ({PLACE} if to and waiting else set()), waiting)
        return ways

    def _well_again(self, open_ways: set[str], waiting: list[Waits]) -> None:
        """Where nothing waits any more, what went wrong once is no trouble."""
        for kind in {HTTPS, PLACE} - open_ways:
            self.trouble.pop(kind, None)
            self._tries.went_well(kind)
        self._cannot_go({one.day for one in waiting if one.day in self.damaged})

    def _wait(self, way: Way, now: Reading) -> float:
        near = way.kind == PLACE and not self.exporter.far  # a folder is not asked by thousands at once
        return self._tries.wait(way.kind, self.exporter.identity, 0.0 if near else self.exporter.spread, now)

    def _tried(self, way: Way) -> float:
        now = self._clock.read()
        wait = self._wait(way, now)
        if wait > 0:
            return wait
        whose = self._tries.whose
        try:
            if self._run(way, {}):
                return NEVER
            at_least = 0.0
        except KioskError as error:
            if self.errands.stopped:
                return NEVER
            at_least = error.wait if isinstance(error, ErrandFailed) else 0.0
        if self._tries.whose == whose:
            self._tries.failed(way.kind, self._clock.read(), at_least)
        return self._wait(way, self._clock.read())

    def _run(self, way: Way, counts: dict[str, Any]) -> bool:
        """Its trouble is shown until one of this way goes well; False where damaged bundles stayed behind."""
        self._tries.begun(way.kind)
        self._receipts_at = self._clock.read().boot if way.kind == PLACE else self._receipts_at
        whose = self._tries.whose
        try:
            behind = self._go(way, counts)[1]
        except KioskError as error:
            if self._tries.whose == whose:  # it may have joined another province meanwhile
                self.trouble[way.kind] = error
            raise
        self.trouble.pop(way.kind, None)
        if not behind:
            self._tries.went_well(way.kind)
        return not behind

    def _go(self, way: Way, counts: dict[str, Any]) -> tuple[Word, set[str]]:
        last, behind = self._errand.run(self.exporter, way, counts)
        asked = {one.day for one in way.wanted}
        self._cannot_go({day for day in self.damaged if day not in asked} | behind)
        return last, behind

    def _cannot_go(self, days: set[str]) -> None:
        self.damaged = tuple(sorted(days))
        if days:
            self.trouble[DAMAGED] = damaged(self.damaged)
        else:
            self.trouble.pop(DAMAGED, None)


def _to_be_asked(one: Waits, now: Reading) -> bool:
    """What was refused is asked for now and then: an officer may have released it."""
    if one.refused is None or one.asked is None:
        return True
    return now.trusted and abs(now.wall - datetime.fromisoformat(one.asked)) >= ASK_AGAIN
