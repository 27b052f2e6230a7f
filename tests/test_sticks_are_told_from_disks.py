"""Which disks count as a citizen's stick: what can be pulled out, and never a disk that the PC itself lives on."""

from pathlib import Path

import pytest

from kiosk.supervisor.sticks import plugged

OURS = Path("/var/lib/kiosk/sticks")


def _disk(sys: Path, bus: str, name: str, number: str, removable: bool, parts: int = 0, size: int = 100) -> None:
    """A disk as the kernel shows it, with links from /sys/block and /sys/class/block."""
    folder = sys / "devices" / bus / "block" / name
    whole = {"removable": int(removable), "size": size, "dev": f"{number}:0", "diskseq": 7}
    for place, files in [(folder, whole)] + [
        (folder / f"{name}{one}", {"partition": one, "size": size, "dev": f"{number}:{one}"})
        for one in range(1, parts + 1)
    ]:
        place.mkdir(parents=True)
        for key, value in files.items():
            (place / key).write_text(f"{value}\n", encoding="ascii")
        (sys / "class" / place.name).symlink_to(place)
    (sys / "block" / name).symlink_to(folder)


@pytest.fixture
def sys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("block", "class"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(plugged, "BLOCK", tmp_path / "block")
    monkeypatch.setattr(plugged, "CLASS", tmp_path / "class")
    monkeypatch.setattr(plugged, "mounts", lambda: [("8:1", "/"), ("99:1", str(OURS / "USB"))])
    _disk(tmp_path, "pci0/ata1", "sda", "8", removable=False, parts=2)
    return tmp_path


def test_a_stick_is_its_partitions_or_itself(sys: Path) -> None:
    assert plugged.devices((), OURS) == []
    _disk(sys, "pci0/usb1/1-1", "sdb", "16", removable=True, parts=2)
    _disk(sys, "pci0/usb1/1-2", "sdc", "32", removable=True)
    found = plugged.devices((), OURS)
    assert [one.node for one in found] == ["/dev/sdb1", "/dev/sdb2", "/dev/sdc"]
    assert [one.id for one in found] == ["sdb1-7", "sdb2-7", "sdc-7"] and found[0].number == "16:1"


def test_a_usb_disk_counts_and_an_empty_card_reader_and_a_dvd_do_not(sys: Path) -> None:
    _disk(sys, "pci0/usb2/2-1", "sdd", "48", removable=False, parts=1)
    _disk(sys, "pci0/usb2/2-2", "sde", "64", removable=True, size=0)
    _disk(sys, "pci0/ata2", "sr0", "11", removable=True)
    assert [one.node for one in plugged.devices((), OURS)] == ["/dev/sdd1"]


def test_a_stick_that_the_system_runs_from_is_no_citizens(sys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _disk(sys, "pci0/usb1/1-1", "sdb", "16", removable=True, parts=2)
    for place, found in ((str(OURS / "USB"), 2), ("/", 0), ("/boot", 0), (f"{OURS}-not", 0)):
        monkeypatch.setattr(plugged, "mounts", lambda place=place: [("16:2", place)])
        assert len(plugged.devices((), OURS)) == found, place


def test_what_is_named_by_whoever_starts_the_station_must_be_a_device(sys: Path, tmp_path: Path) -> None:
    (tmp_path / "no device").write_text("x", encoding="ascii")
    assert plugged.devices((f"{tmp_path}/no*", "/dev/null", "/dev/nothing*"), OURS) == []
