"""`confirmed_day`: the last day up to which the province has every one, not the latest that it has."""

from pathlib import Path

from sending_station import SITE, STATION, Sender

from kiosk.store import acknowledged
from kiosk.store.acknowledged import Told


def hears(station: Sender, *days: str) -> None:
    """A receipt for all bundles of these days."""
    names = {one.sha256: one.day for one in station.store.run(acknowledged.waiting, SITE, STATION)}
    at = station.clock.now.wall.isoformat()
    told = Told({sha256: at for sha256, day in names.items() if day in days})
    station.store.run(acknowledged.take, told, "https", at)


def test_it_is_the_last_day_without_a_gap_before_it(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(4)  # the 18th to the 21st
        shown = lambda: station.nightly.status()["confirmed_day"]  # noqa: E731
        assert shown() is None
        hears(station, "2026-11-19", "2026-11-21")
        assert shown() is None, "the first of all is not there"
        hears(station, "2026-11-18")
        assert shown() == "2026-11-19"
        station.visit("2026-11-18")
        station.nightly.run()
        assert shown() == "2026-11-19", "of the 18th it has one, though another waits"
        hears(station, "2026-11-20")
        assert shown() == "2026-11-21"
        refused = {one.sha256: "RANGE" for one in station.store.run(acknowledged.waiting, SITE, STATION)}
        station.store.run(acknowledged.take, Told(refused=refused), "https", station.clock.now.wall.isoformat())
        assert shown() == "2026-11-21"
        station.clock.passes(days=2)
        station.nightly.run()
        refused = {one.sha256: "RANGE" for one in station.store.run(acknowledged.waiting, SITE, STATION)}
        station.store.run(acknowledged.take, Told(refused=refused), "https", station.clock.now.wall.isoformat())
        assert shown() == "2026-11-21", "what is put aside it has not"
