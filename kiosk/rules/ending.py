"""How a session ends: cover and record at once, order the end when the lock covers, FREE when all is wiped."""

from dataclasses import replace

from kiosk.rules.effects import CoverScreen, EndSession, RecordEnd
from kiosk.rules.events import NotClean, Prefs
from kiosk.rules.policy import Policy
from kiosk.rules.session import EndReason, Way, is_visit, minutes_of
from kiosk.rules.station_state import Now, State, Station, Step

# How long the order to kill waits for the lock's word that it covers, and when an unanswered order is repeated.
COVER_SECONDS = 0.25
REPEAT_SECONDS = 30.0
GOODBYE_SECONDS = 8.0


def record_end(
    session: str, reason: EndReason, charged: float, granted: float, policy: Policy, by: Way = "citizen"
) -> RecordEnd:
    """The record of a session's end; never more minutes than were granted. A class is no visit of anybody."""
    charged = min(charged, granted)
    return RecordEnd(session, reason, charged, minutes_of(charged), by != "class" and is_visit(charged, policy))


def end(station: Station, reason: EndReason, now: Now) -> Step:
    """The running session ends. Cover comes first: recording waits for the disk, covering must not."""
    session = station.session
    if station.state is not State.OPEN or session is None:
        return station, ()
    record = record_end(session.id, reason, session.charged, session.granted, now.policy, session.by)
    station = replace(
        station,
        state=State.ENDING,
        ending=reason,
        wiping=session.id,
        cover_until=now.boot + COVER_SECONDS,
        ordered_at=None,
        note=None,
        undo=None,
    )
    return station, (CoverScreen(), record)


def order_end(station: Station, now: Now) -> Step:
    """The lock covers, or had its chance: kill and wipe."""
    if station.wiping is None:
        return station, ()
    return replace(station, cover_until=None, ordered_at=now.boot), (EndSession(station.wiping),)


def wipe_again(station: Station, session: str, now: Now) -> Step:
    """Something of `session` is left, and no session runs: covered already, so it is wiped at once."""
    station = replace(station, state=State.ENDING, session=None, ending=None, wiping=session)
    ordered, effects = order_end(station, now)
    return ordered, (CoverScreen(), *effects)


def wiped(station: Station, clean: bool, detail: str, now: Now) -> Step:
    """The supervisor answered. Only a clean PC becomes FREE."""
    over = replace(
        station, session=None, ending=None, cover_until=None, ordered_at=None, prefs=Prefs(), help_asked=False,
        accessible=False,
    )  # fmt: skip
    if not clean:
        return replace(over, state=State.OUT_OF_ORDER, left=detail or "?"), ()
    state = State.OUT_OF_ORDER if station.reason else State.FREE
    until = now.boot + GOODBYE_SECONDS
    # A session that broke off is no turn that was had: its citizen may start again at once.
    freed = now.boot if station.ending not in (None, "fault", "power") else station.freed_at
    over = replace(over, state=state, wiping=None, left="", freed_at=freed)
    # Nobody is thanked for a class: its learners leave when the one who teaches says so.
    goodbye = None if station.session is not None and station.session.by == "class" else station.ending
    return replace(over, goodbye=goodbye, goodbye_until=until, farewell=station.prefs), ()


def not_clean(station: Station, event: NotClean, now: Now) -> Step:
    """What an earlier session left is still there: nobody begins before it is gone, whoever of us was restarted."""
    if station.session is not None or station.state is State.ENDING:
        return station, ()  # that one's end will tell
    station, effects = drop_resume(station, now)
    station = replace(station, state=State.OUT_OF_ORDER, wiping=event.session, left=event.left or "?")
    return station, (*effects, CoverScreen())


def drop_resume(station: Station, now: Now) -> Step:
    """Nobody goes on after the power cut: the session ended at its last heartbeat."""
    if station.resume is None:
        return station, ()
    row = station.resume.row
    record = record_end(row.session, "power", row.charged, row.granted, now.policy)
    return replace(station, resume=None), (record,)
