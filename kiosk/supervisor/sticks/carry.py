"""What is done to a stick that staff bring for the province, in a chore: it may be slow, damaged or hostile.

Root mounts it where nobody else can go and shows the service one folder of it, `kiosk`, and nothing besides: what else
lies on somebody's stick is not ours to see. Root opens no file on it.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.sticks import mounting, plugged
from kiosk.supervisor.sticks import work as stick_work
from kiosk.supervisor.users import Identity

FOLDER = "kiosk"


def shown_at(root: Path) -> Path:
    """Where the service finds the folder; below `root`, which only root and the service may enter."""
    return root / FOLDER


def is_open(root: Path) -> bool:
    """Whether anything is mounted there; no device is asked."""
    return any(Path(place).is_relative_to(root) for _number, place in plugged.mounts())


def open_for(service: Identity, device: plugged.Device, root: Path) -> dict[str, Any]:
    """Mount it. `place` and `free_mb`, and why it is `closed` if so (read_only, repair); or a word of `trouble`:

    unknown, unreadable, in_the_way (a file of the folder's name), and those of `closed` where the folder is not there.
    """
    close(root)
    whole = _whole(root)
    found = mounting.probe(device.node)
    if not mounting.is_known(found.get("TYPE", "")):
        return {"trouble": "unknown"}
    try:
        mounting.mount(device.node, str(whole), found["TYPE"], service, False)
    except OSError as error:
        return {"trouble": "unknown" if error.errno == errno.ENODEV else "unreadable"}
    closed = ""
    if os.statvfs(whole).f_flag & os.ST_RDONLY:
        closed = "read_only" if plugged.is_locked(device) else "repair"
    try:
        _show(whole, shown_at(root), service, not closed)
    except OSError as error:
        close(root)
        return {"trouble": closed or _word(error)}
    return {"place": str(shown_at(root)), "free_mb": stick_work.room_on(str(whole)), "closed": closed}


def close(root: Path) -> bool:
    """Sync and unmount whatever is mounted there; True when it may be pulled out."""
    while linux.unmount(str(shown_at(root))):
        pass
    whole = root / ".aside" / "whole"
    safe = stick_work.close_sticks([str(whole)]) if os.path.ismount(whole) else True
    while linux.unmount(str(whole)):
        pass
    return safe


def _show(whole: Path, where: Path, service: Identity, may_write: bool) -> None:
    where.mkdir(mode=0o700, exist_ok=True)
    root = os.open(whole, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if may_write:
            with suppress(FileExistsError):
                os.mkdir(FOLDER, 0o700, dir_fd=root)
        # A stranger's file system may hold a link of that name: it is not followed.
        folder = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=root)
    finally:
        os.close(root)
    try:
        if may_write and service.uid is not None and os.fstat(folder).st_uid != service.uid:
            os.fchown(folder, service.uid, -1)
        linux.bind(f"/proc/self/fd/{folder}", str(where))
    finally:
        os.close(folder)


def _whole(root: Path) -> Path:
    aside = root / ".aside"
    aside.mkdir(mode=0o700, exist_ok=True)
    (aside / "whole").mkdir(mode=0o700, exist_ok=True)
    return aside / "whole"


def _word(error: OSError) -> str:
    if error.errno in (errno.ENOTDIR, errno.ELOOP, errno.EEXIST):
        return "in_the_way"
    return "full" if error.errno == errno.ENOSPC else "unreadable"
