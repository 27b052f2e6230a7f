"""A stick that somebody has prepared: links, pipes and endless files are neither followed nor waited for nor read."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from receiver import Receiver
from sending_station import SITE, STATION, Sender
from station_processes import slowness

from kiosk.content import files as content
from kiosk.errors import KioskError
from kiosk.export import destination, files, held
from kiosk.export.destination import Folder
from kiosk.export.held import Held
from kiosk.export.join_by_stick import ask
from kiosk.export.signing import Key
from tests.test_carried_to_the_province import ingest, lying

PRECIOUS = b"precious"
ENDLESS = 1 << 42  # bytes: no memory holds them, and where nothing was written no disk has to


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths, way="file")
        found.days(3)
        yield found


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Path]:
    """What a link leads to: nothing of it may change."""
    folder = tmp_path / "victim"
    folder.mkdir()
    (folder / "file").write_bytes(PRECIOUS)
    yield folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"file": PRECIOUS}


def in_time(work: Callable[[], object]) -> object:
    """What it gives, soon: a pipe would hold it for ever."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(20 * slowness())
    assert found, "it is held, or failed"
    return found[0]


def names(station: Sender) -> list[str]:
    return sorted(path.name for path in station.paths.outbox.glob("*.gz"))


def test_links_at_every_name_that_is_written_lead_nowhere(station: Sender, victim: Path, tmp_path: Path) -> None:
    """Fails on the old code: `.NAME.part` was written through."""
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in names(station):
        for trap in (f".{name}.part", f".{name}.sig.part", name, f"{name}.sig"):
            (stick / trap).symlink_to(victim / "file")
    assert sorted(station.nightly.write_to(stick)["written"]) == names(station)
    for path in stick.glob(".*.part"):
        path.unlink()
    assert len(lying(stick)) == 3 and not any(path.is_symlink() for path in stick.iterdir())


@pytest.mark.parametrize("write", [files.write_whole, content.write_whole], ids=["ours", "of a published tree"])
def test_what_is_written_whole_anywhere_follows_no_link(
    write: Callable[[Path, bytes], None], victim: Path, tmp_path: Path
) -> None:
    """Fails on the old code. What a power cut left under that name is in nobody's way, and goes."""
    for name in (".a.part", "a", ".b.part"):
        (tmp_path / name).symlink_to(victim / "file")
    (tmp_path / ".b.part").unlink()
    (tmp_path / ".b.part").write_bytes(b"half")
    for name in "ab":
        write(tmp_path / name, b"whole")
        assert (tmp_path / name).read_bytes() == b"whole" and not (tmp_path / name).is_symlink()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_receipts_are_read_through_no_link(station: Sender, theirs: Receiver, victim: Path, tmp_path: Path) -> None:
    stick, aside = tmp_path / "stick", tmp_path / "aside"
    station.nightly.write_to(stick)
    ingest(theirs, stick)
    (stick / "receipts").rename(aside)
    (stick / "receipts").symlink_to(aside)
    assert station.nightly.write_to(stick)["confirmed"] == 0, "the folder is a link"
    (stick / "receipts").unlink()
    (stick / "receipts").mkdir()
    for path in aside.iterdir():
        (stick / "receipts" / path.name).symlink_to(path)
    assert station.nightly.write_to(stick)["confirmed"] == 0, "each file is a link"
    (stick / "receipts" / "x.json").symlink_to(victim / "file")
    for path in aside.iterdir():
        path.replace(stick / "receipts" / path.name)
    assert station.nightly.write_to(stick)["confirmed"] == 3, "the control: the files themselves count"


@pytest.mark.slow
def test_pipes_and_files_without_end_hold_nobody(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    """Fails on the old code, which waited for the pipe, and read the whole .sig before it compared."""
    stick = tmp_path / "stick"
    (stick / "receipts").mkdir(parents=True)
    first, second, third = names(station)
    os.mkfifo(stick / first)
    os.mkfifo(stick / f"{second}.sig")
    for name in (f"{first}.sig", third):
        (stick / name).touch()
        os.truncate(stick / name, ENDLESS)
    os.mkfifo(stick / "receipts" / f"{SITE}_{STATION}_0.json")
    endless = stick / "receipts" / f"{SITE}_{STATION}_1.json"
    endless.touch()
    os.truncate(endless, ENDLESS)
    told = in_time(lambda: station.nightly.write_to(stick))
    assert isinstance(told, dict) and (len(told["written"]), told["waiting"], told["unproved"]) == (3, 3, 1)
    assert len(lying(stick)) == 3
    ingest(theirs, stick)
    assert station.nightly.write_to(stick)["confirmed"] == 3


def test_receipts_are_bounded_in_number_and_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "receipts").mkdir()
    for number in range(300):
        (tmp_path / "receipts" / f"TH-012_03_{number}.json").write_bytes(b"x" * 1_000)
    with Folder(tmp_path) as place:
        assert len(list(place.receipts("TH-012_03_"))) == 300
        monkeypatch.setattr(destination, "MOST_BYTES", 10_500)
        assert sum(map(len, place.receipts("TH-012_03_"))) == 10_500
        monkeypatch.setattr(destination, "MOST_NAMES", 7)
        assert len(list(place.receipts("TH-012_03_"))) == 7
    with Held.at(tmp_path / "receipts") as folder:
        assert len(folder.names(5)) == 5 and len(folder.names(1_000)) == 300, "and from the beginning again"


def test_a_stick_that_was_let_go_of_is_not_written_to_behind_everybodys_back(tmp_path: Path) -> None:
    """The folder is held open; what lies at its place by now is what people see."""
    stick = tmp_path / "stick"
    with Folder(stick) as place:
        place.bring("a", b"1")
        stick.rename(tmp_path / "gone")
        for work in (lambda: place.bring("b", b"2"), lambda: list(place.receipts(""))):
            with pytest.raises(KioskError, match="is not there"):
                work()
        stick.mkdir()
        with pytest.raises(KioskError, match="is not there"):
            place.bring("b", b"2")
    assert [path.name for path in (tmp_path / "gone").iterdir()] == ["a"] and not list(stick.iterdir())


def test_what_a_power_cut_left_goes_and_what_is_being_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, young, other = (tmp_path / name for name in (f".{'0' * 16}.part", f".{'1' * 16}.part", ".letter.part"))
    for path in (left, young, other):
        path.write_bytes(b"half")
    for path in (left, other):
        os.utime(path, (0, path.stat().st_mtime - held.OLD - 60))
    (tmp_path / f".{'2' * 16}.part").mkdir()
    with Folder(tmp_path) as place:
        place.bring("a", b"1")
    assert not left.exists() and young.exists() and other.exists() and (tmp_path / "a").read_bytes() == b"1"


@pytest.mark.parametrize("trap", ["folder", "question", "answer", "pipe", "endless"])
def test_joining_by_a_hostile_stick_follows_nothing(trap: str, victim: Path, tmp_path: Path) -> None:
    stick, key = tmp_path / "stick", Key.make()
    name = f"7K2M-{key.id}"
    stick.mkdir()
    if trap == "folder":
        (stick / "enrol").symlink_to(victim)
    else:
        (stick / "enrol").mkdir()
    if trap == "question":
        for one in (f"{name}.json", f".{name}.json.part"):
            (stick / "enrol" / one).symlink_to(victim / "file")
    elif trap == "answer":
        (tmp_path / "answer").write_text('{"answer": "forged"}')
        (stick / "enrol" / f"{name}.answer.json").symlink_to(tmp_path / "answer")
    elif trap == "pipe":
        os.mkfifo(stick / "enrol" / f"{name}.answer.json")
    elif trap == "endless":
        (stick / "enrol" / f"{name}.answer.json").touch()
        os.truncate(stick / "enrol" / f"{name}.answer.json", ENDLESS)

    def asked() -> str:
        try:
            return str(ask(stick, "7K2M", key, {"code": "7K2M"}))
        except KioskError as error:
            return str(error.message)

    said = in_time(asked)
    if trap == "folder":
        assert "is not there" in str(said)
    else:
        assert "The question to the province lies on the stick" in str(said)
        assert (stick / "enrol" / f"{name}.json").read_text() == '{"code": "7K2M"}\n'
