"""What an officer plugs in at the province may have been prepared: it leads nowhere, holds nobody and has an end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.export.batch import SUFFIX
from kiosk.province.intake import ingest_folder
from kiosk.province.intake.ingest import ingest
from kiosk.province.intake.ingest_folder import Folder
from kiosk.province.intake.ingest_places import source_of
from tests.province_home import NOW, Receiver, new_home, receiving
from tests.province_world import CALM, World
from tests.test_hostile_sticks import ENDLESS, in_time, victim
from tests.test_province_ingest import put_all

__all__ = ["victim"]


@pytest.fixture
def world() -> World:
    return World(5, sites=1, stations=1, days=6, troubles=CALM)


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", world.keys)) as made:
        yield made


@pytest.fixture
def stick(tmp_path: Path, world: World) -> Path:
    put_all(tmp_path / "stick", list(world.bundles))
    return tmp_path / "stick"


@pytest.mark.parametrize("address", ["{}", "file://{}"])
def test_pipes_and_files_without_end_hold_no_officer(
    receiver: Receiver, world: World, stick: Path, address: str
) -> None:
    """Fails on the old code where the folder is written as an address: fsspec opens whatever it finds."""
    pipe, endless = world.bundles[0].name, world.bundles[1].name
    for name in (pipe, endless):
        (stick / (name + SUFFIX)).unlink()
    os.mkfifo(stick / (pipe + SUFFIX))
    (stick / (endless + SUFFIX)).touch()
    os.truncate(stick / (endless + SUFFIX), ENDLESS)
    os.mkfifo(stick / "pipe.jsonl.gz")
    counts = in_time(lambda: ingest(receiver.intake, address.format(stick), NOW))
    rest = len(world.bundles) - 2
    assert (counts.stored, counts.quarantined, counts.unreadable) == (rest, 2, 0)  # type: ignore[attr-defined]


def test_links_lead_neither_to_what_is_read_nor_to_what_is_written(
    receiver: Receiver, world: World, stick: Path, victim: Path, tmp_path: Path
) -> None:
    """Fails on the old code: the receipts went through the link, and a signature was read through one."""
    first, second = world.bundles[0].name, world.bundles[1].name
    (stick / first).rename(tmp_path / first)
    (stick / first).symlink_to(tmp_path / first)
    (stick / (second + SUFFIX)).rename(tmp_path / "line")
    (stick / (second + SUFFIX)).symlink_to(tmp_path / "line")
    (stick / "receipts").symlink_to(victim)
    (stick / "up").symlink_to(tmp_path / "home")
    counts = ingest(receiver.intake, str(stick), NOW)
    assert (counts.stored, counts.quarantined) == (len(world.bundles) - 2, 1), "one is gone, one is unsigned"
    assert counts.receipts == 0 and counts.unwritten
    (stick / "receipts").unlink()
    assert ingest(receiver.intake, str(stick), NOW).receipts > 0, "the control"
    names = [path.name for path in (stick / "receipts").glob("*.json")]
    for name in names:
        (stick / "receipts" / name).unlink()
        (stick / "receipts" / name).symlink_to(victim / "file")
        (stick / "receipts" / f".{name}.part").symlink_to(victim / "file")
    assert ingest(receiver.intake, str(stick), NOW).receipts > 0
    assert not any((stick / "receipts" / name).is_symlink() for name in names)


@pytest.mark.parametrize("trap", ["folder", "question", "answer"])
def test_questions_of_pcs_are_read_and_answered_through_no_link(trap: str, victim: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (tmp_path / "real").mkdir()
    (tmp_path / "real/7K2M-1.json").write_text("{}")
    stick.mkdir()
    if trap == "folder":
        (stick / "enrol").symlink_to(tmp_path / "real")
    else:
        (stick / "enrol").mkdir()
    if trap == "question":
        (stick / "enrol/7K2M-1.json").symlink_to(tmp_path / "real/7K2M-1.json")
        os.mkfifo(stick / "enrol/7K2M-2.json")
    elif trap == "answer":
        (stick / "enrol/7K2M-1.json").write_text("{}")
        (stick / "enrol/.7K2M-1.answer.json.part").symlink_to(victim / "file")
    place = Folder(stick)
    asked = {name: in_time(lambda name=name: [place.read(name, 100)]) for name in place.questions()}
    assert {name for name, told in asked.items() if told != [None]} == (
        {"enrol/7K2M-1.json"} if trap == "answer" else set()
    )
    if trap == "folder":
        with pytest.raises(OSError):
            place.put_answer("enrol/7K2M-1.json", "{}")
        assert [path.name for path in (tmp_path / "real").iterdir()] == ["7K2M-1.json"]
    else:
        place.put_answer("enrol/7K2M-1.json", "{}")
        assert (stick / "enrol/7K2M-1.answer.json").read_text() == "{}\n"
        assert list(place.questions()) == (["enrol/7K2M-2.json"] if trap == "question" else [])


def test_it_has_an_end_in_depth(receiver: Receiver, world: World, stick: Path) -> None:
    """Fails on the old code: a tree of a thousand folders was one too deep for Python."""
    here = os.open(stick, os.O_RDONLY)
    for _depth in range(1_200):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    assert ingest(receiver.intake, str(stick), NOW).stored == len(world.bundles)
    os.system(f"rm -rf '{stick}/d'")  # pytest's own way of tidying is not made for it


def test_it_has_an_end_in_number_and_what_was_found_until_then_is_taken(
    receiver: Receiver, world: World, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails on the old code, which went on as long as there was something."""
    for number in range(300):
        (stick / "z" / str(number)).mkdir(parents=True)
        (stick / "z" / str(number) / "photo.jpg").touch()
    assert ingest(receiver.intake, str(stick), NOW).stored == len(world.bundles), "the control: it is not many"
    monkeypatch.setattr(ingest_folder, "MOST_LOOKED_AT", 200)
    looked = []
    with pytest.raises(KioskError, match="more than is looked at"):
        for name in source_of(str(stick)).names():
            looked.append(name)
    assert len(looked) == len(world.bundles)
    monkeypatch.setattr(ingest_folder, "MOST_QUESTIONS", 3)
    (stick / "enrol").mkdir()
    for number in range(9):
        (stick / "enrol" / f"7K2M-{number}.json").touch()
    assert len(list(Folder(stick).questions())) == 3
