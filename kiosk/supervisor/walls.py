"""Which walls stand around a session on this machine: told to `kiosk check` and the panel, never guessed by them.

Asked of the machine by trying, not by names and versions: what could not be built in a trial is not said to stand.
"""

from dataclasses import dataclass

from kiosk.supervisor import cgroup, processes
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
    group = cgroup.find_root() is not None
    if not identities.isolated:
        return Walls(group=group, gain=processes.may_gain_nothing())
    return Walls(
        users=True,
        group=group,
        limits="rlimit",
        gain=processes.may_gain_nothing(),
    )
