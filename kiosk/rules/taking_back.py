"""Undo: minutes that staff have just added, taken back while nobody can have counted on them."""

from dataclasses import replace

from kiosk.rules.effects import RecordTakenBack, Refuse
from kiosk.rules.events import TakeBack
from kiosk.rules.station_state import Now, State, Station, Step

UNDO_SECONDS = 30.0
# Nobody's time is up because of an undo: so much stays.
LEAST_LEFT = 60.0


def take_back(station: Station, event: TakeBack, now: Now) -> Step:
    """Once, soon after, and only what this session was given last."""
    session, undo = station.session, station.undo
    if station.state is not State.OPEN or session is None or session.id != event.session:
        return station, (Refuse("no_session"),)
    if undo is None or now.boot >= undo.until or session.left - undo.seconds < LEAST_LEFT:
        return replace(station, undo=None), (Refuse("too_late"),)
    session = replace(
        session,
        granted=session.granted - undo.seconds,
        extensions=max(0, session.extensions - 1),
        staff_extended=session.staff_extended and not undo.short,
    )
    record = RecordTakenBack(session.id, session.granted, session.extensions, session.staff_extended)
    return replace(station, session=session, undo=None), (record,)
