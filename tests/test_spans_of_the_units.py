"""The units give the supervisor as long as its own work takes at the very most."""

import inspect
from collections.abc import Callable
from pathlib import Path

from kiosk.service.pulse import ASK_EVERY, GOOD_FOR
from kiosk.supervisor import cgroup, ending, leftovers, marked, port_wall, supervisor, sweeping
from kiosk.supervisor.notify import FEED_EVERY
from kiosk.supervisor.session import room

UNIT = Path(__file__).resolve().parent.parent / "scripts" / "install" / "units" / "kiosk.service"


def _of_unit(key: str) -> float:
    [value] = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if line.startswith(f"{key}=")]
    return float(value.partition("=")[2])


def _waits(work: Callable[..., object]) -> float:
    return float(inspect.signature(work).parameters["wait"].default)


KILL = _waits(cgroup.kill) + _waits(marked.kill_all)
# What holds the loop without a child: a short look at all that a citizen and staff left; a room that does not come.
UNDER_WAY = max(4 * ending.DEAD_SOON, room.WITHIN)


def test_a_stop_fits_also_behind_what_is_under_way() -> None:
    sticks = leftovers.STICKS_WITHIN + leftovers.DETACHED_WITHIN
    stop = supervisor.STOP_WITHIN + 2 * KILL + sticks + leftovers.WIPE_WITHIN + 2 * port_wall.WITHIN
    print(f"\nat most {UNDER_WAY:.1f} s under way, then {stop:.1f} s to stop")
    assert UNDER_WAY + stop < _of_unit("TimeoutStopSec")


def test_a_start_fits() -> None:
    start = room.WITHIN + leftovers.CLEAN_WITHIN + sum(sweeping.WITHIN)
    assert start < _of_unit("TimeoutStartSec") / 2


def test_the_watchdog_bites_after_all_that_the_supervisor_does_about_a_silent_service() -> None:
    ended = supervisor.SERVICE_AWAY + UNDER_WAY + ending.DEAD_WITHIN
    fed = FEED_EVERY + ASK_EVERY + GOOD_FOR
    print(f"\na silent service: its session is over within {ended:.0f} s; a good one feeds within {fed:.0f} s")
    assert ended + fed < _of_unit("WatchdogSec")
