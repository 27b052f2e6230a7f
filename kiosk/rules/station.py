"""The whole station as a pure reducer: react(station, event, policy, reading) -> (station, effects).

Every event first lets time pass (charging, warnings, idle, closing), then is handled, then opening hours are followed.
The screen is open in one case only: state OPEN with the session's programs there (`Station.covered`). The end of a
session is: cover, record, kill, wipe, FREE; never FREE without the supervisor's word that it is clean.
Where to read on: station_state.py (the value), starting.py, running.py, ending.py (the events), session.py (time).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.clock import Reading
from kiosk.rules import accessible, calling, class_mode, running, session, staff_turn, starting, taking_back, telling
from kiosk.rules import events as ev
from kiosk.rules.effects import Effect, RecordHeartbeat
from kiosk.rules.ending import REPEAT_SECONDS, drop_resume, end, not_clean, order_end
from kiosk.rules.policy import Policy
from kiosk.rules.station_state import Now, State, Station, Step

__all__ = ["State", "Station", "next_due", "react"]

HEARTBEAT_SECONDS = 10.0

_HANDLERS: dict[type, Callable[[Station, Any, Now], Step]] = {
    ev.Tick: running.tick,
    ev.Begin: starting.begin,
    ev.Touch: running.touch,
    ev.Cancel: running.cancel,
    ev.SignIn: starting.sign_in,
    ev.ResumeAnswer: starting.resume_answer,
    ev.Extend: running.extend,
    ev.Finish: running.finish,
    ev.StillHere: running.still_here,
    ev.Covered: running.covered,
    ev.Opened: running.opened,
    ev.Ended: running.ended,
    ev.NotClean: not_clean,
    ev.SupervisorHere: running.supervisor_here,
    ev.OutOfOrder: running.out_of_order,
    ev.InService: running.in_service,
    ev.Waiting: running.waiting,
    ev.Numbers: calling.order,
    ev.ClassMode: class_mode.class_mode,
    ev.Tell: telling.tell,
    ev.Seen: telling.seen,
    ev.TakeBack: taking_back.take_back,
    ev.Accessible: accessible.switch,
    ev.Help: running.help_wanted,
    ev.Helped: running.helped,
    ev.Wished: running.wished,
    ev.Recovered: starting.recovered,
    ev.ServiceRestarted: starting.restarted,
    ev.Fault: running.fault,
    ev.StaffIn: staff_turn.staff_in,
    ev.StaffOut: staff_turn.staff_out,
    ev.Stray: staff_turn.stray,
}


def react(station: Station, event: ev.Event, policy: Policy, reading: Reading) -> tuple[Station, tuple[Effect, ...]]:
    """The station after `event` at `reading`, and what is to be done, in order."""
    now = Now(policy, reading)
    station = accessible.expire(station, now)
    now = Now(accessible.in_force(station, policy), reading)
    station, passed = _pass_time(station, event, now)
    station, theirs = staff_turn.pass_time(station, now)
    station, done = staff_turn.hear(station, event, now) or _HANDLERS[type(event)](station, event, now)
    station, followed = _follow_hours(station, now)
    station = calling.mind(station, now)
    if station.ticket is not None and station.state is not State.ASKING:
        station = replace(station, ticket=None)  # used up, or its citizen has gone and may come again
    return station, (*passed, *theirs, *done, *followed)


def next_due(station: Station) -> float | None:
    """The boot second at which the next Tick must not be late; None: the tick of every second will do."""
    if station.staff is not None:
        return station.staff.cover_until
    if station.state is State.ENDING:
        return station.cover_until
    if station.state is State.OPEN and station.session is not None and station.session.counting:
        return station.session.at + station.session.left
    return None


def _pass_time(station: Station, event: ev.Event, now: Now) -> Step:
    if station.undo is not None and now.boot >= station.undo.until:
        station = replace(station, undo=None)
    if station.goodbye is not None and now.boot >= station.goodbye_until:
        station = replace(station, goodbye=None)
    if station.state is State.OPEN and station.session is not None:
        return _run(station, station.session, event, now)
    if station.state is State.ENDING:
        covering, ordered = station.cover_until, station.ordered_at
        if (covering is not None and now.boot >= covering) or (
            ordered is not None and now.boot >= ordered + REPEAT_SECONDS
        ):
            return order_end(station, now)
    if station.state is State.ASKING and now.boot >= station.touched_at + now.policy.idle.sign_in_reset_seconds:
        return replace(station, state=State.FREE), ()
    if station.resume is not None and now.boot >= station.resume.until:
        return drop_resume(station, now)
    return station, ()


def _run(station: Station, running_one: session.Session, event: ev.Event, now: Now) -> Step:
    """Charge the time that passed; end the session when that ends it; else a heartbeat when one is due."""
    if isinstance(event, ev.Tick):
        running_one = session.seen(running_one, now.boot, event.idle_seconds)
    running_one, over = session.step(running_one, now.policy, now.boot)
    station = replace(station, session=running_one)
    if over:
        return end(station, over, now)
    if now.boot - running_one.beat_at < HEARTBEAT_SECONDS:
        return station, ()
    station = replace(station, session=replace(running_one, beat_at=now.boot))
    return station, (RecordHeartbeat(running_one.id, running_one.charged),)


def _follow_hours(station: Station, now: Now) -> Step:
    """FREE and CLOSED follow the opening hours; a goodbye is shown to its end."""
    shut = now.to_closing == 0.0
    if shut and station.state in (State.FREE, State.ASKING) and station.goodbye is None:
        station, effects = drop_resume(station, now)
        return replace(station, state=State.CLOSED), effects
    if not shut and station.state is State.CLOSED:
        return replace(station, state=State.FREE), ()
    return station, ()
