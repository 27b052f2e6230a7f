"""A province that lost its memory: old receipts confirm nothing more, and a station without a line hears of it too."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from receiver import Receiver
from sending_station import SITE, STATION, Sender

from kiosk.export.batch import signed
from kiosk.export.receipts import Marks, Receipt, marks_in, receipt_in
from kiosk.export.sealed import MARKS, RECEIPT, seal
from kiosk.export.signing import Key
from kiosk.store import acknowledged


def ingest(theirs: Receiver, folder: Path, number: int, marks: bool = True) -> None:
    """What the province does with a stick, by the brief of the formats."""
    told = theirs.take([signed(theirs.station, path.read_bytes()) for path in sorted(folder.glob("*.gz"))])
    (folder / "receipts").mkdir(exist_ok=True)
    for count, sealed in enumerate(told["receipts"]):
        (folder / "receipts" / f"{SITE}_{STATION}_{number}{count}.json").write_text(sealed)
    if marks:
        (folder / "receipts" / f"{SITE}_{STATION}_marks.json").write_text(told["marks"])


def it_is_restored(theirs: Receiver) -> None:
    """From a copy that was made before all this."""
    theirs.bundles.clear()
    theirs.kept.clear()
    theirs.ledger = "ledger-2"


@pytest.mark.slow
def test_old_receipts_in_the_folder_confirm_nothing_after_it(theirs: Receiver, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    with Sender(tmp_path / "home", to=share) as station:
        theirs.enrol(station.paths)
        station.days(5)
        theirs.now = station.clock.now.wall
        station.nightly._look()
        ingest(theirs, share, 1, marks=False)
        assert station.shown()["waiting_days"] == 0
        it_is_restored(theirs)
        for _look in range(4):
            station.clock.passes(days=1)
            theirs.now = station.clock.now.wall
            station.visit(station.clock.now.day)
            station.nightly._look()
        assert theirs.visits() == station.visits and station.shown()["waiting_days"] == 0


@pytest.mark.slow
def test_a_station_that_has_only_sticks_hears_of_it_by_the_stick(theirs: Receiver, tmp_path: Path) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    with Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths, way="file")
        station.days(5)
        station.nightly.write_to(stick)
        ingest(theirs, stick, 1)
        assert station.nightly.write_to(stick)["waiting"] == 0
        it_is_restored(theirs)
        station.clock.passes(days=1)
        station.visit(station.clock.now.day)
        station.nightly.run()
        theirs.now = station.clock.now.wall
        assert len(station.nightly.write_to(other)["written"]) == 1, "nobody here knows yet"
        ingest(theirs, other, 2)
        told = station.nightly.write_to(other)
        assert (len(told["written"]), told["waiting"]) == (5, 5), "all that was only in the lost memory"
        assert station.nightly.write_to(stick)["confirmed"] == 0, "the old stick, its receipts and its marks"
        theirs.now += timedelta(hours=1)
        ingest(theirs, other, 3)
        assert station.nightly.write_to(other)["waiting"] == 0
        assert station.nightly.write_to(stick)["waiting"] == 0, "and nothing waits by the marks of before"
        assert theirs.visits() == station.visits


@pytest.mark.slow
def test_marks_on_a_stick_count_once_and_only_forward(theirs: Receiver, tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths, way="file")
        station.days(2)
        stick = tmp_path / "stick"
        station.nightly.write_to(stick)
        ingest(theirs, stick, 1)
        place = stick / "receipts" / f"{SITE}_{STATION}_marks.json"
        for foreign in (
            Marks("TH-013", STATION, "ledger-9", {}, "2027-01-01T00:00:00+00:00").sealed(theirs.key),
            Marks(SITE, STATION, "ledger-1", {}, "2020-01-01T00:00:00+00:00").sealed(theirs.key),
        ):
            (stick / "receipts" / "other.json").write_text(foreign)
            told = station.nightly.write_to(stick)
            assert (told["waiting"], told["unproved"]) == (0, 0)
        (stick / "receipts" / "other.json").write_text(Marks(SITE, STATION, "evil", {}, "2030").sealed(Key.make()))
        assert station.nightly.write_to(stick)["unproved"] == 1
        (stick / "receipts" / "other.json").unlink()
        assert station.store.run(acknowledged.memory)[0] == "ledger-1"
        place.write_text(Marks(SITE, STATION, "ledger-1", {}, "2030-01-01T00:00:00+00:00").sealed(theirs.key))
        assert station.nightly.write_to(stick)["waiting"] == 0, "the receipts beside them say again that it has them"


def test_what_was_written_before_these_fields_is_still_read() -> None:
    key = Key.make()
    old = {"site": SITE, "station": STATION, "at": "2026-11-22T02:00:00+00:00", "stored": ["0" * 64], "refused": {}}
    assert receipt_in(key.public, seal(key, RECEIPT, old)) == Receipt(SITE, STATION, str(old["at"]), ("0" * 64,))
    marks = {"site": SITE, "station": STATION, "ledger": "a", "marks": {"0" * 16: 4}}
    assert marks_in(key.public, seal(key, MARKS, marks)) == Marks(SITE, STATION, "a", {"0" * 16: 4})
    new = Receipt(SITE, STATION, "2026-11-22T02:00:00+00:00", ("0" * 64,), {}, "a")
    assert receipt_in(key.public, new.sealed(key)) == new
    assert json.loads(json.loads(new.sealed(key))["payload"])["ledger"] == "a"
