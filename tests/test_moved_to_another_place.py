"""A PC that is taken to another place, in the middle of a day that it has told already, and of one that it has not."""

from dataclasses import replace
from pathlib import Path

from sending_station import Sender

from kiosk.export.formats import read
from kiosk.export.outbox import Identity


def told(station: Sender, site: str) -> dict[str, int]:
    """Day -> visits, of the newest bundle that was made as that site."""
    found: dict[str, tuple[int, int]] = {}
    for path in station.paths.outbox.glob(f"{site}_*.gz"):
        bundle = read(path.read_bytes())
        newest = (bundle.manifest.revision, bundle.day["visits"])
        found[bundle.manifest.day] = max(found.get(bundle.manifest.day, (0, 0)), newest)
    return {day: visits for day, (_revision, visits) in found.items()}


def moves(station: Sender) -> None:
    """To site TH-099, number 01."""
    station.nightly.adopt(replace(station.exporter(), identity=Identity("TH-099", "01", "0.1.0", "")))


def test_a_day_told_at_noon_and_gone_on_after_a_move_is_told_there(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(1)
        station.clock.passes(hours=12)
        day = station.clock.now.day
        station.visit(day, 2)
        station.nightly.run(day)
        assert told(station, "TH-012")[day] == 2
        moves(station)
        station.visit(day, 3)
        station.clock.passes(hours=12)
        station.nightly.run()
        assert told(station, "TH-099") == {day: 5}
        assert [one for one in station.nightly.run() if one["new"]] == []


def test_a_day_told_at_noon_that_did_not_go_on_is_told_once(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(1)
        station.clock.passes(hours=12)
        day = station.clock.now.day
        station.visit(day, 2)
        station.nightly.run(day)
        moves(station)
        station.clock.passes(hours=12)
        station.nightly.run()
        station.clock.passes(days=1)
        station.nightly.run()
        assert told(station, "TH-099") == {station.clock.now.day: 0} and told(station, "TH-012")[day] == 2


def test_a_day_that_was_over_before_the_move_stays_where_it_was_counted(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(2)
        moves(station)
        station.visit(station.clock.now.day)  # twenty minutes to midnight
        station.nightly.run()
        assert told(station, "TH-099") == {}
