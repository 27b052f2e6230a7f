"""Opening hours: is the site open, until when, and when will it open next. Local wall time comes in as an argument.

An opening that goes on past midnight is written as two intervals (20:00-24:00, 00:00-02:00) and is one opening here.
A caller whose date is not trusted must not ask: a station with a dead clock battery is never closed by its clock.
"""

from datetime import date, datetime, time, timedelta

from kiosk.clock import Reading
from kiosk.rules.intervals import DAY_MINUTES, Interval, joined
from kiosk.rules.policy import Policy

# Weekly hours repeat after 7 days; exceptions may stretch a gap (Tết), or an opening. Beyond this we say "unknown".
_LOOK_AHEAD_DAYS = 60


def intervals_on(policy: Policy, day: date) -> tuple[Interval, ...]:
    """The open intervals of a local date, in order, touching ones joined; the whole day when no hours are set."""
    if policy.hours is None:
        return (Interval(0, DAY_MINUTES),)
    return joined(policy.hours.on(day))


def planned_minutes(policy: Policy, day: date) -> int:
    """Minutes that the site plans to be open on a local date."""
    return sum(one.end - one.start for one in intervals_on(policy, day))


def is_open(policy: Policy, local: datetime) -> bool:
    """Whether `local` lies inside opening hours."""
    minute = local.hour * 60 + local.minute
    return any(one.start <= minute < one.end for one in intervals_on(policy, local.date()))


def closing_time(policy: Policy, local: datetime) -> datetime | None:
    """When the opening that `local` lies in ends; None when closed already, or when no end is in sight."""
    if policy.hours is None or not is_open(policy, local):
        return None
    minute, day = local.hour * 60 + local.minute, local.date()
    for _ in range(_LOOK_AHEAD_DAYS):
        end = next((one.end for one in intervals_on(policy, day) if one.start <= minute < one.end), None)
        if end is None:
            return _moment(day, 0, local)
        if end < DAY_MINUTES:
            return _moment(day, end, local)
        minute, day = 0, day + timedelta(days=1)
    return None


def next_opening(policy: Policy, local: datetime) -> datetime | None:
    """When the site opens next, strictly after `local`; None when it is open, or for 60 days nothing is planned."""
    if is_open(policy, local):
        return None
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        for one in intervals_on(policy, day):
            start = _moment(day, one.start, local)
            if start > local:
                return start
    return None


def hours_text(policy: Policy, local: datetime) -> str:
    """The hours a citizen before a closed station wants: of today while more of it comes, else of the next open day,
    then with its date (`07:30–11:30, 13:30–17:00 (23/11)`). No words in it, so it needs no translation."""
    if policy.hours is None:
        return ""
    opening = local if is_open(policy, local) else next_opening(policy, local)
    if opening is None:
        return ""
    text = ", ".join(str(one) for one in intervals_on(policy, opening.date()))
    return text if opening.date() == local.date() else f"{text} ({opening:%d/%m})"


def seconds_to_closing(policy: Policy, reading: Reading) -> float | None:
    """Seconds until the site closes, 0 when it is closed; None when nothing closes it or the date is not trusted."""
    if policy.hours is None or not reading.trusted:
        return None
    if not is_open(policy, reading.local):
        return 0.0
    closing = closing_time(policy, reading.local)
    return None if closing is None else (closing - reading.local).total_seconds()


def _moment(day: date, minute: int, like: datetime) -> datetime:
    """A minute of a local date in the zone of `like`; minute 1440 is the next midnight."""
    return datetime.combine(day, time(0), like.tzinfo) + timedelta(minutes=minute)
