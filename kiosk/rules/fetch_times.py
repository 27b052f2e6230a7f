"""When the station fetches the province's content by itself. Pure: all times come in.

"Nightly" means: in the hours of the policy, or, for a PC that is switched off then, at another time once it is late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.clock import LOCAL, Reading
from kiosk.rules.intervals import Interval
from kiosk.rules.policy_of_the_office import ContentPolicy

# After an update that went well, and after one that did not.
AGAIN, RETRY = timedelta(hours=20), timedelta(hours=1)
# A station that has just started has better things to do.
SETTLED = 300.0  # seconds since boot


@dataclass(frozen=True)
class Fetched:
    """What is known of earlier updates: when one was last tried (and in which boot second), and when one went well."""

    tried: datetime | None = None
    good: datetime | None = None
    tried_boot: float | None = None


def due(content: ContentPolicy, now: Reading, fetched: Fetched) -> bool:
    """Whether to fetch now."""
    if now.boot < SETTLED:
        return False
    if not now.trusted:  # no hour can be told: once a boot, then once a day
        return fetched.tried_boot is None or now.boot - fetched.tried_boot >= AGAIN.total_seconds()
    when = soonest(content, now, fetched)
    return when is not None and when <= now.wall


def soonest(content: ContentPolicy, now: Reading, fetched: Fetched) -> datetime | None:
    """When the next update may begin by itself, now at the soonest; None: not within eight days."""
    begin = now.wall
    if fetched.tried is not None and fetched.tried <= now.wall:
        went_well = fetched.good is not None and fetched.good >= fetched.tried
        begin = max(begin, fetched.tried + (AGAIN if went_well else RETRY))
    late = None
    if content.late_days:
        late = begin if fetched.good is None else max(begin, fetched.good + timedelta(days=content.late_days))
    inside = _next_inside(content.fetch_hours, begin)
    return min((one for one in (inside, late) if one is not None), default=None)


def _next_inside(hours: tuple[Interval, ...], begin: datetime) -> datetime | None:
    if not hours:
        return begin
    local = begin.astimezone(LOCAL)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(9):
        for one in hours:
            opens = midnight + timedelta(days=day, minutes=one.start)
            closes = midnight + timedelta(days=day, minutes=one.end)
            if closes > local:
                return max(local, opens)
    return None
