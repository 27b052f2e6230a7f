"""The part of the `state` message that follows from the station, the policy and the time.

The service adds what it knows of the site: site, station, lang, online, visits, marker, isolation, export, troubles.
"""

import math
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from kiosk.clock import LOCAL, Reading
from kiosk.rules.accessible import in_force
from kiosk.rules.allowance import granted_at_start
from kiosk.rules.hours import closing_time, hours_text, seconds_to_closing
from kiosk.rules.left_words import why_out
from kiosk.rules.policy import Policy
from kiosk.rules.questions import questions
from kiosk.rules.session import Session, Way, minutes_of
from kiosk.rules.starting import why_no_start
from kiosk.rules.station_state import Now, State, Station


def status(station: Station, policy: Policy, reading: Reading) -> dict[str, Any]:
    """The time-dependent fields of the `state` message; numbers are whole wherever the policy's are."""
    session, policy = station.session if station.state is State.OPEN else None, in_force(station, policy)
    to_closing = seconds_to_closing(policy, reading)
    return {
        "state": State.CLASS.value if station.is_class else station.state.value,
        "cover": station.covered,
        "session": station.session.id if station.session else None,
        "seconds_left": math.ceil(session.left) if session else None,
        "granted": math.ceil(session.granted) if session else None,
        "warning": _number(session.warning(policy)) if session else None,
        "extension": _extension("citizen", station, session, policy, reading),
        "staff_extension": _extension("staff", station, session, policy, reading),
        "message": _message(station),
        "told": _told(station),
        "undo": _minutes(station.undo.seconds) if station.undo else None,
        "idle": _idle_left(session, policy, reading),
        "closing": _closing(session, to_closing, policy, reading),
        "resume": {"minutes": minutes_of(station.resume.seconds)} if station.resume else None,
        "end_reason": station.ending or station.goodbye,
        "prefs": asdict(station.farewell if station.goodbye else station.prefs),
        "minutes": _promised(policy, to_closing, station.ticket.minutes if station.ticket else None),
        "start_refused": _refused(station, "citizen", policy, reading),
        "ticket_refused": _refused(station, "ticket", policy, reading),
        "closes_at": _closes_at(policy, reading),
        "fee": _fee(policy),
        "notice": _notice(policy, reading),
        "hours": hours_text(policy, reading.local),
        "year": reading.local.year,
        "wiping": station.state is State.ENDING and station.ordered_at is not None,
        "waiting": station.somebody_waits,
        "queue": _queue(station, policy),
        "questions": [question.as_message() for question in questions(policy)],
        "sign_in_reset_seconds": _number(policy.idle.sign_in_reset_seconds),
        "screen_off_minutes": _number(policy.idle.screen_off_minutes),
        "last_screen_seconds": _number(policy.session.last_screen_seconds),
        "reason": why_out(station) or None if station.state is State.OUT_OF_ORDER else None,
        "help_asked": station.help_asked,
        "accessible": station.accessible,
        "supervisor_here": station.supervisor_here,
        "staff": station.staff.stage if station.staff else None,
        "clock_trusted": reading.trusted,
    }


def _queue(station: Station, policy: Policy) -> dict[str, Any]:
    """The waiting numbers: `waiting` counts those not called yet, `new` is the number that would be given now."""
    queue = station.queue
    return {
        "next": queue.next,
        "called": queue.called,
        "waiting": len(queue.waiting),
        "numbers": list(queue.waiting),
        "last": queue.last or None,
        "new": queue.new_number,
        "undo": queue.before is not None,
        "spoken": policy.queue.spoken,
    }


def _number(value: float | None) -> float | None:
    """10.0 as 10, so that screens may print it."""
    return int(value) if value is not None and value == int(value) else value


def _extension(
    by: Literal["citizen", "staff"], station: Station, session: Session | None, policy: Policy, reading: Reading
) -> dict[str, Any]:
    """What the citizen's bar or the panel may offer; minutes as they would really be added."""
    if session is None:
        return {"minutes": _number(policy.session.extension_minutes), "offered": False, "why_not": "not_yet"}
    if by == "citizen" and session.by == "class":
        return {"minutes": 0, "offered": False, "why_not": "class"}
    offer = session.offer(policy, by, station.somebody_waits, reading)
    seconds = offer.seconds if offer.offered else policy.session.extension_minutes * 60
    return {"minutes": _minutes(seconds), "offered": offer.offered, "why_not": offer.why_not}


def _minutes(seconds: float) -> float | None:
    """Seconds as the minutes of a button: whole ones, but for the shortest."""
    minutes = seconds / 60
    return _number(math.floor(minutes) if minutes >= 1 else round(minutes, 2))


def _message(station: Station) -> dict[str, str] | None:
    """What staff wrote to the citizen, until it is acknowledged: for the bar."""
    note = station.note
    return {"id": note.id, "text": note.text} if note is not None and not note.seen else None


def _told(station: Station) -> dict[str, Any] | None:
    """The same for the panel, with when it was sent and seen (local, HH:MM)."""
    note = station.note
    return None if note is None else {"text": note.text, "sent": _clock(note.sent), "seen": _clock(note.seen)}


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, LOCAL):%H:%M}" if at else ""


def _idle_left(session: Session | None, policy: Policy, reading: Reading) -> int | None:
    """Seconds left to answer "are you still there?"; None when it is not asked."""
    if session is None or session.asked_at is None:
        return None
    return max(0, math.ceil(session.asked_at + policy.idle.answer_seconds - reading.boot))


def _closing(session: Session | None, to_closing: float | None, policy: Policy, reading: Reading) -> int | None:
    """Whole minutes until closing once a notice is due, in a session by its own fixed closing time."""
    if session is not None:
        to_closing = None if session.closes_at is None else max(0.0, session.closes_at - reading.boot)
    if not to_closing or not any(to_closing <= notice * 60 for notice in policy.closing.notices):
        return None
    return minutes_of(to_closing)


def _refused(station: Station, by: Way, policy: Policy, reading: Reading) -> str | None:
    """Why START, or a ticket, would be refused to a citizen now; None where it is not, or is not shown."""
    return why_no_start(station, by, Now(policy, reading)) if station.state is State.FREE else None


def _closes_at(policy: Policy, reading: Reading) -> str | None:
    """When the site closes today, as on the wall; None where nothing closes it or the date is not trusted."""
    closing = closing_time(policy, reading.local) if reading.trusted else None
    return f"{closing:%H:%M}" if closing else None


def _promised(policy: Policy, to_closing: float | None, ticket: float | None) -> float | None:
    """The minutes a session begun now would have, by the `ticket` if there is one: what START promises."""
    minutes = granted_at_start(policy, to_closing or None, ticket) / 60
    return math.floor(minutes) if minutes >= 1 else _number(round(minutes, 2))


def _notice(policy: Policy, reading: Reading) -> dict[str, str] | None:
    """The notice on START in both languages, within its days; one that has days needs a date that can be trusted."""
    notice, today = policy.notice, reading.local.date()
    dated = notice.begins is not None or notice.ends is not None
    over = (notice.begins or today) > today or (notice.ends or today) < today
    if not notice.vi or (dated and (over or not reading.trusted)):
        return None
    return {"vi": notice.vi, "en": notice.en or notice.vi}


def _fee(policy: Policy) -> dict[str, str] | None:
    """The sentence about fees in both languages; None: free of charge."""
    vi, en = policy.fee.vi, policy.fee.en
    return {"vi": vi or en, "en": en or vi} if vi or en else None
