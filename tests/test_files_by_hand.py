"""Looking is not carrying: a file of what waits, and receipts that are read in, mark no bundle as brought anywhere."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from receiver import Receiver
from sending_station import SITE, STATION, Sender

from kiosk.errors import RefusedError
from kiosk.export.batch import Signed, beside
from kiosk.service.by_hand import ByHand
from kiosk.service.words import export_lines, unsigned_line
from kiosk.translations import said_in


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        found.days(5)
        yield found


def hand(station: Sender) -> ByHand:
    return ByHand(station.home / "aside", station.nightly.by_folder, lambda: (SITE, STATION))


def in_zip(data: bytes) -> list[Signed]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if name.endswith(".gz")]
        return [beside(packed.read(f"{name}.sig"), packed.read(name)) for name in names]


def carried(station: Sender) -> list[object]:
    """Where the ledger says that bundles were brought."""
    rows = station.store.run(lambda db: db.execute("SELECT DISTINCT delivered FROM bundles").fetchall())
    return [where for (where,) in rows if where is not None]


@pytest.mark.slow
def test_a_file_that_is_only_taken_and_receipts_that_are_read_carry_nothing(station: Sender, theirs: Receiver) -> None:
    """Fails on the old code: a GET marked five days as carried on a stick that was never written."""
    theirs.enrol(station.paths)
    bundles = in_zip(b"".join(hand(station).packed()))
    assert len(bundles) == 5 and carried(station) == []
    assert (station.shown()["waiting_days"], station.shown()["carried_days"]) == (5, 0)
    for count, sealed in enumerate(theirs.take(bundles[:2])["receipts"]):
        taken = hand(station).take({f"{count}.json": sealed.encode()})
        assert (taken.confirmed, taken.written, taken.waiting) == (2, 0, 3)
    assert carried(station) == [] and len(in_zip(b"".join(hand(station).packed()))) == 3
    station.nightly.write_to(station.home / "stick")
    assert len(carried(station)) == 1 and station.shown()["carried_days"] == 3, "the control: a stick does carry"
    station.nightly.send()
    with pytest.raises(RefusedError, match="Nothing waits"):
        hand(station).packed()


@pytest.mark.slow
def test_a_station_that_has_joined_no_province_says_that_what_it_writes_is_unsigned(
    station: Sender, theirs: Receiver
) -> None:
    told = station.nightly.write_to(station.home / "stick")
    assert (len(told["written"]), told["unsigned"]) == (5, 5) and not list((station.home / "stick").glob("*.sig"))
    assert station.nightly.write_to(station.home / "stick")["unsigned"] == 5, "also where they lay there already"
    assert unsigned_line() in export_lines(station.shown())
    assert "chưa có chữ ký" in str(said_in("vi", unsigned_line()))
    theirs.enrol(station.paths)
    told = station.nightly.write_to(station.home / "stick")
    assert told["unsigned"] == 0 and unsigned_line() not in export_lines(station.shown())
    assert len(list((station.home / "stick").glob("*.sig"))) == 5, "and it is mended by joining"


def test_a_file_without_a_province_carries_nothing_either(station: Sender) -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(hand(station).packed()))) as packed:
        assert len(packed.namelist()) == 5
    assert carried(station) == [] and station.shown()["waiting_days"] == 5
