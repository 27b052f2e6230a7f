"""Which walls stand around a session on this machine: told to `kiosk check` and the panel, never guessed by them.

Asked of the machine by trying, not by names and versions: what could not be built in a trial is not said to stand.
"""

from dataclasses import dataclass

from kiosk.supervisor import cgroup, processes
from kiosk.supervisor.session import room
from kiosk.supervisor.users import Identities


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


def standing(identities: Identities) -> Walls:
    """As they would be built for a session that began now. Takes some milliseconds."""
    counted, gain = cgroup.tried(), processes.may_gain_nothing()
    limits = "cgroup" if counted is not None and {"pids", "memory"} <= counted else "rlimit"
    if not identities.isolated:
        return Walls(group=counted is not None, limits=limits, gain=gain)
    built = room.tried()
    return Walls(
        users=True,
        group=counted is not None,
        limits=limits,
        room="room" in built,
        proc="proc" in built,
        # The home and the room's own places run nothing, and nothing else can be written to.
        noexec="sealed" in built,
        devices="devices" in built,
        gain=gain,
    )
