"""One citizen's session as a frozen value: what was charged, what is left, and when it is over.

Seconds are charged by boot time inside one boot, never by the wall clock. The closing time is turned into boot seconds
once, when the session starts or is resumed, so that no later change of the wall clock alters its length.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from kiosk.clock import Reading
from kiosk.rules.allowance import By, Offer, extension_offer, granted_at_start, warning_now, warnings_for
from kiosk.rules.hours import seconds_to_closing
from kiosk.rules.notes import Note
from kiosk.rules.policy import Policy

EndReason = Literal["signed_out", "time_up", "idle", "closing", "manager", "power", "fault"]
Way = Literal["citizen", "ticket", "staff", "class"]

# Two looks at the clock further apart than this, in one boot, mean that the station slept (DESIGN.md 3, suspend).
SUSPEND_GAP = 20.0
# The supervisor must have opened the citizen's programs by then; else the session ends as a fault.
OPEN_WITHIN = 60.0
# A session that ends this near to closing ended because the site closes, not because its own minutes were used.
_CLOSING_NEAR = 1.0


@dataclass(frozen=True)
class LiveRow:
    """The store's row of the running session, as it was at the last heartbeat.

    `charged` and `granted` in seconds; `boot` in seconds since boot `boot_id`; `wall` in seconds since 1970 (UTC),
    None where the date was not trusted.
    """

    session: str
    by: Way
    charged: float
    granted: float
    extensions: int
    boot_id: str
    boot: float
    wall: float | None
    staff_extended: bool = False
    time_factor: float = 1.0
    note: Note | None = None


@dataclass(frozen=True)
class Session:
    """All times in seconds since boot `boot_id`, all amounts in seconds. `at` is the last look at the clock."""

    id: str
    by: Way
    boot_id: str
    at: float
    granted: float
    closes_at: float | None
    opening_since: float
    active_at: float
    beat_at: float
    charged: float = 0.0
    counting: bool = False
    opened: bool = False
    extensions: int = 0
    staff_extended: bool = False
    asked_at: float | None = None

    @property
    def left(self) -> float:
        """Seconds the citizen still has: of the grant, and before closing."""
        left = self.granted - self.charged
        return max(0.0, left if self.closes_at is None else min(left, self.closes_at - self.at))

    def warning(self, policy: Policy) -> float | None:
        """The latest warning given, in minutes; None before the first."""
        return warning_now(policy.session.warnings, self.granted, self.left)

    def offer(self, policy: Policy, by: By, waiting: bool, reading: Reading, minutes: float | None = None) -> Offer:
        """What `by` may add now.

        A session with no warning before its end, too short for one or by policy, may be extended when no more than an
        extension is left: else somebody takes days at once.
        """
        unwarned = not warnings_for(policy.session.warnings, self.granted)
        near = unwarned and self.left <= policy.session.extension_minutes * 60
        to_closing = seconds_to_closing(policy, reading) if self.closes_at is None else self.closes_at - self.at
        # What is promised already counts in full, also where a suspend pushed its end behind closing.
        left = self.granted - self.charged
        return extension_offer(
            policy,
            by,
            left=left,
            warned=near or self.warning(policy) is not None,
            waiting=waiting,
            staff_used=self.staff_extended,
            to_closing=to_closing,
            minutes=minutes,
        )


def begin(policy: Policy, reading: Reading, session: str, by: Way, minutes: float | None = None) -> Session:
    """A new session; nothing is charged before its programs are open."""
    to_closing = seconds_to_closing(policy, reading)
    to_closing = _bound(by, to_closing)
    granted = granted_at_start(policy, to_closing, minutes)
    boot, closes_at = reading.boot, None if to_closing is None else reading.boot + to_closing
    return Session(session, by, reading.boot_id, boot, granted, closes_at, boot, boot, boot)


def _bound(by: Way, to_closing: float | None) -> float | None:
    """A class that is held while the site is closed is not ended by that; staff have begun it so."""
    return None if by == "class" and to_closing == 0 else to_closing


def resume(policy: Policy, reading: Reading, row: LiveRow) -> Session:
    """The session of `row` going on in a new boot: what was charged until the last heartbeat stays charged."""
    to_closing, boot = _bound(row.by, seconds_to_closing(policy, reading)), reading.boot
    closes_at = None if to_closing is None else boot + to_closing
    session = Session(row.session, row.by, reading.boot_id, boot, row.granted, closes_at, boot, boot, boot)
    return replace(session, charged=row.charged, extensions=row.extensions, staff_extended=row.staff_extended)


def restart(policy: Policy, reading: Reading, row: LiveRow, opened: bool) -> Session:
    """The session of `row` after the service was away, in the same boot: the time since the heartbeat is charged."""
    away = max(0.0, reading.boot - row.boot)
    session = resume(policy, reading, row)
    return replace(session, charged=min(row.granted, row.charged + away), counting=True, opened=opened)


def step(session: Session, policy: Policy, boot: float) -> tuple[Session, EndReason | None]:
    """The session at `boot` seconds, and why it is over now, if it is."""
    gap = max(0.0, boot - session.at)
    if gap > SUSPEND_GAP:
        if gap > policy.session.resume_minutes * 60:
            return session, "power"
        session = replace(session, at=boot, active_at=boot, asked_at=None, opening_since=session.opening_since + gap)
    elif session.counting:
        session = replace(session, at=boot, charged=min(session.granted, session.charged + gap))
    else:
        session = replace(session, at=boot)
    if not session.opened and boot - session.opening_since > OPEN_WITHIN:
        return session, "fault"
    if session.closes_at is not None and boot >= session.closes_at:
        return session, "closing"
    if session.charged >= session.granted:
        near = session.closes_at is not None and boot >= session.closes_at - _CLOSING_NEAR
        return session, "closing" if near else "time_up"
    return _idle(session, policy, boot)


def _idle(session: Session, policy: Policy, boot: float) -> tuple[Session, EndReason | None]:
    """Ask after a while without a touch; end when nobody answers."""
    ask_after = policy.idle.ask_after_minutes * 60
    if not session.opened or not ask_after or session.by == "class":
        return session, None
    if session.asked_at is not None and session.active_at > session.asked_at:
        session = replace(session, asked_at=None)
    if session.asked_at is None and boot - session.active_at >= ask_after:
        session = replace(session, asked_at=boot)
    over = session.asked_at is not None and boot - session.asked_at >= policy.idle.answer_seconds
    return session, "idle" if over else None


def seen(session: Session, boot: float, idle_seconds: float | None) -> Session:
    """Somebody touched keyboard or mouse `idle_seconds` ago. None, not known: counted as now, nobody is thrown out."""
    return replace(session, active_at=max(session.active_at, boot - (idle_seconds or 0.0)))


def still_here(session: Session, boot: float) -> Session:
    """The citizen answered that they are there."""
    return replace(session, active_at=boot, asked_at=None)


def opened(session: Session, boot: float) -> Session:
    """The programs are on the screen: from here on time is charged."""
    if session.opened:
        return session
    return replace(session, opened=True, counting=True, active_at=boot)


def extend(session: Session, offer: Offer, short: bool) -> Session:
    """The session with the offered seconds added; `short`: the one that staff may give while somebody waits."""
    return replace(
        session,
        granted=session.granted + offer.seconds,
        extensions=session.extensions + 1,
        staff_extended=session.staff_extended or short,
        asked_at=None,
        active_at=session.at,
    )


def minutes_of(seconds: float) -> int:
    """Seconds as the minutes that are recorded: a minute begun is a minute (milliseconds of drift are not)."""
    return math.ceil(round(seconds, 3) / 60)


def is_visit(charged: float, policy: Policy) -> bool:
    """Whether a session of `charged` seconds counts as a visit."""
    return charged >= policy.session.visit_min_seconds
