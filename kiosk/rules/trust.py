"""May the date be used? Pure: what the machine says comes in as a `Look`, what is remembered as `Known` (DESIGN.md 5).

A date is trusted only on evidence of this boot: (1) the kernel says that its clock is synchronised, or (2) the hardware
clock at boot was a believable one, or (3) a joined station with a trusted date says so, or (4) a manager confirmed it.
The evidence holds for the boot and for the offset of wall to boot time at which it was given: a clock that is set
afterwards by anybody but (1) loses it. No date in here is ever made up; at worst the answer is no.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

Because = Literal["synchronised", "hardware", "station", "manager"]
# Why the hardware clock of this boot is not believed.
Refusal = Literal["before_build", "before_last_good", "too_far", "saved", "stepped"]

# The day this software was made: no date before it can be right. Moved on with each release; a test holds it.
BUILT = datetime(2026, 11, 1, tzinfo=timezone.utc)
# A station was not switched off for longer than that; a clock that says so is likelier to be wrong.
FARTHEST = timedelta(days=400)
# A clock that stood still shows, at boot, a time that somebody had saved: a little after it by a hardware clock whose
# battery died in between, a little before it where a service set it some seconds after the boot.
STILL_AFTER, STILL_BEFORE = timedelta(seconds=120), timedelta(seconds=60)
# Hardware clock and kernel may drift apart by that much; more is a clock that was set. A date needs no better.
AGREES = 300.0


@dataclass(frozen=True)
class Look:
    """What the machine says now. `boot`: seconds since boot; `hardware`: its hardware clock now; `saved`: by others.

    `station`: a joined station with a trusted date says that ours is right.
    """

    boot: float
    wall: datetime
    synchronised: bool = False
    hardware: datetime | None = None
    saved: tuple[datetime, ...] = ()
    station: bool = False

    @property
    def offset(self) -> float:
        """As of clock.Reading."""
        return self.wall.timestamp() - self.boot


@dataclass(frozen=True)
class Evidence:
    """Why the date is trusted in this boot, and at which offset (seconds since 1970 UTC of boot second 0)."""

    because: Because
    offset: float

    def holds(self, offset: float) -> bool:
        """Whether the clock still stands as it did then."""
        return abs(offset - self.offset) <= AGREES


@dataclass(frozen=True)
class Belief:
    """What a boot knows about its date: evidence, or none yet; and what spoke against the hardware clock."""

    evidence: Evidence | None = None
    refusal: Refusal | None = None

    def trusts(self, offset: float) -> bool:
        """Whether a reading at this offset has a date."""
        return self.evidence is not None and self.evidence.holds(offset)


def at_boot(look: Look, last_good: datetime | None) -> Belief:
    """The first look of a boot, before anything else of this boot is remembered: is the hardware clock believable?

    `last_good` was noted in an earlier boot. Where a machine shows no hardware clock, the kernel had its first time
    from elsewhere (a hypervisor, a service): the same questions are asked of that.
    """
    why = refusal(look, last_good)
    evidence = None if why else Evidence("hardware", look.offset)
    return after(Belief(evidence, why), look)


def refusal(look: Look, last_good: datetime | None) -> Refusal | None:
    """What speaks against the hardware clock; None when nothing does."""
    now = look.wall if look.hardware is None else look.hardware
    then = now - timedelta(seconds=look.boot)
    newest = BUILT if last_good is None else max(BUILT, last_good)
    if now < BUILT:
        return "before_build"
    if last_good is not None and then < last_good:
        return "before_last_good"
    if now > newest + FARTHEST:
        return "too_far"
    known = look.saved if last_good is None else (*look.saved, last_good)
    if any(-STILL_BEFORE <= then - one <= STILL_AFTER for one in known):
        return "saved"
    if abs((look.wall - now).total_seconds()) > AGREES:
        return "stepped"
    return None


def after(belief: Belief, look: Look) -> Belief:
    """Every later look: the kernel, or else a joined station, may bring trust, also back after a step."""
    if look.synchronised:
        return Belief(Evidence("synchronised", look.offset), belief.refusal)
    if look.station and not belief.trusts(look.offset):
        return Belief(Evidence("station", look.offset), belief.refusal)
    return belief


def confirmed(belief: Belief, offset: float) -> Belief:
    """A manager has looked at date and time and says that they are right."""
    return Belief(Evidence("manager", offset), belief.refusal)


def may_be(wall: datetime) -> bool:
    """Whether a manager may set or confirm this date: not before the software was made, nor 20 years after it."""
    return BUILT <= wall <= BUILT + timedelta(days=20 * 365)
