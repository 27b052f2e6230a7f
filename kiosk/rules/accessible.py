"""Accessible mode: whoever needs longer has twice as long for everything, and nobody asks or keeps why.

Staff switch it on for the running session, or for the next one: then it waits a while and is forgotten if nobody
comes. It ends with the session. The only trace is `time_factor` in the live row, which a restart needs and which is
deleted with that row: no visit, count, bundle or staff journal ever shows it.
"""

from dataclasses import replace
from functools import lru_cache

from kiosk.rules.effects import RecordFactor, Refuse
from kiosk.rules.events import Accessible
from kiosk.rules.policy import Policy
from kiosk.rules.session import Session
from kiosk.rules.station_state import Now, State, Station, Step

FACTOR = 2.0
# How long it waits for the citizen it was switched on for.
WAITS_SECONDS = 900.0


@lru_cache(maxsize=4)
def stretched(policy: Policy, factor: float = FACTOR) -> Policy:
    """The policy with every time that a citizen is given `factor` times as long. Hours and counting stay."""
    session, idle = policy.session, policy.idle
    return policy.model_copy(
        update={
            "session": session.model_copy(
                update={
                    "minutes": session.minutes * factor,
                    "extension_minutes": session.extension_minutes * factor,
                    "staff_extension_minutes": session.staff_extension_minutes * factor,
                    "warnings": tuple(one * factor for one in session.warnings),
                    "last_screen_seconds": session.last_screen_seconds * factor,
                }
            ),
            "idle": idle.model_copy(
                update={
                    "ask_after_minutes": idle.ask_after_minutes * factor,
                    "answer_seconds": idle.answer_seconds * factor,
                    "sign_in_reset_seconds": idle.sign_in_reset_seconds * factor,
                }
            ),
        }
    )


def in_force(station: Station, policy: Policy) -> Policy:
    """The policy that this station follows now."""
    return stretched(policy) if station.accessible else policy


def switch(station: Station, event: Accessible, now: Now) -> Step:
    """On or off, for the session that runs or the next one. Closing time still wins."""
    if event.on == station.accessible:
        return station, ()
    if station.is_class:
        return station, (Refuse("class"),)
    session = station.session if station.state is State.OPEN else None
    if session is None and station.state not in (State.FREE, State.ASKING, State.CLOSED):
        return station, (Refuse("no_session"),)
    station = replace(station, accessible=event.on, accessible_until=now.boot + WAITS_SECONDS)
    if session is None:
        return station, ()
    session = _longer(session) if event.on else _shorter(session, max(now.policy.session.warnings, default=0.0) * 60)
    record = RecordFactor(session.id, FACTOR if event.on else 1.0, session.granted)
    return replace(station, session=session), (record,)


def _longer(session: Session) -> Session:
    granted = session.granted * FACTOR
    if session.closes_at is not None:
        granted = max(session.granted, min(granted, session.charged + session.closes_at - session.at))
    return replace(session, granted=granted)


def _shorter(session: Session, least: float) -> Session:
    """What was doubled is taken back, but never so that less than the first warning would be left."""
    kept = min(session.granted, session.charged + least)
    return replace(session, granted=max(session.granted / FACTOR, kept))


def expire(station: Station, now: Now) -> Station:
    """The citizen it was switched on for did not come."""
    waiting = station.session is None and station.resume is None and station.state is not State.ASKING
    if station.accessible and waiting and now.boot >= station.accessible_until:
        return replace(station, accessible=False)
    return station
