"""What is done to a running session, and to the station around it: one short function for each kind of event."""

from dataclasses import replace

from kiosk.rules import session as one
from kiosk.rules.effects import CoverScreen, Effect, EndSession, OpenSession, RecordExtension, RecordHeartbeat, Refuse
from kiosk.rules.ending import drop_resume, end, not_clean, order_end, wipe_again, wiped
from kiosk.rules.events import (
    Cancel,
    Covered,
    Ended,
    Extend,
    Fault,
    Finish,
    Help,
    Helped,
    InService,
    NotClean,
    Opened,
    OutOfOrder,
    StillHere,
    SupervisorHere,
    Tick,
    Touch,
    Waiting,
    Wished,
)
from kiosk.rules.station_state import Now, State, Station, Step, Undo
from kiosk.rules.taking_back import UNDO_SECONDS

_LONGEST_MINUTES = 1440


def tick(station: Station, event: Tick, now: Now) -> Step:
    """Nothing but time passed, and that is done already."""
    return station, ()


def touch(station: Station, event: Touch, now: Now) -> Step:
    """The questions are being answered."""
    return replace(station, touched_at=now.boot), ()


def cancel(station: Station, event: Cancel, now: Now) -> Step:
    """Back to START."""
    return (replace(station, state=State.FREE), ()) if station.state is State.ASKING else (station, ())


def extend(station: Station, event: Extend, now: Now) -> Step:
    """More time, if it may be had; never a new visit."""
    session = station.session
    if station.state is not State.OPEN or session is None:
        return station, (Refuse("no_session"),)
    minutes = event.minutes
    if minutes is not None and not (event.by == "staff" and 0 < minutes <= _LONGEST_MINUTES):
        return station, (Refuse("minutes"),)
    if event.by == "citizen" and station.is_class:
        return station, (Refuse("class"),)
    offer = session.offer(now.policy, event.by, station.somebody_waits, now.reading, minutes)
    if offer.why_not:
        return station, (Refuse(offer.why_not),)
    short = event.by == "staff" and station.somebody_waits
    session = one.extend(session, offer, short=short)
    undo = Undo(offer.seconds, now.boot + UNDO_SECONDS, short) if event.by == "staff" else None
    record = RecordExtension(
        session.id, session.granted, session.extensions, offer.seconds, event.by, session.staff_extended
    )
    return replace(station, session=session, undo=undo), (record,)


def finish(station: Station, event: Finish, now: Now) -> Step:
    """The citizen signs out, or a manager ends the session (also one that waits to be resumed)."""
    if station.is_class and event.by == "citizen":
        return station, (Refuse("class"),)
    if station.state is State.OPEN:
        return end(station, "manager" if event.by == "manager" else "signed_out", now)
    if event.by == "manager" and station.resume is not None:
        return drop_resume(station, now)
    return station, (Refuse("no_session"),)


def still_here(station: Station, event: StillHere, now: Now) -> Step:
    """The idle question is answered."""
    if station.state is not State.OPEN or station.session is None:
        return station, ()
    return replace(station, session=one.still_here(station.session, now.boot)), ()


def covered(station: Station, event: Covered, now: Now) -> Step:
    """Cover before kill: now the programs may be ended."""
    if station.state is State.ENDING and station.cover_until is not None:
        return order_end(station, now)
    return station, ()


def opened(station: Station, event: Opened, now: Now) -> Step:
    """The programs are there; those of a session that is not ours are ended at once."""
    session = station.session
    if session is not None and session.id == event.session:
        if station.state is not State.OPEN or session.opened:
            return station, ()
        # Noted at once: after a kill the time since the last heartbeat is charged, and opening is not to be paid for.
        session = replace(one.opened(session, now.boot), beat_at=now.boot)
        return replace(station, session=session), (RecordHeartbeat(session.id, session.charged),)
    if station.state in (State.OPEN, State.ENDING):
        return station, () if event.session == station.wiping else (EndSession(event.session),)
    return wipe_again(station, event.session, now)


def ended(station: Station, event: Ended, now: Now) -> Step:
    """Everything of the session is dead. When we did not order it, something broke under it."""
    session = station.session
    if station.state is State.OPEN and session is not None and session.id == event.session:
        station, effects = end(station, "fault", now)
        after, more = wiped(station, event.clean, event.detail, now)
        return after, (*effects, *more)
    # "": a supervisor said what is left, and not of whom; it wipes what anybody left, whosever end it then tells.
    if station.state in (State.ENDING, State.OUT_OF_ORDER) and station.wiping in (event.session, ""):
        return wiped(station, event.clean, event.detail, now)
    if not event.clean:
        return not_clean(station, NotClean(event.detail, event.session), now)
    return station, ()


def supervisor_here(station: Station, event: SupervisorHere, now: Now) -> Step:
    """A supervisor that came back is told again what it may have missed; it must take both orders twice."""
    station, effects = replace(station, supervisor_here=event.present), tuple[Effect, ...]()
    session = station.session
    if event.present and station.state is State.OPEN and session is not None and not session.opened:
        effects = (OpenSession(session.id, station.prefs),)
    elif event.present and station.state is State.ENDING and station.ordered_at is not None:
        return order_end(station, now)
    return station, effects


def out_of_order(station: Station, event: OutOfOrder, now: Now) -> Step:
    """Out of service, with words for the manager; a running session ends first."""
    station = replace(station, reason=event.reason.strip() or "-", out_by=event.who)
    if station.state is State.OPEN:
        return end(station, "manager", now)
    if station.state is State.ENDING:
        return station, ()
    station, effects = drop_resume(station, now)
    return replace(station, state=State.OUT_OF_ORDER), (*effects, CoverScreen())


def in_service(station: Station, event: InService, now: Now) -> Step:
    """Back in service; what was not clean is wiped once more first."""
    station = replace(station, reason="", out_by="", help_asked=False)
    if station.state is not State.OUT_OF_ORDER:
        return station, ()
    if station.wiping is not None:
        return wipe_again(station, station.wiping, now)
    return replace(station, state=State.FREE), ()


def waiting(station: Station, event: Waiting, now: Now) -> Step:
    """Somebody waits, or nobody any more."""
    return replace(station, waiting=event.waiting), ()


def help_wanted(station: Station, event: Help, now: Now) -> Step:
    """Shown on the panel until somebody came."""
    return replace(station, help_asked=True), ()


def wished(station: Station, event: Wished, now: Now) -> Step:
    """While the PC is theirs."""
    if station.state is not State.OPEN:
        return station, ()
    chosen = {name: value for name, value in vars(event).items() if value is not None}
    return replace(station, prefs=replace(station.prefs, **chosen)), ()


def helped(station: Station, event: Helped, now: Now) -> Step:
    """Somebody came."""
    return replace(station, help_asked=False), ()


def fault(station: Station, event: Fault, now: Now) -> Step:
    """Something broke under the session; without one there is nothing to end."""
    return end(station, "fault", now)
