"""Directories of a station's home with their owners and modes: who may enter what is decided here, once."""

import os
import stat
import zlib
from pathlib import Path

from kiosk.errors import KioskError, RefusedError
from kiosk.settings import Paths
from kiosk.supervisor.users import Identities, Identity
from kiosk.translations import _


def prepare(paths: Paths, identities: Identities) -> None:
    """Make every directory. KioskError when the home cannot be written or reached by the users that need it."""
    service, root = identities.service, Identity(None, None, (), "/")
    try:
        # The home itself is root's: the service could otherwise swap the folders of others.
        _directory(paths.home, 0o755, root)
        _directory(paths.store.parent, 0o700, service)
        _directory(paths.outbox, 0o750, service)
        _directory(paths.content, 0o750, service)
        _directory(paths.tls, 0o700, service)
        _directory(paths.enrolment, 0o700, service)
        _directory(paths.chosen.parent, 0o750, service)
        for kept in (paths.store.parent, paths.outbox, paths.tls, paths.chosen.parent, paths.enrolment):
            _give_files(kept, service)
        _directory(paths.run, 0o750, service)
        _directory(paths.processes.parent, 0o755, root)
        _directory(paths.display_memory.parent, 0o700, identities.screen)
        _directory(desktop(paths), 0o755, root)
        _directory(paths.audio, 0o755, root)
        _directory(paths.sticks, 0o755, root)
        _directory(paths.carry, 0o750, root)
        if service.gid is not None and paths.carry.stat().st_gid != service.gid:
            os.chown(paths.carry, -1, service.gid)
    except OSError as error:
        raise KioskError(
            _("{path} cannot be written: {reason}.", path=error.filename or paths.home, reason=error.strerror),
            _("Make it writable, free some disk space, or choose another place with KIOSK_HOME."),
        ) from None
    if identities.isolated:
        _refuse_closed_parents(paths.home)


def desktop(paths: Paths) -> Path:
    """Configuration of the session's desktop: the citizen reads it and cannot change it."""
    return paths.home / "desktop"


def mark(home: Path) -> str:
    """What we call things of ours outside the home, after it: those of another station on this machine are not ours."""
    # Not hashlib: it brings 4 MB of OpenSSL into a process that needs nothing else of it.
    return f"kiosk-{zlib.crc32(str(home).encode()):08x}"


def _directory(path: Path, mode: int, owner: Identity) -> None:
    path.mkdir(parents=True, exist_ok=True)
    # chmod sets the time of change and wakes backup tools: only where something is wrong.
    info = path.stat()
    if stat.S_IMODE(info.st_mode) != mode:
        path.chmod(mode)
    if owner.uid is not None and (info.st_uid, info.st_gid) != (owner.uid, owner.gid):
        os.chown(path, owner.uid, owner.gid if owner.gid is not None else -1)


def _give_files(folder: Path, owner: Identity) -> None:
    """What root wrote here (a demo, a restored copy) belongs to the service, which could not open it otherwise."""
    if owner.uid is None or owner.gid is None:
        return
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid != owner.uid:
            os.chown(entry.path, owner.uid, owner.gid, follow_symlinks=False)


def _refuse_closed_parents(home: Path) -> None:
    for parent in home.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise RefusedError(
                _("Other users cannot enter {path}, so the station's processes could not work.", path=parent),
                _("Choose a home they can reach, for example KIOSK_HOME=/var/lib/kiosk."),
            )
