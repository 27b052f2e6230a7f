"""What the disk refused is kept in order, and written when it takes again: whole visits with answers, once each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dated_station import DatedStation, World

from kiosk.errors import KioskError
from kiosk.rules.answers import Answers

FIRST, BEEN = Answers("FST_Y"), Answers("FST_N")


@pytest.fixture
def station(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World())
    yield made
    made.store.close()


class Disk:
    """Refuses what the recorder writes while `full`."""

    def __init__(self, station: DatedStation) -> None:
        self.full, self.asked = False, 0
        self._run: Callable[..., Any] = station.store.run
        station.recorder._store = self  # type: ignore[assignment]

    def run(self, job: Callable[..., Any], *args: Any) -> Any:
        """As Store.run."""
        self.asked += 1
        if self.full:
            raise KioskError("The disk is full.", "Free some space.")
        return self._run(job, *args)


def visit(station: DatedStation, answers: Answers) -> None:
    station.open(answers)
    station.run(600)
    station.finish()


def troubles(station: DatedStation) -> set[str]:
    return {one["code"] for one in station.service.snapshot["troubles"]}


def test_visits_of_a_full_disk_are_counted_when_there_is_room_again(station: DatedStation) -> None:
    disk = Disk(station)
    visit(station, FIRST)
    disk.full = True
    visit(station, BEEN)
    visit(station, FIRST)
    assert len(station.rows()) == 1 and station.recorder.waiting() and "not_written" in troubles(station)
    disk.full = False
    station.run(5)
    assert not station.recorder.waiting() and "not_written" not in troubles(station)
    assert [seconds for _day, _hour, seconds, _reason in station.rows()] == [600, 600, 600]
    first = {side: count for (table, side), count in station.tallies().items() if table.startswith("FST:")}
    assert first == {"FST_Y": 2, "FST_N": 1}
    assert station.service.snapshot["visits_today"] == 3


def test_a_disk_that_refuses_in_the_middle_of_catching_up_doubles_nothing(station: DatedStation) -> None:
    disk = Disk(station)
    disk.full = True
    for answers in (FIRST, BEEN, FIRST, BEEN):
        visit(station, answers)
    real = disk.run

    def some(job: Callable[..., Any], *args: Any) -> Any:
        disk.full = disk.asked % 3 == 2
        return real(job, *args)

    disk.run = some  # type: ignore[method-assign]
    for _tick in range(20):
        station.run(5)
    assert len(station.rows()) == 4 and not station.recorder.waiting()
    assert sum(count for (table, _side), count in station.tallies().items() if table.startswith("FST:")) == 4
