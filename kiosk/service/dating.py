"""Holds what this boot knows of its date: asks the machine, keeps the answer, hears the manager, tells the clock.

The rule is rules/trust.py. The first look of a boot judges the hardware clock, before anything of this boot is
remembered; every later look of the loop asks the kernel. The answer survives a restart of the service, not a boot.
"""

import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from kiosk.clock import Clock, Reading
from kiosk.errors import KioskError
from kiosk.lean_sqlite import Database
from kiosk.rules import trust
from kiosk.rules.trust import AGREES, Belief, Evidence, Look
from kiosk.service.refusals import refusal
from kiosk.store import Store, audit, facts, undated
from kiosk.store.undated import Waiting

log = logging.getLogger(__name__)


class Witness(Protocol):
    """What the machine says of its date: machine_clock.Machine, or a test's own."""

    def synchronised(self) -> bool:
        """Whether the kernel's clock follows another one."""
        ...

    def hardware(self) -> datetime | None:
        """The hardware clock now."""
        ...

    def saved(self) -> tuple[datetime, ...]:
        """Times that some service had saved."""
        ...


class Dating:
    """The station's belief in its date. From its making on, `clock` says of every reading whether it is trusted."""

    def __init__(self, store: Store, clock: Clock, machine: Witness) -> None:
        self._store, self._clock, self._machine = store, clock, machine
        self._kept: dict[str, Any] = store.run(facts.clock)
        now = clock.read()
        saved = (*machine.saved(), *store.run(facts.seen))
        seen = Look(now.boot, now.wall, machine.synchronised(), machine.hardware(), saved)
        if self._kept.get("boot_id") == now.boot_id:
            self.belief = trust.after(_belief(self._kept), seen)
        else:
            self.belief = trust.at_boot(seen, store.run(facts.good_wall))
        self._seen_offset: float | None = None
        self._keep(now)
        clock.judge = lambda reading: self.belief.trusts(reading.offset)
        self.undated = Waiting(0, 0, 0)
        self.undated_now = Waiting(0, 0, 0)
        self.count(now.boot_id)

    def look(self) -> Reading:
        """The clocks now, after asking the kernel once more; for the station's loop."""
        now = self._clock.read()
        self.belief = trust.after(self.belief, Look(now.boot, now.wall, self._machine.synchronised()))
        self._keep(now)
        return self._clock.read()

    def seen(self, now: Reading) -> tuple[datetime, ...]:
        """What the clocks show, to be kept once a minute: one that stands still while the PC is off is known by it."""
        hardware = self._machine.hardware()
        return (now.wall,) if hardware is None else (now.wall, hardware)

    def confirm(self, who: str, offset: float | None = None, action: str = "confirm_clock") -> None:
        """A manager says that date and time are right; `offset`: as they were shown. RefusedError where they cannot be.

        Its sentences are message ids of the `web` catalogue.
        """
        now = self._clock.read()
        if offset is not None and abs(now.offset - offset) > AGREES:
            raise refusal("date_changed")
        if not trust.may_be(now.wall):
            raise refusal("date_impossible")
        self.belief = trust.confirmed(self.belief, now.offset)
        self._keep(now)
        log.info("a manager confirmed the date")
        self._store.run(audit.note, now.wall, who, action, f"{now.local:%Y-%m-%d %H:%M}")

    def count(self, boot_id: str) -> None:
        """Look up what has no date; `undated_now` is the part of this boot."""
        self.undated, self.undated_now = self._store.run(undated.waiting), self._store.run(undated.waiting, boot_id)

    def shown(self, now: Reading) -> dict[str, Any]:
        """`clock` of the state message. `offset`: by which a manager's answer is known to be about what was shown."""
        evidence = self.belief.evidence if now.trusted else None
        return {
            "trusted": now.trusted,
            "because": evidence.because if evidence else None,
            "why_not": None if now.trusted else "stepped" if self.belief.evidence else self.belief.refusal,
            "offset": round(now.offset),
            "undated": asdict(self.undated),
        }

    def _keep(self, now: Reading) -> None:
        """On disk only what changed; a disk that refuses is asked again at the next look."""
        found = _as_fact(now.boot_id, self.belief)
        moved = self._seen_offset is None or abs(now.offset - self._seen_offset) > AGREES
        if found == self._kept and not moved:
            return
        try:
            self._store.run(_write, found, self.seen(now))
        except KioskError as error:
            log.error("what is known of the date was not written: %s", error.message)
            return
        self._seen_offset = now.offset
        if found.get("because") != self._kept.get("because") or found["boot_id"] != self._kept.get("boot_id"):
            log.info("date: %s", found.get("because") or f"not trusted ({found['refusal']})")
        self._kept = found


def _write(db: Database, found: dict[str, Any], seen: tuple[datetime, ...]) -> None:
    facts.keep_clock(db, found)
    facts.keep_seen(db, seen)


def _as_fact(boot_id: str, belief: Belief) -> dict[str, Any]:
    """To ten seconds, so that a clock that is being slewed does not write to the disk all the time."""
    found: dict[str, Any] = {"boot_id": boot_id, "refusal": belief.refusal}
    if belief.evidence is not None:
        found |= {"because": belief.evidence.because, "offset": round(belief.evidence.offset / 10) * 10}
    return found


def _belief(kept: dict[str, Any]) -> Belief:
    evidence = Evidence(kept["because"], float(kept["offset"])) if "because" in kept else None
    return Belief(evidence, kept.get("refusal"))
