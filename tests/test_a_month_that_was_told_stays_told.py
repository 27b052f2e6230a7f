"""The exact counts of a month never change once they may have been told: the change would be one visitor's answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dated_station import POLICY, DatedStation, World

from kiosk.clock import LOCAL
from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, export_run
from kiosk.report import Reports
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.settings import Site
from kiosk.store import facts

BEFORE_MIDNIGHT = datetime(2026, 11, 30, 23, 50, tzinfo=LOCAL)
SAYS_ALL = Answers("FST_Y", "SEX_U", "AGE_UNK", frozenset({"GRP_U"}))


@pytest.fixture
def station(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World(BEFORE_MIDNIGHT))
    made.store.run(facts.put, "first_use", "2026-11-01")
    yield made
    made.store.close()


def told(station: DatedStation, folder: Path) -> list[formats.Line]:
    """What the bundle of 1 December says of November, as it stands now."""
    exporter = Exporter(
        station.store, folder / "outbox", Identity("TH-012", "03", "0.1.0", ""), "00:00", lambda day: 1_440
    )
    made = export_run(exporter, replace(station.clock.read(), trusted=True), "2026-12-01")
    return [line for line in formats.read(made[0].path.read_bytes()).lines if line["kind"] == "month"]


def first_visits(station: DatedStation) -> object:
    """What the panel's report says of November."""
    reports = Reports(station.store, Site(code="TH-012", station="03"), POLICY, station.clock.read, {})
    return reports.make("2026-11").line("FIRST").now.value


def month_of(station: DatedStation) -> set[str]:
    return {name.partition(":")[2] for name, _side in station.tallies()}


def test_a_visit_over_the_midnight_of_a_month_is_answered_in_the_month_of_its_end(
    station: DatedStation, tmp_path: Path
) -> None:
    station.open(SAYS_ALL)
    station.run(1_200)
    before = told(station, tmp_path), first_visits(station)
    station.finish()
    assert (told(station, tmp_path), first_visits(station)) == before
    assert month_of(station) == {"2026-12"}
    assert [day for day, *_rest in station.rows()] == ["2026-11-30"], "the visit itself is one of the day it began on"


def test_a_session_that_the_power_cut_in_november_and_that_december_counts(
    station: DatedStation, tmp_path: Path
) -> None:
    """`kiosk export run` may come before the service."""
    station.open(SAYS_ALL)
    station.run(60)
    station.world.reboot(timedelta(days=2))
    before = told(station, tmp_path)
    station.start()
    station.run(60)
    assert station.rows() != [] and told(station, tmp_path) == before
    assert month_of(station) == {"2026-12"}


def test_answers_of_a_session_that_loses_its_date_wait_for_a_month_that_is_not_told(
    station: DatedStation, tmp_path: Path
) -> None:
    station.open(SAYS_ALL)
    station.run(1_200)
    before = told(station, tmp_path)
    station.world.step(BEFORE_MIDNIGHT + timedelta(days=900))
    station.run(60)
    assert not station.trusted
    station.finish()
    assert month_of(station) == {"undated"}
    station.world.follow()
    station.service.happen(ev.Tick())
    station.run(60)
    assert station.trusted and told(station, tmp_path) == before
    assert month_of(station) == {"2026-12"}
