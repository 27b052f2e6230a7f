"""However often something happens, the station ticks every second: it charges, and the supervisor hears its beat."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dated_station import DatedStation, World

from kiosk.rules import events as ev


class Timers:
    """A loop whose timers are run by hand, in the world's time."""

    def __init__(self, world: World) -> None:
        self.world, self.waiting = world, list[tuple[float, Any]]()

    def after(self, seconds: float, work: Any) -> None:
        self.waiting.append((self.world.since + seconds, work))

    def call_soon(self, work: Any) -> None:
        work()

    def pass_time(self, seconds: float) -> None:
        self.world.pass_time(seconds)
        due = [one for one in self.waiting if one[0] <= self.world.since]
        self.waiting = [one for one in self.waiting if one[0] > self.world.since]
        for _at, work in due:
            work()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World())
    yield made
    made.store.close()


def test_who_taps_five_times_a_second_puts_no_tick_off(made: DatedStation) -> None:
    timers, ticks = Timers(made.world), list[float]()
    made.service.loop = timers  # type: ignore[assignment]
    made.tick()
    look = made.dating.look

    def seen() -> Any:
        ticks.append(made.world.since)
        return look()

    made.dating.look = seen  # type: ignore[method-assign]
    made.service.happen(ev.Begin())
    for _ in range(50):
        timers.pass_time(0.2)
        made.service.happen(ev.Touch())
    assert len(ticks) >= 8, ticks
    assert len(timers.waiting) <= 2, "and no timers are heaped up"


def test_the_end_of_the_minutes_still_brings_a_tick_of_its_own(made: DatedStation) -> None:
    timers = Timers(made.world)
    made.service.loop = timers  # type: ignore[assignment]
    made.service.happen(ev.SignIn("s1", by="staff", minutes=0.01))
    made.service.happen(ev.Opened("s1"))
    timers.pass_time(0.61)
    assert made.service.station.state.value == "ending"
