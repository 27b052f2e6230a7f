"""One errand of a way up: what a courier is asked, and what becomes of each word that it brings back.

Whatever it tells is in the ledger before the next word is heard, so that a power cut at any moment only means that some
bundles are sent twice, and counted once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kiosk.clock import Clock
from kiosk.export.outbox import put_back
from kiosk.export.run import Exporter
from kiosk.service.errands import Errands, Word
from kiosk.store import Store, acknowledged, bundles, facts
from kiosk.store.acknowledged import Told, Waits

log = logging.getLogger(__name__)

HTTPS, PLACE, STICK = "https", "place", "stick"
ASIDE = "aside"  # a folder of ours, out of which somebody may take them anywhere or nowhere


@dataclass(frozen=True)
class Way:
    """One way up, and what waits to go there. `to`: folder or address; "" over HTTPS."""

    kind: str
    to: str
    wanted: tuple[Waits, ...]


class WayErrand:
    """`progress`: {"done", "of"} while a courier is under way. `newer_card`: is told when it has brought one."""

    def __init__(self, store: Store, clock: Clock, errands: Errands, newer_card: Callable[[], object]) -> None:
        self._store, self._clock, self._errands, self._newer_card = store, clock, errands, newer_card
        self.progress: dict[str, int] | None = None

    def run(self, exporter: Exporter, way: Way, counts: dict[str, Any]) -> tuple[Word, set[str]]:
        """The courier's last word, and the days of bundles that stayed behind. What it did is added to `counts`.

        What was damaged in the outbox is written anew from the ledger, and a second courier brings it. KioskError.
        """
        missing: set[str] = set()
        last = self._courier(exporter, way, counts, missing)
        if missing:
            log.warning("damaged in the outbox: %s", ", ".join(sorted(missing)))
            whole = put_back(self._store, exporter.outbox, missing)
            missing -= whole
            if whole:
                again = replace(way, wanted=tuple(one for one in way.wanted if one.name in whole))
                last = self._courier(exporter, again, counts, missing)
        return last, {one.day for one in way.wanted if one.name in missing}

    def brought(self) -> None:
        """Notes that something new lies in the folder, or at the address, of [export] to."""
        self._store.run(facts.put, "brought", self._at())

    def _courier(self, exporter: Exporter, way: Way, counts: dict[str, Any], missing: set[str]) -> Word:
        assert exporter.paths is not None, "a station that sends has a home"
        job = {"do": "send" if way.kind == HTTPS else "carry", "home": str(exporter.paths.home), "to": way.to,
               "bundles": [[one.name, one.sha256] for one in way.wanted],
               "memory": self._store.run(acknowledged.memory)}  # fmt: skip
        try:
            return self._errands.run(job, partial(self._hear, way, counts, missing))
        finally:
            if way.kind not in (STICK, ASIDE):
                self.progress = None

    def _hear(self, way: Way, counts: dict[str, Any], missing: set[str], word: Word) -> None:
        match word["tell"]:
            case "progress" if way.kind not in (STICK, ASIDE):  # what goes onto a stick is not being sent
                self.progress = {"done": word["done"], "of": word["of"]}
            case "proved":
                told = Told(word["stored"], word["refused"], word["ledger"], word["marks"], word["at"])
                trusted = self._clock.read().trusted
                new, refused = self._store.run(acknowledged.take, told, way.kind, self._at(), trusted)
                counts["confirmed"] = counts.get("confirmed", 0) + new
                counts["refused"] = counts.get("refused", 0) + refused
            case "brought":
                if way.kind != ASIDE:
                    mark = bundles.mark_delivered if way.kind == PLACE else bundles.mark_carried
                    self._store.run(mark, word["names"], way.to)
                if way.kind == PLACE:
                    self.brought()
                counts.setdefault("written", []).extend(word["written"])
            case "missing":
                missing.update(word["names"])
            case "card":
                self._newer_card()

    def _at(self) -> str:
        return self._clock.read().wall.isoformat(timespec="seconds")
