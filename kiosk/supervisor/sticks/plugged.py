"""Which USB sticks and memory cards are plugged in, as the kernel tells it in /sys. Nothing on them is touched here."""

import glob
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.supervisor.mounts import all_of_them

BLOCK, CLASS = Path("/sys/block"), Path("/sys/class/block")
KINDS = ("sd", "mmcblk")  # no optical drives, no memory disks


@dataclass(frozen=True)
class Device:
    """One file system's place. `id` names it until it is pulled out: the kernel numbers what is plugged in."""

    node: str
    number: str  # major:minor, as in mountinfo

    id: str


def devices(extra: Iterable[str], ours: Path) -> list[Device]:
    """Partitions, or whole disks without any, of what can be pulled out. `extra`: patterns of /dev that count too.

    A disk with a part that is in use anywhere but below `ours` is the system's own.
    """
    found: list[str] = []
    disks = [disk for disk in sorted(os.listdir(BLOCK)) if disk.startswith(KINDS) and _can_be_pulled(BLOCK / disk)]
    if disks:
        taken = _in_use(ours)
        for disk in disks:
            parts = sorted(part.parent.name for part in (BLOCK / disk).glob("*/partition")) or [disk]
            if not {_read(CLASS / name / "dev") for name in (disk, *parts)} & taken:
                found += parts
    for node in (os.path.realpath(one) for pattern in extra for one in sorted(glob.glob(pattern))):
        if _is_block(node):
            found.append(os.path.basename(node))
    described = (_device(name) for name in dict.fromkeys(found))
    return [device for device in described if device is not None]


def mounted(number: str, below: Path) -> str | None:
    """Where a device is mounted below a folder; None where it is not."""
    for device, place in mounts():
        if device == number and Path(place).parent == below:
            return place
    return None


def is_locked(device: Device) -> bool:
    """Whether the stick itself takes no writing: its switch is on "lock", or it was made so."""
    return _read(CLASS / os.path.basename(device.node) / "ro") == "1"


def _device(name: str) -> Device | None:
    if _read(CLASS / name / "size") in ("", "0"):
        return None  # a card reader without a card
    disk = os.path.realpath(CLASS / name)
    disk = disk if os.path.exists(f"{disk}/diskseq") else os.path.dirname(disk)
    return Device(f"/dev/{name}", _read(CLASS / name / "dev"), f"{name}-{_read(Path(disk, 'diskseq')) or '0'}")


def _can_be_pulled(disk: Path) -> bool:
    return _read(disk / "removable") == "1" or "/usb" in os.path.realpath(disk)


def _in_use(ours: Path) -> set[str]:
    used = {device for device, place in mounts() if not Path(place).is_relative_to(ours)}
    for line in _read(Path("/proc/swaps")).splitlines()[1:]:
        used.add(_read(CLASS / os.path.basename(line.split()[0]) / "dev"))
    return used


def mounts() -> list[tuple[str, str]]:
    """(major:minor, where) of all mounts."""
    found = all_of_them()
    return [(f"{os.major(one.device)}:{os.minor(one.device)}", str(one.where)) for one in found]


def _is_block(node: str) -> bool:
    try:
        return stat.S_ISBLK(os.stat(node).st_mode)
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
