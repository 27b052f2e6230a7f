"""Bundles reach the province by stick, folder and FTP as by HTTPS: signed, whole, confirmed by receipts read back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ftp_server import ftp_server
from receiver import Receiver
from sending_station import SITE, STATION, Sender
from store_support import on_small_disk

from kiosk.errors import KioskError
from kiosk.export.batch import Signed, beside
from kiosk.export.receipts import Receipt
from kiosk.export.signing import Key


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths, way="file")
        yield found


def lying(folder: Path) -> list[Signed]:
    """Every bundle in a folder, with what lies beside it; nothing else may lie there."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    bundles = [name for name in names if name.endswith(".gz")]
    assert names == sorted([*bundles, *(f"{name}.sig" for name in bundles)])
    return [beside((folder / f"{name}.sig").read_bytes(), (folder / name).read_bytes()) for name in bundles]


def ingest(theirs: Receiver, folder: Path, number: int = 1) -> None:
    """What the province does with a stick, by the brief of the formats."""
    told = theirs.take(lying(folder))
    (folder / "receipts").mkdir(exist_ok=True)
    for count, sealed in enumerate(told["receipts"]):
        (folder / "receipts" / f"{SITE}_{STATION}_{number}{count}.json").write_text(sealed)


@pytest.mark.slow
def test_a_stick_goes_there_and_back(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    station.days(5)
    assert station.shown()["way"] == "stick"
    first = station.nightly.write_to(stick)
    assert (len(first["written"]), first["confirmed"], first["waiting"]) == (5, 0, 5)
    told = station.shown()
    assert (told["waiting_days"], told["carried_days"], told["last_sent"]) == (5, 5, None)
    assert station.nightly.write_to(stick)["written"] == [], "it lies there already"
    ingest(theirs, stick)
    station.visit("2026-11-21")
    station.nightly.run()
    second = station.nightly.write_to(stick)
    assert (len(second["written"]), second["confirmed"], second["waiting"]) == (1, 5, 1)
    ingest(theirs, stick, 2)
    third = station.nightly.write_to(stick)
    assert (third["written"], third["confirmed"], third["waiting"], third["unproved"]) == ([], 1, 0, 0)
    assert theirs.visits() == station.visits and station.shown()["waiting_days"] == 0


@pytest.mark.slow
def test_a_stick_of_another_station_and_a_forged_receipt_confirm_nothing(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    station.days(2)
    station.nightly.write_to(stick)
    names = tuple(one.sha256 for one in lying(stick))
    (stick / "receipts").mkdir()
    at = theirs.now.isoformat()
    for number, (site, key) in enumerate([(SITE, Key.make()), ("TH-013", theirs.key)]):
        sealed = Receipt(site, STATION, at, names).sealed(key)
        (stick / "receipts" / f"{SITE}_{STATION}_{number}.json").write_text(sealed)
    (stick / "receipts" / f"{SITE}_{STATION}_9.json").write_bytes(b"{" * 2_000_000)
    told = station.nightly.write_to(stick)
    assert (told["confirmed"], told["waiting"], told["unproved"]) == (0, 2, 2)
    ingest(theirs, stick)
    assert station.nightly.write_to(stick)["waiting"] == 0, "the control: an honest one beside them counts"


@pytest.mark.slow
def test_a_refused_bundle_of_a_stick_is_shown_too(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    station.days(2)
    theirs.refuse["2026-11-20"] = "RANGE"
    station.nightly.write_to(tmp_path / "stick")
    ingest(theirs, tmp_path / "stick")
    told = station.nightly.write_to(tmp_path / "stick")
    assert (told["confirmed"], told["refused"], told["waiting"]) == (1, 1, 1)
    assert [one["code"] for one in station.shown()["refused"]] == ["RANGE"]


@pytest.mark.slow
def test_one_station_by_stick_and_https_at_once_is_counted_once(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    station.days(4)
    station.nightly.write_to(tmp_path / "stick")
    theirs.enrol(station.paths)
    assert station.nightly.send()["confirmed"] == 4
    ingest(theirs, tmp_path / "stick")
    assert station.nightly.write_to(tmp_path / "stick")["confirmed"] == 0
    assert theirs.visits() == station.visits and len(theirs.bundles) == 4


@pytest.mark.slow
def test_a_full_stick_is_a_sentence_and_what_lies_on_it_is_whole(tmp_path: Path) -> None:
    script = """
from receiver import receiving
from sending_station import Sender
from kiosk.errors import KioskError
from test_carried_to_the_province import lying
home = disk.parent
with receiving(home / "province") as theirs, Sender(home / "home") as station:
    theirs.enrol(station.paths, way="file")
    station.days(60)
    try: station.nightly.write_to(disk / "to")
    except KioskError as error: print(error.code, error.message, "|", error.hint)
    there = lying(disk / "to")
    print(0 < len(there) < 60, station.shown()["waiting_days"], station.shown()["carried_days"] > 0)
"""
    done = on_small_disk(script, tmp_path / "disk", "200k")
    assert (done.returncode, done.stderr) == (0, "")
    said, counts = done.stdout.splitlines()
    assert said.startswith("NO_ROOM There is no room left in") and "Make room" in said
    assert counts == "True 60 True"


@pytest.mark.slow
def test_a_nightly_folder_gets_them_signed_and_its_receipts_are_read(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    station.to = tmp_path / "share"
    station.nightly.adopt(station.exporter())
    station.days(3)
    station.nightly._way_up.look()
    assert (station.shown()["way"], station.shown()["carried_days"]) == ("place", 3)
    ingest(theirs, tmp_path / "share")
    station.nightly._way_up.look()
    assert station.shown()["waiting_days"] == 3, "it is not looked for every ten minutes"
    station.clock.passes(hours=1)
    station.nightly._way_up.look()
    assert station.shown()["waiting_days"] == 0


@pytest.mark.slow
def test_ftp_goes_there_and_back(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    """A real server; a password that stands in the address is shown to nobody."""
    far = tmp_path / "far"
    (far / "drop").mkdir(parents=True)
    with ftp_server(far) as address:
        station.far = f"{address}drop"
        station.nightly.adopt(station.exporter())
        station.days(30)
        station.nightly._way_up.look()
        told = station.shown()
        assert (told["trouble"], told["carried_days"], told["waiting_days"]) == (None, 30, 30)
        assert "secret" not in str(told["to"]) and str(told["to"]).startswith("ftp://127.0.0.1")
        ingest(theirs, far / "drop")
        station.clock.passes(hours=2)
        station.nightly._way_up.look()
        assert station.shown()["waiting_days"] == 0 and theirs.visits() == station.visits
    assert len(lying(far / "drop")) == 30


@pytest.mark.slow
def test_ftp_that_is_down_or_takes_nothing_is_tried_again_later(station: Sender, tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    with ftp_server(far, writes=False) as address:
        station.far = address
        station.nightly.adopt(station.exporter())
        station.days(1)
        wait = station.nightly._way_up.look()
        assert 60 <= wait <= 90 and "does not take files" in str(station.shown()["trouble"])
        assert "secret" not in str(station.shown())
    station.clock.passes(seconds=100)
    station.far = "ftp://kiosk:secret@127.0.0.1:1/"
    station.nightly.adopt(station.exporter())
    assert station.nightly._way_up.look() >= 120
    assert "secret" not in str(station.shown()) and station.shown()["waiting_days"] == 1


def test_an_address_that_nothing_here_can_speak_is_a_sentence(station: Sender) -> None:
    station.far = "sftp://kiosk@127.0.0.1/drop"
    station.nightly.adopt(station.exporter())
    station.days(1)
    station.nightly._way_up.look()
    assert "Nothing here can speak to sftp://127.0.0.1/drop" in str(station.shown()["trouble"])


@pytest.mark.slow
def test_ftp_without_a_province_gets_them_too(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    with ftp_server(far) as address, Sender(tmp_path / "home", far=address) as station:
        station.days(2)
        station.nightly._way_up.look()
        assert (station.shown()["waiting_days"], station.shown()["trouble"]) == (0, None)
    assert len(list(far.glob("*.gz"))) == 2 and not list(far.glob("*.sig"))


@pytest.mark.slow
def test_after_a_new_key_everything_unconfirmed_is_signed_again(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    station.days(2)
    station.nightly.write_to(stick)
    theirs.station = Key.make()
    theirs.enrol(station.paths, way="file")
    station.nightly.write_to(stick)
    assert {one.key for one in lying(stick)} == {theirs.station.id}
    ingest(theirs, stick)
    assert station.nightly.write_to(stick)["waiting"] == 0


def test_a_folder_without_a_province_is_as_it_always_was(tmp_path: Path) -> None:
    with Sender(tmp_path / "home", to=tmp_path / "share") as station:
        station.days(2)
        assert len(list((tmp_path / "share").glob("*.gz"))) == 2 and not list((tmp_path / "share").glob("*.sig"))
        assert station.shown()["waiting_days"] == 0 and station.shown()["last_sent"] is not None
        shutil.rmtree(tmp_path / "share")
        told = station.nightly.write_to(tmp_path / "stick")
        assert len(told["written"]) == 2 and told["waiting"] == 0
    with pytest.raises(KioskError):
        Sender(tmp_path / "home").nightly.write_to(tmp_path / "no" / "such" / "folder")
