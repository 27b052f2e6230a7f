"""Processes of ours: started as the right user, watched by pidfd, remembered in a run file, adopted after our death.

A pid alone may be reused; pid and start time together name one process for ever.
"""

import json
import os
import resource
import select
import signal
import subprocess
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.supervisor import linux
from kiosk.supervisor.users import Identity

SESSION_ROLES = ("wm", "browser", "browse")


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


def spawn(
    role: str, command: list[str], identity: Identity, env: dict[str, str], log: int, group: Path | None = None
) -> Process:
    """Start `command` as `identity`, in cgroup `group` where given; OSError when it cannot be started.

    The cgroup is entered in the child through a descriptor that root opened: the kernel judges by who opened it, so
    there is no moment in which the program runs outside.
    """
    entry = os.open(group / "cgroup.procs", os.O_WRONLY) if group else -1
    try:
        child = subprocess.Popen(
            command,
            user=identity.uid,
            group=identity.gid,
            extra_groups=None if identity.uid is None else list(identity.extra),
            umask=0o077,
            cwd="/",
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(_enter, entry) if role in SESSION_ROLES else None,
        )
    finally:
        if entry >= 0:
            os.close(entry)
    # We reap by pidfd; without this Popen would warn about a child that it never waited for.
    child.returncode = 0
    return Process(role, child.pid, linux.start_time(child.pid), os.pidfd_open(child.pid))


def _enter(group: int) -> None:
    """In the child of a session: no core dump may keep its memory; and into its cgroup, where there is one."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if group >= 0:
        os.write(group, b"0")


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
