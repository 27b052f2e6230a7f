"""Where a service that has just started takes up the story: from its store, and from a supervisor that lived on."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from kiosk.errors import KioskError
from kiosk.rules import events as ev
from kiosk.rules.notes import Note
from kiosk.rules.queue import of_fact
from kiosk.rules.session import LiveRow, Way
from kiosk.rules.station_state import State
from kiosk.store import facts
from kiosk.store.sessions import Live

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

log = logging.getLogger(__name__)


def recover(station: "Reconciler") -> None:
    """What the store remembers: out of order, somebody waits, and a session that the power cut short."""
    now = station.clock.read()
    broken = station.store.run(facts.out_of_order)
    if broken is not None:
        station.happen(ev.OutOfOrder(broken[0]))
    if station.store.run(facts.waiting):
        station.happen(ev.Waiting(True))
    live = station.recorder.live
    if live is None or live.boot_id != now.boot_id:
        _bring_queue(station)
    if live is not None and live.boot_id != now.boot_id:
        station.happen(ev.Recovered(_row(live), _prefs(live)))


def agree(station: "Reconciler", supervised: str) -> None:
    """The supervisor says which session lives with it (or none): make both tell the same story."""
    now = station.clock.read()
    station.happen(ev.SupervisorHere(True))
    live, mine, turn = station.recorder.live, station.station.session, station.station.staff
    if mine is None and live is not None and live.boot_id == now.boot_id:
        row = _row(live)
        if supervised == live.session:
            station.happen(ev.ServiceRestarted(row, _prefs(live), opened=True))
        else:
            # Its programs died while nobody looked: charged to the last heartbeat, and no further.
            gone = LiveRow(**{**vars(row), "boot": now.boot})
            station.happen(ev.ServiceRestarted(gone, _prefs(live), opened=True))
            station.happen(ev.Fault("the session's programs are gone"))
    elif mine is not None and mine.opened and supervised != mine.id:
        station.happen(ev.Fault("the session's programs are gone"))
    elif mine is None and supervised and (turn is None or turn.session != supervised):
        station.happen(ev.Stray(supervised))
    _bring_queue(station)


def agree_on_what_is_left(station: "Reconciler", left: str) -> None:
    """What the supervisor could not wipe of earlier sessions; "": it has all been wiped, also what it told us of."""
    mine = station.station
    if left:
        station.happen(ev.NotClean(left))
    elif mine.state is State.OUT_OF_ORDER and mine.wiping is not None:
        station.happen(ev.Ended(mine.wiping, True))


def _bring_queue(station: "Reconciler") -> None:
    """The waiting numbers; not before it is known whether the PC is free, or it would call somebody to it."""
    if station.station.queue.last:
        return
    try:
        station.station = replace(station.station, queue=of_fact(station.store.run(facts.queue)))
    except KioskError as error:
        log.error("the waiting numbers cannot be read: %s", error.message)


def _row(live: Live) -> LiveRow:
    return LiveRow(
        session=live.session,
        by=cast(Way, live.entry),
        charged=live.charged,
        granted=live.granted,
        extensions=live.extensions,
        boot_id=live.boot_id,
        boot=live.boot_beat,
        wall=live.wall_beat.timestamp() if live.beat_trusted else None,
        staff_extended=live.staff_extensions > 0,
        time_factor=live.time_factor,
        note=None if live.note is None else Note(**live.note),
    )


def _prefs(live: Live) -> ev.Prefs:
    return ev.Prefs.of(live.prefs)
