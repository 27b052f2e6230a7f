"""A backup that is older than what was pruned since: what the province has of those days is left to it."""

from datetime import timedelta
from pathlib import Path

import pytest
from receiver import Receiver, receiving
from restored import back_up, carry, restore
from sending_station import SITE, STATION, Sender

from kiosk.errors import RefusedError
from kiosk.export.replay import replay
from kiosk.store import bundles, facts, losses, rescue


def nights(station: Sender, theirs: Receiver, count: int) -> None:
    """So many days with five visits each, told every night."""
    for _night in range(count):
        station.clock.passes(days=1)
        station.visit(station.clock.now.day, 5)
        station.nightly.run()
        carry(station, theirs)


@pytest.mark.slow
def test_days_that_were_told_and_pruned_since_the_backup_are_not_told_as_nought(tmp_path: Path) -> None:
    with receiving(tmp_path / "province") as theirs, Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths)
        station.days(3)
        carry(station, theirs)
        back_up(station, tmp_path / "backup.db")
        nights(station, theirs, 60)
        assert len(list(station.paths.outbox.glob("*.gz"))) < 45, "the control: most of them were let go of"
        before = theirs.visits()
        assert before == station.visits
        loss = restore(station, tmp_path / "backup.db")
        assert loss is not None and loss.new_epoch
        assert [one for one in station.nightly.run() if one["new"]] == [], "all were told, by this store or another"
        nights(station, theirs, 2)
        assert theirs.visits() == station.visits, "no day became less, and new ones are told"
        pruned = min(day for day in before if day not in station.store.run(bundles.days))
        with pytest.raises(RefusedError, match=pruned):
            station.nightly.run(pruned)


@pytest.mark.slow
def test_a_store_that_begins_anew_beside_a_pruned_outbox_tells_no_noughts_either(tmp_path: Path) -> None:
    """The oldest file there is one that the province has put aside: its day would be taken for the first."""
    with receiving(tmp_path / "province") as theirs, Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths)
        station.days(1)
        theirs.refuse[station.clock.now.day] = "RANGE"
        nights(station, theirs, 60)
        before = theirs.visits()
        station.close()
        station.paths.store.unlink()
        with rescue.open_or_rescue(station.paths.store, station.clock.now.wall, has_past=True) as store:
            replay(store, station.paths.outbox, SITE, STATION, station.clock.now)
        station.open()
        nights(station, theirs, 1)
        told = theirs.visits()
        assert {day: told[day] for day in before} == before


def test_a_day_half_told_before_the_backup_is_not_told_again(tmp_path: Path) -> None:
    """The backup was made at noon of a day that was told both before and after it; the files went with the disk."""
    with receiving(tmp_path / "province") as theirs, Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths)
        station.days(1)
        station.clock.passes(hours=12)
        half = station.clock.now.day
        station.visit(half, 2)
        station.nightly.run(half)
        station.visit(half, 1)
        back_up(station, tmp_path / "backup.db")
        station.clock.passes(hours=12)
        station.visit(half, 4)
        station.nightly.run()
        carry(station, theirs)
        assert theirs.visits()[half] == 7
        station.clock.passes(hours=12)
        for path in station.paths.outbox.glob("*.gz"):
            path.unlink()
        restore(station, tmp_path / "backup.db")
        assert station.store.run(losses.unsure) == {half}
        station.clock.passes(hours=12)
        station.nightly.run()
        carry(station, theirs)
        assert theirs.visits()[half] == 7
        with pytest.raises(RefusedError, match=half):
            station.nightly.run(half)
        later = f"{station.clock.now.local.date() + timedelta(days=1)}"
        station.clock.passes(days=1)
        station.visit(later, 3)
        station.nightly.run()
        carry(station, theirs)
        assert theirs.visits()[later] == 3, "what comes after is told as ever"
        assert station.store.run(facts.get, "unsure") is not None
