"""Processes of ours: started as the right user, watched by pidfd, remembered in a run file, adopted after our death.

A pid alone may be reused; pid and start time together name one process for ever.
"""

import errno
import json
import os
import resource
import select
import signal
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.supervisor import cgroup, keyrings, linux
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.users import Identity

SESSION_ROLES = ("wm", "ground", "bus", "typing", "browser", "browse", "program")
# When the PC runs out of memory a citizen's programs go first, and what covers the screen last (proc(5)).
FIRST_TO_GO, LAST_TO_GO = 300, -900
# A screen that must be covered does not queue behind what a citizen has left running (nice(2)).
AHEAD = -10


@dataclass
class Process:
    """One process. `pidfd` becomes readable when it ends, whether it is our child or an adopted one."""

    role: str
    pid: int
    start: int
    pidfd: int

    def kill(self) -> None:
        """SIGKILL; a process that is gone already is no error."""
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except OSError:
            return

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False when it still lives then."""
        return bool(select.select([self.pidfd], [], [], seconds)[0])

    def close(self) -> int | None:
        """Forget the process after its end; its exit status where it was our child."""
        os.close(self.pidfd)
        try:
            _pid, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            return None
        return os.waitstatus_to_exitcode(status)


@dataclass(frozen=True)
class Bounds:
    """What a session's programs live within: a control group and a room of mounts, where there are such.

    `start_in`: the folder that they begin in, which their dialogs show first. `limits`: how much they may take.
    """

    group: Path | None = None
    room: int | None = None
    start_in: Path | None = None
    limits: Limits = Limits()

    @property
    def each(self) -> int:
        """Bytes that each program may have of its own, where nothing counts them together; else 0."""
        counted = self.group is not None and "memory" in cgroup.counts(self.group, self.limits)
        return 0 if counted else self.limits.each


def spawn(
    role: str, command: list[str], identity: Identity, env: dict[str, str], log: int, bounds: Bounds | None = None
) -> Process:
    """Start `command` as `identity`; a session's program within `bounds`. OSError when it cannot be started."""

    def start(**more: Any) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                command, umask=0o077, cwd="/", env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **more,
            )  # fmt: skip
        except subprocess.SubprocessError as error:  # what was to be done in the child before it was refused
            raise OSError(errno.EPERM, str(error)) from error

    if bounds is None:
        extra = None if identity.uid is None else list(identity.extra)
        child = start(user=identity.uid, group=identity.gid, extra_groups=extra)
        linux.favour(child.pid, AHEAD)
        return _ours(role, child)
    # The cgroup is entered in the child through a descriptor that root opened: there is no moment in which the program
    # runs outside.
    groups = [os.open(entry, os.O_WRONLY) for entry in cgroup.entries(bounds.group)] if bounds.group else []
    try:
        shut, each = may_gain_nothing(), bounds.each
        return _ours(role, start(preexec_fn=partial(_enter, groups, bounds, identity, shut, each)))
    finally:
        for group in groups:
            os.close(group)


def _ours(role: str, child: "subprocess.Popen[bytes]") -> Process:
    # We reap by pidfd; without this Popen would warn about a child that it never waited for.
    child.returncode = 0
    return Process(role, child.pid, linux.start_time(child.pid), os.pidfd_open(child.pid))


def handed_on() -> dict[str, str]:
    """What our own programs are given of our environment.

    PYTHONPATH: a checkout without an installed package, as in development. KIOSK_PLAYER, KIOSK_VOICE: sound by another
    way.
    """
    names = ("PYTHONPATH", "KIOSK_PLAYER", "KIOSK_VOICE")
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def may_gain_nothing() -> bool:
    """Whether setuid programs can be shut to a session: a browser needs its own where users make no namespaces."""
    for switch in ("kernel/unprivileged_userns_clone", "user/max_user_namespaces"):
        try:
            with open(f"/proc/sys/{switch}", encoding="ascii") as value:
                if value.read().strip() == "0":
                    return False
        except OSError:
            continue
    return True


def _enter(groups: list[int], bounds: Bounds, identity: Identity, shut: bool, each: int = 0) -> None:
    """In the child of a session, still as root: into its cgroups and its room, and then for ever the citizen.

    No core dump may keep its memory; it is the first to go when memory runs out; and it may have so many processes.
    Its keyring is a new one: what lies in that of whoever started us would be its own too (keyrings(7), possession).
    """
    for group in groups:
        os.write(group, b"0")
    if bounds.room is not None:
        linux.enter_mounts(bounds.room)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if each:
        resource.setrlimit(resource.RLIMIT_DATA, (each, each))
    linux.when_memory_ends(FIRST_TO_GO)
    if identity.uid is not None and identity.gid is not None:
        most = bounds.limits.processes
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
        os.setgroups(list(identity.extra))
        os.setresgid(identity.gid, identity.gid, identity.gid)
        os.setresuid(identity.uid, identity.uid, identity.uid)
    keyrings.renew()
    if bounds.start_in is not None:
        with suppress(OSError):
            os.chdir(bounds.start_in)
    if shut:
        linux.no_new_privileges()


def adopt(role: str, pid: int, start: int) -> Process | None:
    """The process of an earlier supervisor, if exactly that one still lives."""
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:
        return None
    if not start or linux.start_time(pid) != start or linux.is_zombie(pid):
        os.close(pidfd)
        return None
    return Process(role, pid, start, pidfd)


@dataclass
class RunFile:
    """What a new supervisor must know of the old one: processes by role, and the session with its group."""

    supervisor: dict[str, int]
    processes: list[dict[str, Any]]
    session: str = ""
    group: str = ""
    wishes: dict[str, Any] = field(default_factory=dict)
    staff: bool = False
    fresh: list[int] = field(default_factory=list)
    boot: str = ""


def write_run_file(path: Path, content: RunFile) -> None:
    """Replace the run file in one step. No fsync: after a power cut nothing in it is alive."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(asdict(content)), encoding="utf-8")
    aside.chmod(0o644)
    aside.replace(path)


def read_run_file(path: Path, boot: str) -> RunFile | None:
    """The run file of this boot; None when there is none, or it is damaged, or of an earlier boot."""
    try:
        content = RunFile(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return content if content.boot == boot else None
