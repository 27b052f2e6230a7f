"""Which system user each process runs as, and how much that isolates."""

import grp
import os
import pwd
from dataclasses import dataclass

from kiosk.errors import RefusedError
from kiosk.settings import Users
from kiosk.translations import _


@dataclass(frozen=True)
class Identity:
    """A user to run as. `uid` None: as whoever started us."""

    uid: int | None
    gid: int | None
    extra: tuple[int, ...]
    home: str

    @property
    def real_uid(self) -> int:
        """The uid that the process will have."""
        return os.getuid() if self.uid is None else self.uid


@dataclass(frozen=True)
class Identities:
    """One identity per role of DESIGN.md 3. `isolated` is False where all run as one ordinary user."""

    service: Identity
    screen: Identity
    citizen: Identity
    staff: Identity
    isolated: bool
    why_not: str = ""


def _as_ourselves(why_not: str) -> Identities:
    me = Identity(None, None, (), os.path.expanduser("~"))
    return Identities(me, me, me, me, isolated=False, why_not=why_not)


def _group(name: str) -> tuple[int, ...]:
    """A group of the system where there is one: on Debian `audio` may use the sound card."""
    try:
        return (grp.getgrnam(name).gr_gid,)
    except KeyError:
        return ()


def resolve(users: Users) -> Identities:
    """The identities in force: separate users where we are root (RefusedError without them), else ourselves."""
    if os.geteuid() != 0:
        return _as_ourselves("started by an ordinary user")
    try:
        named = (users.service, users.screen, users.citizen, users.staff)
        service, screen, citizen, staff = (pwd.getpwnam(name) for name in named)
    except KeyError as missing:
        # Never as root instead: that would give the citizen's screen and the web faces to the one who may do all.
        raise RefusedError(
            _("A system user of this station is missing: {reason}.", reason=str(missing.args[0])),
            _("Run scripts/run, which makes the users, or correct [users] in site.toml."),
        ) from None
    sound = _group("audio")
    return Identities(
        service=Identity(service.pw_uid, service.pw_gid, (), service.pw_dir),
        # The screen processes reach the service's socket through the service's group, and nothing else of it.
        screen=Identity(screen.pw_uid, screen.pw_gid, (service.pw_gid, *sound), screen.pw_dir),
        citizen=Identity(citizen.pw_uid, citizen.pw_gid, sound, citizen.pw_dir),
        staff=Identity(staff.pw_uid, staff.pw_gid, (), staff.pw_dir),
        isolated=True,
    )
