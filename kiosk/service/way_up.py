"""Brings bundles to the province: asks what waits and when to try, lets a courier do it, keeps what came back.

Two ways, and both may be open: `https` to the province that this station joined, `place` to the folder or address of
`[export] to`. Whatever a courier tells is in the ledger before the next word is heard, so that a power cut at any
moment only means that some bundles are sent twice, and counted once.
"""

import json
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from kiosk.clock import Clock, Reading
from kiosk.errors import KioskError, RefusedError
from kiosk.export import enrolment
from kiosk.export.enrolment import Enrolled
from kiosk.export.run import Exporter
from kiosk.export.schedule import ASK_AGAIN, Tries, spread, tries_of, until_next
from kiosk.service.errands import ErrandFailed, Errands, Word
from kiosk.store import acknowledged, bundles, facts
from kiosk.store.acknowledged import Told, Waits
from kiosk.translations import _

# Seconds between two looks for receipts where everything was brought already.
LOOK_FOR_RECEIPTS = 3600.0
NEVER = float("inf")
HTTPS, PLACE = "https", "place"


@dataclass(frozen=True)
class Way:
    """One way up, and what waits to go there. `to`: folder or address; "" over HTTPS."""

    kind: str
    to: str
    wanted: tuple[Waits, ...]


class WayUp:
    """`progress`: {"done", "of"} while a courier is under way. `trouble`: what went wrong last, until it goes well."""

    def __init__(self, exporter: Exporter, clock: Clock) -> None:
        self.exporter, self._clock = exporter, clock
        self._store = exporter.store
        self.errands = Errands()
        self._one_at_a_time = threading.Lock()
        told = json.loads(self._store.run(facts.get, "sending") or "{}")
        self._tries = {kind: tries_of(told.get(kind)) for kind in (HTTPS, PLACE)}
        self._ready: dict[str, float] = {}
        self._receipts_at = -NEVER
        self.progress: dict[str, int] | None = None
        self.trouble: dict[str, KioskError] = {}

    def enrolled(self) -> Enrolled | None:
        """Whose station this is, as the disk says now. KioskError where that cannot be read."""
        paths = self.exporter.paths
        found = None if paths is None else enrolment.load(paths)
        if found is not None:
            self._store.run(acknowledged.meet, [key.hex() for key in found.province], found.key)
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
                raise _no_line(enrolled)
            counts = {"confirmed": 0, "refused": 0}
            wanted = tuple(self._waiting())
            if wanted:
                self._run(Way(HTTPS, "", wanted), counts)
            return counts

    def carry_to(self, folder: str) -> dict[str, Any]:
        """Reads receipts in that folder, then writes what waits: `written`, `confirmed`, `waiting`, `unproved`."""
        counts: dict[str, Any] = {"confirmed": 0, "refused": 0, "written": []}
        self.enrolled()
        way = Way("stick", folder, tuple(self._waiting()))
        last = self.errands.run(self._job(way), partial(self._hear, way, counts))
        return counts | {"waiting": len(self._waiting()), "unproved": int(last.get("unproved", 0))}

    def stop(self) -> None:
        """End what is under way."""
        self.errands.stop()

    def brought(self) -> None:
        """Notes that something new lies in the folder, or at the address, of [export] to."""
        self._store.run(facts.put, "brought", self._clock.read().wall.isoformat(timespec="seconds"))

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
            self._ready.pop(kind, None)
        return ways

    def _wait(self, way: Way, now: Reading) -> float:
        identity, tries = self.exporter.identity, self._tries[way.kind]
        if tries.failures:
            return until_next(tries, identity.site, identity.station, now)
        if not self.exporter.spread or (way.kind == PLACE and not self.exporter.far):
            return 0.0
        ready = self._ready.setdefault(way.kind, now.boot)
        return max(0.0, ready + spread(identity.site, identity.station, self.exporter.spread) - now.boot)

    def _tried(self, way: Way) -> float:
        now = self._clock.read()
        wait = self._wait(way, now)
        if wait > 0:
            return wait
        try:
            self._run(way, {})
        except KioskError as error:
            if self.errands.stopped:
                return NEVER
            at_least = error.wait if isinstance(error, ErrandFailed) else 0.0
            self._keep_tries(way.kind, self._tries[way.kind].failed(self._clock.read(), at_least))
            return self._wait(way, self._clock.read())
        return NEVER

    def _run(self, way: Way, counts: dict[str, Any]) -> None:
        """One errand; its trouble is shown until one of this way goes well."""
        self._ready.pop(way.kind, None)
        self._receipts_at = self._clock.read().boot if way.kind == PLACE else self._receipts_at
        try:
            self.errands.run(self._job(way), partial(self._hear, way, counts))
        except KioskError as error:
            self.trouble[way.kind] = error
            raise
        finally:
            self.progress = None
        self.trouble.pop(way.kind, None)
        self._keep_tries(way.kind, Tries())

    def _job(self, way: Way) -> Word:
        assert self.exporter.paths is not None, "a station that sends has a home"
        return {"do": "send" if way.kind == HTTPS else "carry", "home": str(self.exporter.paths.home), "to": way.to,
                "bundles": [[one.name, one.sha256] for one in way.wanted]}  # fmt: skip

    def _hear(self, way: Way, counts: dict[str, Any], word: Word) -> None:
        match word["tell"]:
            case "progress" if way.kind != "stick":  # what goes onto a stick is not being sent
                self.progress = {"done": word["done"], "of": word["of"]}
            case "proved":
                told = Told(word["stored"], word["refused"], word["ledger"], word["marks"])
                at = self._clock.read().wall.isoformat(timespec="seconds")
                new, refused = self._store.run(acknowledged.take, told, way.kind, at)
                counts["confirmed"] = counts.get("confirmed", 0) + new
                counts["refused"] = counts.get("refused", 0) + refused
            case "brought":
                mark = bundles.mark_delivered if way.kind == PLACE else bundles.mark_carried
                self._store.run(mark, word["names"], way.to)
                if way.kind == PLACE:
                    self.brought()
                counts.setdefault("written", []).extend(word["written"])

    def _keep_tries(self, kind: str, tries: Tries) -> None:
        if self._tries[kind] != tries:
            self._tries[kind] = tries
            self._store.run(
                facts.put, "sending", json.dumps({name: one.as_told() for name, one in self._tries.items()})
            )


def _to_be_asked(one: Waits, now: Reading) -> bool:
    """What was refused is asked for now and then: an officer may have released it."""
    if one.refused is None or one.asked is None:
        return True
    return now.trusted and abs(now.wall - datetime.fromisoformat(one.asked)) >= ASK_AGAIN


def _no_line(enrolled: Enrolled | None) -> RefusedError:
    if enrolled is None:
        return RefusedError(
            _("This station has not joined a province."), _("Ask the province for a code, then: kiosk enrol URL CODE.")
        )
    return RefusedError(
        _("This station sends by stick, not over the network."), _("Write to a stick: kiosk export write --to FOLDER.")
    )
