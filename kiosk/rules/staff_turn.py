"""Staff at the panel on the PC itself: from the PIN to the wiped PC. No visit, nothing of it is counted.

It stands beside the station's state, which may change meanwhile: staff may take the PC out of service from there, and
the site may close. It ends as a session ends: cover, kill, wipe, a fresh lock; until then nobody can begin.
"""

from dataclasses import replace

from kiosk.rules import events as ev
from kiosk.rules.effects import CoverScreen, EndSession, OpenStaff, Refuse, RefuseCode
from kiosk.rules.ending import COVER_SECONDS, REPEAT_SECONDS
from kiosk.rules.station_state import Now, StaffTurn, State, Station, Step

# A browser on an old disk takes ten seconds at its first start; one that has not come by then does not come.
OPEN_WITHIN = 40.0
_BESIDE: dict[State, RefuseCode] = {State.ASKING: "busy", State.OPEN: "busy", State.ENDING: "ending"}


def why_not(station: Station) -> RefuseCode | None:
    """Why staff may not give their PIN at the PC now; None when they may: no program of a citizen's can live."""
    if station.staff is not None:
        return "staff"
    if station.state in _BESIDE:
        return _BESIDE[station.state]
    if station.session is not None or station.resume is not None:
        return "busy"
    if station.wiping is not None:
        return "not_clean"
    return None if station.supervisor_here else "no_supervisor"


def staff_in(station: Station, event: ev.StaffIn, now: Now) -> Step:
    """The PIN was right."""
    why = why_not(station)
    if why:
        return station, (Refuse(why),)
    turn = StaffTurn(event.session, since=now.boot)
    return replace(station, staff=turn, goodbye=None), (OpenStaff(event.session),)


def staff_out(station: Station, event: ev.StaffOut, now: Now) -> Step:
    """They leave: cover first."""
    turn = station.staff
    if turn is None or turn.stage == "ending":
        return station, ()
    return replace(station, staff=replace(turn, cover_until=now.boot + COVER_SECONDS)), (CoverScreen(),)


def stray(station: Station, event: ev.Stray, now: Now) -> Step:
    """A service that has just come knows nothing of what lives beside it: it goes, and nobody begins before that."""
    if station.session is not None or station.staff is not None:
        return station, (EndSession(event.session),)
    return _order(replace(station, staff=StaffTurn(event.session, since=now.boot)), now)


def pass_time(station: Station, now: Now) -> Step:
    """The lock had its chance to cover, an order was not answered, or the browser does not come."""
    turn = station.staff
    if turn is None:
        return station, ()
    if turn.cover_until is not None and now.boot >= turn.cover_until:
        return _order(station, now)
    if turn.ordered_at is not None and now.boot >= turn.ordered_at + REPEAT_SECONDS:
        return _order(station, now)
    if turn.stage == "opening" and now.boot >= turn.since + OPEN_WITHIN:
        return staff_out(station, ev.StaffOut(), now)
    return station, ()


def hear(station: Station, event: ev.Event, now: Now) -> Step | None:
    """What an event means to the turn; None where it is for the others."""
    turn = station.staff
    if turn is None:
        return None
    match event:
        case ev.Covered() if turn.cover_until is not None:
            return _order(station, now)
        case ev.Opened(session) if session == turn.session:
            return replace(station, staff=replace(turn, opened=True)), ()
        case ev.Opened(session):
            return station, (EndSession(session),)
        case ev.Ended(session, clean, detail) if session == turn.session:
            return _wiped(station, clean, detail), ()
        case ev.SupervisorHere(present):
            station = replace(station, supervisor_here=present)
            again = present and turn.ordered_at is not None
            return _order(station, now) if again else staff_out(station, ev.StaffOut(), now)
    return None


def _order(station: Station, now: Now) -> Step:
    turn = station.staff
    assert turn is not None
    turn = replace(turn, cover_until=None, ordered_at=now.boot)
    return replace(station, staff=turn), (CoverScreen(), EndSession(turn.session))


def _wiped(station: Station, clean: bool, detail: str) -> Station:
    """Only a clean PC is anybody's."""
    turn = station.staff
    assert turn is not None
    station = replace(station, staff=None)
    if clean:
        return station
    return replace(station, state=State.OUT_OF_ORDER, left=detail or "?", wiping=turn.session)
