"""The waiting numbers at a station: what staff do with them, and who is called by itself when the PC becomes free."""

from dataclasses import replace

from kiosk.rules.allowance import may_start
from kiosk.rules.effects import Refuse
from kiosk.rules.events import Numbers
from kiosk.rules.station_state import Now, State, Station, Step

# So long after somebody left, staff may call whom they want before the next number is called by itself.
CALL_SECONDS = 20.0


def order(station: Station, event: Numbers, now: Now) -> Step:
    """A step of staff, refused where the numbers are not any more as they saw them."""
    after = station.queue.step(event.act, event.number)
    if after is None:
        return station, (Refuse("numbers_full" if event.act == "give" and event.number is None else "numbers_changed"),)
    return replace(station, queue=after), ()


def mind(station: Station, now: Now) -> Station:
    """Let time pass: numbers end with their day, and a free PC calls the next one."""
    queue = station.queue.on(now.reading.day) if now.reading.trusted else station.queue
    if queue.called is None and queue.waiting and not queue.held and _calls(station, now):
        queue = replace(queue.call(), before=replace(queue, before=None))
    return station if queue == station.queue else replace(station, queue=queue)


def _calls(station: Station, now: Now) -> bool:
    free = station.state is State.FREE and station.resume is None and station.supervisor_here
    rested = station.freed_at is None or now.boot >= station.freed_at + CALL_SECONDS
    return free and rested and now.policy.queue.by_itself and may_start(now.policy, now.to_closing)
