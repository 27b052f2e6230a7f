"""What is done to a stick, in a chore: it may be slow, damaged or hostile, and may be pulled out at any moment.

Root mounts it, syncs it and unmounts it, at places that only root can change, and opens no file that lies on it.
"""

import ctypes
import errno
import os
import subprocess
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.sticks import plugged
from kiosk.supervisor.users import Identity

MOST_LABEL = 24
BLKID_WITHIN = 15
_FLAGS = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC | linux.MS_NOATIME
_libc = ctypes.CDLL(None, use_errno=True)


def open_stick(device: plugged.Device, sticks: Path, citizen: Identity, read_only: bool) -> dict[str, Any]:
    """Mount it below `sticks`. Its label, place and free megabytes, whether it is read only; or a word of trouble."""
    place = plugged.mounted(device.number, sticks)
    if place is None:
        found = _probe(device.node)
        kind, options = _mount_of(found.get("TYPE", ""), citizen)
        if not kind:
            return {"trouble": "unknown", "label": _label(found)}
        point = _new_place(sticks, _label(found))
        try:
            _mount(device.node, str(point), kind, options, read_only)
        except OSError as error:
            point.rmdir()
            return {"trouble": "unknown" if error.errno == errno.ENODEV else "unreadable", "label": _label(found)}
        place = str(point)
    return {"place": place, "label": os.path.basename(place), **look(place, citizen)}


def look(place: str, citizen: Identity) -> dict[str, Any]:
    """How much fits on it, and whether the citizen may write there."""
    held, root = os.statvfs(place), os.stat(place)
    writable = bool(root.st_mode & 0o002) or (root.st_uid == citizen.uid and bool(root.st_mode & 0o200))
    return {
        "free_mb": held.f_bavail * held.f_frsize >> 20,
        "read_only": bool(held.f_flag & os.ST_RDONLY) or not writable,
    }


def sync(places: list[str]) -> bool:
    """Write out what waits in memory; True when every stick took it."""
    return all([_sync(place) for place in places])


def close_sticks(places: list[str]) -> bool:
    """Sync and unmount; True when all may be pulled out."""
    return all([_close(place) for place in places])


def leave(places: list[str], sticks: Path) -> bool:
    """Sync and unmount all, and take away where they were; True when all may be pulled out."""
    safe = close_sticks(places)
    detach(sticks)
    return safe


def detach(sticks: Path) -> bool:
    """Take everything out of sight; the kernel goes on writing as long as it can."""
    while linux.unmount(str(sticks)):
        pass
    return True


def _close(place: str) -> bool:
    try:
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        linux.unmount(place)
        return False
    try:
        done = _syncfs(held)
        with suppress(OSError):
            # What a program still holds open can be read and no longer written.
            linux.mount("", place, "", linux.MS_REMOUNT | linux.MS_RDONLY | _FLAGS)
        linux.unmount(place)
        done = _syncfs(held) and done
    finally:
        os.close(held)
    with suppress(OSError):
        os.rmdir(place)
    return done


def _sync(place: str) -> bool:
    try:
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return _syncfs(held)
    finally:
        os.close(held)


def _syncfs(held: int) -> bool:
    return int(_libc.syncfs(held)) == 0


def _probe(node: str) -> dict[str, str]:
    """What blkid says lies there: TYPE and LABEL, where it can tell."""
    try:
        told = subprocess.run(
            ["blkid", "-p", "-o", "export", node], capture_output=True, timeout=BLKID_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = told.stdout.decode(errors="replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _mount_of(kind: str, citizen: Identity) -> tuple[str, str]:
    """The kernel's name of a file system and its options; empty for one that no citizen brings."""
    owned = f"uid={citizen.uid},gid={citizen.gid},umask=077,iocharset=utf8"
    return {
        "vfat": ("vfat", f"{owned},utf8=1,flush,errors=remount-ro"),
        "exfat": ("exfat", f"{owned},errors=remount-ro"),
        "ntfs": ("ntfs3", owned),
        "ext2": ("ext4", "errors=remount-ro"),
        "ext3": ("ext4", "errors=remount-ro"),
        "ext4": ("ext4", "errors=remount-ro"),
    }.get(kind, ("", ""))


def _mount(node: str, place: str, kind: str, options: str, read_only: bool) -> None:
    """Also a stick with its switch on "lock", and one that was not closed well, are at least read."""
    if not read_only:
        with suppress(OSError):
            linux.mount(node, place, kind, _FLAGS, options)
            return
    linux.mount(node, place, kind, _FLAGS | linux.MS_RDONLY, options)


def _label(found: dict[str, str]) -> str:
    """A stranger's name as the name of a folder: letters and digits of any language, `-`, `_` and spaces."""
    text = unicodedata.normalize("NFC", found.get("LABEL", ""))
    kept = "".join(one for one in text if one.isalnum() or one in "-_ ")[:MOST_LABEL].strip()
    return f"USB {kept}" if kept else "USB"


def _new_place(sticks: Path, label: str) -> Path:
    number = 1
    while True:
        place = sticks / (label if number == 1 else f"{label} {number}")
        try:
            place.mkdir(mode=0o755)
        except FileExistsError:
            number += 1
        else:
            return place
