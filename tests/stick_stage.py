"""Sticks for tests: images with a file system, attached as loop devices, which a station is told to take for sticks."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LABEL = "HOA SEN"


def run(*command: str) -> str:
    """A tool of the system; its output."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def known(kind: str) -> bool:
    """Whether this kernel can mount such a file system."""
    subprocess.run(["modprobe", "-q", kind], check=False, timeout=20)
    return kind in Path("/proc/filesystems").read_text(encoding="ascii").split()


def image(path: Path, owner: tuple[int, int], megabytes: int = 16, kind: str = "ext4") -> Path:
    """A new stick."""
    path.write_bytes(b"")
    os.truncate(path, megabytes << 20)
    owned = f"root_owner={owner[0]}:{owner[1]}"
    make = {
        "ext4": ("mkfs.ext4", "-q", "-L", LABEL, "-E", owned, "-O", "^has_journal,^metadata_csum"),
        "vfat": ("mkfs.vfat", "-n", LABEL),
        "exfat": ("mkfs.exfat", "-n", LABEL),
        "ntfs": ("mkfs.ntfs", "-q", "-Q", "-F", "-L", LABEL),
    }
    run(*make[kind], str(path))
    return path


@contextmanager
def plugged(path: Path, slot: Path, locked: bool = False) -> Iterator[str]:
    """The stick in its slot, a link to its device in a folder that the station watches; yields the device.

    `locked`: its little switch is on "lock".
    """
    device = run("losetup", "--find", "--show", *(["--read-only"] if locked else []), str(path))
    slot.symlink_to(device)
    try:
        yield device
    finally:
        slot.unlink(missing_ok=True)
        subprocess.run(["losetup", "-d", device], check=False)


@contextmanager
def opened(path: Path, where: Path) -> Iterator[Path]:
    """What lies on a stick, to look at it as a PC at home would."""
    where.mkdir(exist_ok=True)
    run("mount", "-o", "loop", str(path), str(where))
    try:
        yield where
    finally:
        run("umount", str(where))
