"""A PC that is on for some minutes at a time sends, too: its turn outlives each start of service and PC."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from receiver import Receiver
from sending_station import SITE, STATION, Sender

from kiosk.clock import Reading
from kiosk.export.schedule import SOON, spread

WINDOW = 1_800.0
OWN = spread(SITE, STATION, WINDOW)


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home", spread=WINDOW) as found:
        theirs.enrol(found.paths)
        found.days(2)
        yield found


def switched_on(station: Sender, number: int, trusted: bool) -> float:
    """Another start of the PC; seconds until it would send, as its first look finds them."""
    station.close()
    now = station.clock.now
    station.clock.now = Reading(20.0, f"start {number}", now.wall, trusted)
    station.open()
    return station.nightly._way_up.look()


@pytest.mark.slow
def test_a_new_service_goes_on_waiting_for_the_same_moment(station: Sender, theirs: Receiver) -> None:
    """Fails on the old code: each start of the service began the window anew."""
    assert station.nightly._way_up.look() == pytest.approx(OWN)
    station.clock.passes(seconds=OWN / 2)
    station.close()
    station.open()
    assert station.nightly._way_up.look() == pytest.approx(OWN / 2)
    station.clock.passes(seconds=OWN / 2 + 1)
    station.nightly._way_up.look()
    assert station.shown()["waiting_days"] == 0 and len(theirs.bodies) == 1


@pytest.mark.slow
@pytest.mark.parametrize("trusted", [True, False])
def test_one_that_is_on_for_some_minutes_at_a_time_sends(station: Sender, theirs: Receiver, trusted: bool) -> None:
    """Fails on the old code, where it waited for ever. Also with a dead clock, which says the same at each start."""
    on = OWN / 20
    assert 20 < on < 60 < OWN, "it is never on until its moment"
    station.nightly._way_up.look()
    waits = []
    for number in range(12):
        waits.append(switched_on(station, number, trusted))
        if waits[-1] < on:
            station.clock.passes(seconds=on)
            station.nightly._way_up.look()
            break
        station.clock.passes(seconds=on)
        station.nightly._way_up.look()
        assert theirs.bodies == [], "not before its turn"
    assert station.shown()["waiting_days"] == 0 and len(theirs.bodies) == 1
    assert waits[0] <= SOON and all(later < wait for wait, later in zip(waits, waits[1:], strict=False))
    station.clock.now = replace(station.clock.now, trusted=True)
    station.visit("2026-11-21")
    station.nightly.run()
    assert station.nightly._way_up.look() == pytest.approx(OWN), "the next night it is in step with the nation again"
