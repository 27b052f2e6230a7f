"""What went wrong with one province is nothing to the next: pauses, trouble, and what is shown of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from receiver import Receiver, receiving
from sending_station import Sender

from kiosk.export import joining
from kiosk.export.batch import Signed, unpack


@pytest.fixture
def down(tmp_path: Path) -> Iterator[Receiver]:
    """A province whose server has a fault."""
    with receiving(tmp_path / "province") as found:
        found.before = lambda body: (500, {}, b"{}")
        yield found


@pytest.fixture
def station(tmp_path: Path, down: Receiver) -> Iterator[Sender]:
    """That has tried it six times in vain."""
    with Sender(tmp_path / "home") as found:
        down.enrol(found.paths)
        found.days(2)
        for _time in range(6):
            found.nightly._way_up.look()
            found.clock.passes(hours=12)
        assert found.nightly._way_up.look() > 1_000 and found.shown()["trouble"], "the control"
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("forget", [False, True])
def test_another_province_is_tried_at_once_and_inherits_no_trouble(
    station: Sender, tmp_path: Path, forget: bool, restart: bool
) -> None:
    if forget:
        joining.forget(station.paths)
    with receiving(tmp_path / "other", "other.pem", name="Nghệ An") as other:
        other.enrol(station.paths)
        if restart:  # joining under another name starts the service anew
            station.close()
            station.open()
        assert station.nightly._way_up.look() > 10_000
        shown = station.shown()
        assert (shown["province"], shown["waiting_days"], shown["trouble"]) == ("Nghệ An", 0, None)
        assert other.visits() == station.visits


@pytest.mark.slow
def test_leaving_leaves_its_trouble_behind(station: Sender) -> None:
    joining.forget(station.paths)
    station.nightly._look()
    assert (station.shown()["trouble"], station.shown()["next"], station.shown()["way"]) == (None, None, "none")


@pytest.mark.slow
def test_the_same_province_keeps_its_pause_over_a_restart(station: Sender) -> None:
    station.close()
    station.open()
    assert station.nightly._way_up.look() > 1_000


@pytest.mark.slow
def test_trouble_ends_when_nothing_waits_any_more(station: Sender, down: Receiver, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    station.nightly.write_to(stick)
    assert station.shown()["trouble"], "the control: it is on its way"
    down.before = lambda body: None
    _carried(down, stick)
    station.nightly.write_to(stick)
    assert (station.shown()["waiting_days"], station.shown()["trouble"]) == (0, None)
    station.visit(station.clock.now.day)
    station.nightly.run()
    assert station.nightly._way_up.look() > 10_000 and station.shown()["waiting_days"] == 0, "nor does it wait"


def _carried(province: Receiver, stick: Path) -> None:
    """As the province reads a stick and writes its receipt to it."""

    came: list[Signed] = []
    for path in sorted(stick.glob("*.gz")):
        came += unpack(path.with_name(path.name + ".sig").read_bytes() + path.read_bytes())
    told = province.take(came)
    (stick / "receipts").mkdir()
    for number, receipt in enumerate(told["receipts"]):
        (stick / "receipts" / f"TH-012_03_{number}.json").write_text(receipt)
