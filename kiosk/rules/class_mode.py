"""A training class at this PC: its desktop is open to whoever learns there, as in a session and as clean after it.

A class *is* a session whose way in is `class`: the same programs, cover, kill and wipe. It differs where it is nobody's
own: no answers, no visit, no question whether anybody is there, and no learner ends it or adds time. It is bounded by
the policy's longest class, and by closing where it began inside the hours; staff may begin one outside of them.
"""

from dataclasses import replace

from kiosk.rules import session as one
from kiosk.rules.answers import Answers
from kiosk.rules.effects import Effect, OpenSession, RecordStart, Refuse, RefuseCode
from kiosk.rules.ending import drop_resume, end
from kiosk.rules.events import ClassMode, Prefs
from kiosk.rules.station_state import Now, State, Station, Step

_NOT_NOW: dict[State, RefuseCode] = {
    State.OPEN: "busy",
    State.ASKING: "busy",
    State.ENDING: "ending",
    State.OUT_OF_ORDER: "out_of_order",
}


def class_mode(station: Station, event: ClassMode, now: Now) -> Step:
    """A class begins only on a PC that nobody uses; it ends like any session: covered, then wiped."""
    return _begin(station, event.session, now) if event.on else _end(station, now)


def _begin(station: Station, session_id: str, now: Now) -> Step:
    why = "class" if station.is_class else _NOT_NOW.get(station.state)
    if why is None and station.staff is not None:
        why = "staff"
    if why is None and not station.supervisor_here:
        why = "no_supervisor"
    if why is not None:
        return station, (Refuse(why),)
    effects: tuple[Effect, ...]
    station, effects = drop_resume(station, now)
    session = one.begin(now.policy, now.reading, session_id, "class", now.policy.training.minutes)
    record = RecordStart(session.id, "class", Answers(), Prefs(), session.granted)
    station = replace(
        station, state=State.OPEN, session=session, prefs=Prefs(), goodbye=None, accessible=False, help_asked=False
    )
    return station, (*effects, record, OpenSession(session.id, Prefs()))


def _end(station: Station, now: Now) -> Step:
    return end(station, "manager", now) if station.is_class else (station, (Refuse("no_session"),))
