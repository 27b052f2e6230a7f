"""Whole files or none: written beside, flushed, then renamed into place (held.py). And what to say where not."""

import errno
from pathlib import Path

from kiosk.errors import NO_ROOM, KioskError
from kiosk.export.held import Held
from kiosk.translations import _, reason


def put(path: Path, content: bytes) -> None:
    """`content` at `path`, whole and on the disk when this returns. KioskError when it cannot be."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise trouble(path.parent, error) from error


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """The same for callers with words of their own: OSError. `mode`: other rights than a new file of ours has."""
    with Held.at(path.parent) as folder:
        folder.write(path.name, content, mode, beside=f".{path.name}.part")


def trouble(folder: Path, error: OSError) -> KioskError:
    """What a person can do about a folder that takes no file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = _("There is no room left in {folder}.", folder=folder)
        return KioskError(message, _("Make room there and try again."), NO_ROOM)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return KioskError(
            _("{folder} cannot be written.", folder=folder), _("Allow it, or take off its write protection.")
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return KioskError(
            _("{folder} is not there.", folder=folder),
            _("Plug in the stick or connect the share, or correct the path."),
        )
    return KioskError(
        _("{folder} does not take files: {reason}.", folder=folder, reason=reason(error)),
        _("Try another stick or folder."),
    )


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns. OSError."""
    with Held.at(folder) as held:
        held.sync()
