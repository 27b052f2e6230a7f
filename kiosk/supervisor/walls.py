"""Which walls stand around a session on this machine: told to `kiosk check` and the panel, never guessed by them.

Asked of the machine by trying, not by names and versions: what could not be built in a trial is not said to stand.
"""

from dataclasses import dataclass

from kiosk.supervisor import cgroup, processes
from kiosk.supervisor.event_log import log
from kiosk.supervisor.session.session import SessionMaker

_OF_ROOM = ("room", "proc", "noexec", "devices")


@dataclass(frozen=True)
class Walls:
    """Each True where it stands. `limits`: what bounds processes and memory: "cgroup", "rlimit" (for each program by

    itself), or "none". `users`: citizens have a user of their own; `group`: a control group ends all of a session;
    `room`: a /tmp, /var/tmp and /dev/shm of its own; `proc`: it sees its own processes alone; `noexec`: what it writes
    does not run; `devices`: its own few devices; `gain`: no setuid program gives it more than it has.
    """

    users: bool = False
    group: bool = False
    limits: str = "none"
    room: bool = False
    proc: bool = False
    noexec: bool = False
    devices: bool = False
    gain: bool = False

    @property
    def level(self) -> str:
        """Of all of it: full, users (no control group) or none."""
        return "none" if not self.users else "full" if self.group else "users"

    @property
    def of_room(self) -> frozenset[str]:
        """Those that a session's room is made of: room.make."""
        return frozenset(name for name in _OF_ROOM if getattr(self, name))


def standing(maker: SessionMaker) -> Walls:
    """As they would be built for a session of its citizens that began now. Takes some milliseconds."""
    counted = cgroup.tried(maker.limits)
    built = frozenset[str]()
    try:
        built = maker.try_room()
    except OSError as error:
        log(f"no session's room can be built: {error}")
    return Walls(
        users=maker.citizen.uid is not None,
        group=counted is not None,
        limits="cgroup" if counted is not None and {"pids", "memory"} <= counted else "rlimit",
        gain=processes.may_gain_nothing(),
        # The home and the room's own places run nothing, and nothing else can be written to.
        **{name: name in built for name in _OF_ROOM},
    )
