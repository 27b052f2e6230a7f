"""A bundle whose file lies damaged in the outbox is written anew and sent, or it is said that it cannot be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from health_support import health_of
from receiver import Receiver
from sending_station import Sender

from kiosk.service.doctor.export import told
from kiosk.service.words import export_lines
from kiosk.translations import said_in


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths)
        found.days(3)
        yield found


def hurt(station: Sender, day: str, ledger: bool = False) -> None:
    """One bit of that day's file, and where asked for of the ledger's own copy, as a failing disk turns them."""
    [path] = station.paths.outbox.glob(f"*_{day}_*.gz")
    content = bytearray(path.read_bytes())
    content[30] ^= 1
    path.write_bytes(content)
    if ledger:
        put = "UPDATE bundles SET content = ? WHERE day = ?"
        station.store.run(lambda db: db.execute(put, (bytes(content), day)))


@pytest.mark.slow
def test_a_damaged_file_of_the_same_size_is_written_anew_and_sent(station: Sender, theirs: Receiver) -> None:
    hurt(station, "2026-11-20")
    told = station.nightly.send()
    assert (told["confirmed"], told["waiting_days"], told["trouble"], told["damaged_days"]) == (3, 0, None, 0)
    assert theirs.visits() == station.visits and len(theirs.bodies) == 2, "the whole ones were not kept waiting"


@pytest.mark.slow
def test_so_it_is_with_a_stick_and_a_file_that_is_gone(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    hurt(station, "2026-11-20")
    next(station.paths.outbox.glob("*_2026-11-19_*.gz")).unlink()
    stick = tmp_path / "stick"
    assert len(station.nightly.write_to(stick)["written"]) == 3
    assert len(list(stick.glob("*.gz"))) == 3 and station.nightly.send()["confirmed"] == 3


@pytest.mark.slow
def test_what_the_ledger_has_not_whole_either_is_said_everywhere_and_tried_seldom(
    station: Sender, theirs: Receiver
) -> None:
    hurt(station, "2026-11-20", ledger=True)
    pause = station.nightly._way_up.look()
    assert 60 <= pause <= 90, "and not at every look"
    shown = station.shown()
    assert (shown["waiting_days"], shown["damaged_days"]) == (1, 1) and len(theirs.bundles) == 2
    [line] = [line for line in export_lines(shown) if "damaged" in line]
    assert "20/11/2026" in line and "technician" in line
    assert [finding.state for finding in told(shown)] == ["warn"]
    assert "bị hỏng trên ổ đĩa" in said_in("vi", shown["trouble"])
    station.visit("2026-11-21")
    station.nightly.run()
    assert station.nightly.send()["confirmed"] == 1, "what is whole goes on"
    assert station.shown()["damaged_days"] == 1
    station.store.run(lambda db: db.execute("UPDATE bundles SET acknowledged = '2026-11-22' WHERE day = '2026-11-20'"))
    station.nightly._way_up.look()  # it came to the province by a copy that was restored elsewhere
    assert (station.shown()["damaged_days"], station.shown()["trouble"]) == (0, None)


def test_the_light_of_the_disk_tells_it(station: Sender) -> None:
    for damaged in (0, 2):
        health = health_of(station.store, {"export": {"damaged_days": damaged}})
        [disk] = [lamp for lamp in health.seen().lamps if lamp.thing == "disk"]
        told = disk.light == "bad" and "of 2 days are damaged" in disk.reason and "technician" in disk.todo
        assert told == bool(damaged), disk
