"""Minutes as seconds granted: the limit clipped to closing, the warnings that apply, and what more may be given."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kiosk.rules.policy import Policy

WhyNot = Literal["not_yet", "waiting", "closing", "used"]
By = Literal["citizen", "staff"]

# Less than this of an extension is not worth a button; it also keeps rounding from offering nothing.
_LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Offer:
    """What an extension would give now, in seconds; `why_not` is None when it may be taken."""

    seconds: float
    why_not: WhyNot | None

    @property
    def offered(self) -> bool:
        """Whether it may be taken now."""
        return self.why_not is None


def granted_at_start(policy: Policy, to_closing: float | None, minutes: float | None = None) -> float:
    """Seconds a new session gets: `minutes` (staff) or the policy's, never past closing (`to_closing` in seconds)."""
    limit = (policy.session.minutes if minutes is None else minutes) * 60
    return max(0.0, limit if to_closing is None else min(limit, to_closing))


def may_start(policy: Policy, to_closing: float | None) -> bool:
    """Whether enough time is left before closing to begin a session."""
    return to_closing is None or (to_closing > 0 and to_closing >= policy.closing.no_start_minutes * 60)


def warnings_for(warnings: Iterable[float], granted: float) -> tuple[float, ...]:
    """The warnings (minutes, falling) that lie below the granted seconds: a 5-minute session is not warned at 10."""
    return tuple(one for one in sorted(set(warnings), reverse=True) if one * 60 < granted)


def warning_now(warnings: Iterable[float], granted: float, left: float) -> float | None:
    """The latest warning reached with `left` seconds to go, in minutes; None before the first."""
    reached = [one for one in warnings_for(warnings, granted) if left <= one * 60]
    return min(reached) if reached else None


def extension_offer(
    policy: Policy,
    by: By,
    *,
    left: float,
    warned: bool,
    waiting: bool,
    staff_used: bool,
    to_closing: float | None,
    minutes: float | None = None,
) -> Offer:
    """What `by` may add to a session with `left` seconds to go.

    The citizen from the first warning while nobody waits, as often as wanted; the staff at any time while nobody
    waits (by `minutes` if they say so), and once by a smaller amount while somebody does. Clipped to closing.
    """
    short = by == "staff" and waiting
    usual = policy.session.staff_extension_minutes if short else policy.session.extension_minutes
    seconds = (usual if minutes is None else min(minutes, usual) if short else minutes) * 60
    full = seconds
    if to_closing is not None:
        seconds = max(0.0, min(seconds, to_closing - left))
    why: WhyNot | None = None
    if by == "citizen" and waiting:
        why = "waiting"
    elif full == 0 or (short and staff_used):
        why = "used"
    elif seconds < min(_LEAST_SECONDS, full):
        why = "closing"
    elif by == "citizen" and not warned:
        why = "not_yet"
    return Offer(seconds, why)
