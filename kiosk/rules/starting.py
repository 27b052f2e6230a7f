"""How a session starts, and how it goes on after a power cut or a restart of the service."""

from dataclasses import replace

from kiosk.rules import session as one
from kiosk.rules.accessible import FACTOR
from kiosk.rules.allowance import may_start
from kiosk.rules.effects import OfferResume, OpenSession, RecordHeartbeat, RecordStart, Refuse, RefuseCode
from kiosk.rules.ending import drop_resume, end, record_end
from kiosk.rules.events import Begin, Recovered, ResumeAnswer, ServiceRestarted, SignIn
from kiosk.rules.session import LiveRow, Way
from kiosk.rules.station_state import Now, ResumeOffer, State, Station, Step

_NO_START: dict[State, RefuseCode] = {
    State.OPEN: "busy",
    State.ENDING: "ending",
    State.CLOSED: "closed",
    State.OUT_OF_ORDER: "out_of_order",
}
_LONGEST_MINUTES = 1440
# How long START belongs to those who wait, after a session ended.
TURN_SECONDS = 120.0


def why_no_start(station: Station, by: Way, now: Now) -> RefuseCode | None:
    """Why `by` may not start a session now; None when they may."""
    if station.is_class:
        return "class"
    if station.state in _NO_START:
        return _NO_START[station.state]
    if station.staff is not None:
        return "staff"
    if not station.supervisor_here:
        return "no_supervisor"
    if by not in now.policy.entry.ways:
        return "entry"
    if not may_start(now.policy, now.to_closing):
        return "closing_soon" if now.to_closing else "closed"
    return "waiting" if by == "citizen" and _others_turn(station, now) else None


def _others_turn(station: Station, now: Now) -> bool:
    """Whether a PC that has just become free belongs to somebody who waits.

    Else Finish and START would give the same citizen another hour over the head of the one who waits. Nobody is known
    here, so START asks everybody to the staff, who start the waiting one from the panel (or say that nobody waits any
    more); but only for TURN_SECONDS, so that the waiting one can start alone where no staff are near. Who has
    answered START already is not sent away.
    """
    called = station.queue.called is not None  # START is theirs who were called
    if not station.somebody_waits or called or station.freed_at is None or station.state is State.ASKING:
        return False
    return now.boot < station.freed_at + TURN_SECONDS


def begin(station: Station, event: Begin, now: Now) -> Step:
    """START. Whoever starts anew declines to go on with what a power cut left."""
    why = why_no_start(station, "ticket" if event.ticket else "citizen", now)
    if why:
        return station, (Refuse(why),)
    station, effects = drop_resume(station, now)
    return replace(station, state=State.ASKING, touched_at=now.boot, goodbye=None, ticket=event.ticket), effects


def sign_in(station: Station, event: SignIn, now: Now) -> Step:
    """A new session: recorded first, then opened, so that no session is ever open unrecorded."""
    ticket = station.ticket if event.by == "citizen" else None
    by: Way = "ticket" if ticket else event.by
    why = why_no_start(station, by, now)
    minutes = event.minutes
    if why is None and minutes is not None and not (event.by == "staff" and 0 < minutes <= _LONGEST_MINUTES):
        why = "minutes"
    if why:
        # A citizen whom we cannot let in goes back to START, which says why.
        back = event.by == "citizen" and station.state is State.ASKING
        return replace(station, state=State.FREE) if back else station, (Refuse(why),)
    station, effects = drop_resume(station, now)
    minutes = ticket.minutes if ticket else minutes
    session = one.begin(now.policy, now.reading, event.session, by, minutes)
    used = ticket.key if ticket else ""
    record = RecordStart(session.id, session.by, event.answers, event.prefs, session.granted, used)
    record = replace(record, time_factor=FACTOR if station.accessible else 1.0)
    # Staff who start somebody have seen to the one who waited.
    waiting = station.waiting and event.by == "citizen"
    station = replace(station, state=State.OPEN, session=session, prefs=event.prefs, goodbye=None, waiting=waiting)
    station = replace(station, queue=station.queue.seated())
    return station, (*effects, record, OpenSession(session.id, event.prefs))


def recovered(station: Station, event: Recovered, now: Now) -> Step:
    """A power cut: the session may go on, once, soon, and with what is left of it; else it ended at its heartbeat."""
    row = event.row
    if row.boot_id == now.reading.boot_id:
        return restarted(station, ServiceRestarted(row, event.prefs), now)
    if station.session is not None or station.wiping is not None or station.resume is not None:
        return station, (Refuse("busy"),)
    until, left, to_closing = _offer_until(row, now), row.granted - row.charged, now.to_closing
    to_closing = None if row.by == "class" and to_closing == 0 else to_closing
    seconds = left if to_closing is None else min(left, to_closing)
    if row.by == "class":
        return _class_recovered(station, event, seconds > 0 and until > now.boot, now)
    if seconds <= 0 or until <= now.boot or station.state not in (State.FREE, State.ASKING):
        return station, (record_end(row.session, "power", row.charged, row.granted, now.policy),)
    offer = ResumeOffer(row, event.prefs, seconds, until)
    return replace(station, state=State.FREE, resume=offer, prefs=event.prefs), (OfferResume(row.session, seconds),)


def _class_recovered(station: Station, event: Recovered, soon: bool, now: Now) -> Step:
    """A class goes on by itself after a short cut: its learners still sit there, and nobody's minutes are at stake.

    Only by a date that can be trusted: else a cut at night would open the desktop to whoever comes in the morning.
    """
    row = event.row
    certain = row.wall is not None and now.reading.trusted and row.wall <= now.reading.wall.timestamp()
    if not (soon and certain) or station.state not in (State.FREE, State.CLOSED):
        return station, (record_end(row.session, "power", row.charged, row.granted, now.policy, row.by),)
    session = one.resume(now.policy, now.reading, row)
    station = replace(station, state=State.OPEN, session=session, prefs=event.prefs, note=row.note)
    return station, (RecordHeartbeat(session.id, session.charged), OpenSession(session.id, event.prefs))


def _offer_until(row: LiveRow, now: Now) -> float:
    """The boot second at which the offer ends: the boot is no older than that, nor, by a trusted date, the cut."""
    limit = now.policy.session.resume_minutes * 60
    if row.wall is None or not now.reading.trusted:
        return limit
    away = now.reading.wall.timestamp() - row.wall
    if away < 0:
        return limit
    return min(limit, now.boot + limit - away)


def resume_answer(station: Station, event: ResumeAnswer, now: Now) -> Step:
    """Going on is no new visit: the same session, with its minutes as they were charged."""
    offer = station.resume
    if offer is None:
        return station, (Refuse("no_offer"),)
    if not event.accept:
        return drop_resume(station, now)
    if not station.supervisor_here:
        return station, (Refuse("no_supervisor"),)
    session = one.resume(now.policy, now.reading, offer.row)
    station = replace(station, state=State.OPEN, session=session, resume=None, prefs=offer.prefs)
    station = replace(station, accessible=offer.row.time_factor > 1, note=offer.row.note)
    return station, (RecordHeartbeat(session.id, session.charged), OpenSession(session.id, offer.prefs))


def restarted(station: Station, event: ServiceRestarted, now: Now) -> Step:
    """The same boot: the session goes on. Covered until the supervisor confirms that its programs are there."""
    if station.session is not None or station.wiping is not None or station.resume is not None:
        return station, (Refuse("busy"),)
    may_go_on = station.state in (State.FREE, State.ASKING, State.CLOSED)
    session = one.restart(now.policy, now.reading, event.row, event.opened)
    station = replace(station, state=State.OPEN, session=session, prefs=event.prefs)
    station = replace(station, accessible=event.row.time_factor > 1, note=event.row.note)
    record = RecordHeartbeat(session.id, session.charged)
    if may_go_on:
        return station, (record,)
    station, effects = end(station, "fault", now)
    return station, (record, *effects)
