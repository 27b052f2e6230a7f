"""What is done to a stick, in a chore: it may be slow, damaged or hostile, and may be pulled out at any moment.

Root mounts it, syncs it and unmounts it, at places that only root can change, and opens no file that lies on it.
"""

import ctypes
import errno
import os
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.sticks import mounting, plugged
from kiosk.supervisor.users import Identity

MOST_LABEL = 24
_libc = ctypes.CDLL(None, use_errno=True)


def open_stick(device: plugged.Device, sticks: Path, citizen: Identity, read_only: bool) -> dict[str, Any]:
    """Mount it below `sticks`. Its label, place, free megabytes, and why it is closed if so; or a word of trouble."""
    place = plugged.mounted(device.number, sticks)
    if place is None:
        found = mounting.probe(device.node)
        if not mounting.is_known(found.get("TYPE", "")):
            return {"trouble": "unknown", "label": _label(found)}
        point = _new_place(sticks, _label(found))
        try:
            mounting.mount(device.node, str(point), found["TYPE"], citizen, read_only)
        except OSError as error:
            point.rmdir()
            return {"trouble": "unknown" if error.errno == errno.ENODEV else "unreadable", "label": _label(found)}
        place = str(point)
    closed = why_closed(device, place, citizen, read_only)
    return {"place": place, "label": os.path.basename(place), "free_mb": room_on(place), "closed": closed}


def room_on(place: str) -> int:
    """How many megabytes fit on it."""
    held = os.statvfs(place)
    return held.f_bavail * held.f_frsize >> 20


def why_closed(device: plugged.Device, place: str, citizen: Identity, read_only: bool) -> str:
    """Why the citizen can write nothing there, as a word: the site's `policy`, the stick's own switch (`read_only`), a

    file system that was damaged or not closed well (`repair`), or owned by another (`foreign`). Empty: they can.
    """
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        if read_only:
            return "policy"
        return "read_only" if plugged.is_locked(device) else "repair"
    root = os.stat(place)
    writable = bool(root.st_mode & 0o002) or (root.st_uid == citizen.uid and bool(root.st_mode & 0o200))
    return "" if writable else "foreign"


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


def places(sticks: Path) -> list[str]:
    """Where sticks are mounted, whoever mounted them."""
    return [entry.path for entry in os.scandir(sticks) if os.path.ismount(entry.path)]


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
            flags = linux.MS_REMOUNT | linux.MS_RDONLY | mounting.FLAGS
            mounting.bounded(lambda more: linux.mount("", place, "", flags | more))
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
