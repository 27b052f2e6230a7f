"""From the panel's order to the supervisor's answer: who set the clock has confirmed it, and a failure is shown."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dated_station import MORNING, DatedStation, World

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError
from kiosk.service.staff import Staff
from kiosk.service.words import clock_lines, status_lines
from kiosk.store import audit


class Supervisor:
    """The other end of the line: it sets the world's clock, or says why not."""

    def __init__(self, station: DatedStation, refuses: str = "") -> None:
        self.station, self.refuses = station, refuses
        self.staff = Staff(station.service)
        self.ordered: list[float] = []

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        if (role, verb) != ("supervisor", "set_time"):
            return True
        self.ordered.append(fields["seconds"])
        if not self.refuses:
            self.station.world.step(datetime.fromtimestamp(fields["seconds"], LOCAL))
        self.staff.date_was_set(not self.refuses, self.refuses)
        return True

    def show(self, state: dict[str, Any]) -> None:
        """Screens hear nothing here."""


@pytest.fixture
def station(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World())
    made.world.reboot(timedelta(hours=1), datetime(2010, 1, 1, tzinfo=LOCAL))
    made.start()
    yield made
    made.store.close()


def supervised(station: DatedStation, refuses: str = "") -> Supervisor:
    supervisor = Supervisor(station, refuses)
    station.service.peers = supervisor  # type: ignore[assignment]
    return supervisor


def deeds(station: DatedStation) -> list[tuple[str, str, str]]:
    return [(one.who, one.action, one.detail) for one in station.store.run(audit.latest) if "clock" in one.action]


def test_setting_the_date_sets_the_clock_confirms_it_and_dates_the_boot(station: DatedStation) -> None:
    supervisor = supervised(station)
    station.visit(300)
    wanted = MORNING + timedelta(hours=1, minutes=6)
    supervisor.staff.set_date("Lan", wanted)
    station.run(2)
    assert supervisor.ordered == [wanted.timestamp()]
    assert station.trusted and station.service.snapshot["clock"]["because"] == "manager"
    assert [(day, hour) for day, hour, _, _ in station.rows()] == [("2026-11-23", 10)]
    assert deeds(station) == [("Lan", "set_clock", "2026-11-23 10:06")]
    assert station.service.snapshot["troubles"] == []


def test_a_clock_that_may_not_be_set_is_shown_and_nothing_is_confirmed(station: DatedStation) -> None:
    supervisor = supervised(station, "EPERM")
    supervisor.staff.set_date("Lan", MORNING)
    station.run(1)
    assert not station.trusted and deeds(station) == []
    assert station.service.snapshot["troubles"] == [{"code": "clock_not_set", "detail": "EPERM"}]
    station.world.step(MORNING)  # the technician did it
    station.tick()
    supervisor.staff.confirm_date("Lan", station.service.snapshot["clock"]["offset"])
    station.run(1)
    assert station.trusted and station.service.snapshot["troubles"] == []


@pytest.mark.parametrize("year", [1970, 2010, 2020, 2060])
def test_a_date_that_cannot_be_is_not_even_ordered(station: DatedStation, year: int) -> None:
    supervisor = supervised(station)
    with pytest.raises(RefusedError, match="cannot be right"):
        supervisor.staff.set_date("Lan", MORNING.replace(year=year))
    assert supervisor.ordered == []


def test_without_a_supervisor_it_is_refused(station: DatedStation) -> None:
    with pytest.raises(RefusedError, match="getting ready"):
        Staff(station.service).set_date("Lan", MORNING)


def test_an_answer_that_nobody_ordered_confirms_nothing(station: DatedStation) -> None:
    Staff(station.service).date_was_set(True, "")
    station.run(1)
    assert not station.trusted and deeds(station) == []


def test_status_says_whether_and_why(station: DatedStation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    station.visit(300)
    said = clock_lines(station.service.snapshot["clock"])
    assert said == [
        "The date is not trusted: the clock is older than this software. Confirm it on the panel.",
        "Visits without a date: 1, 5 minutes.",
    ]
    station.world.follow()
    station.run(2)
    assert clock_lines(station.service.snapshot["clock"]) == ["The date is trusted: the clock is synchronised."]
    whole = {"site": "x", "station": "01", "export": {}, **station.service.snapshot}
    assert "The date is trusted: the clock is synchronised." in status_lines(whole)
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert "đồng bộ" in clock_lines(station.service.snapshot["clock"])[0]
