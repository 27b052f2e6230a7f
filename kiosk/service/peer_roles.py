"""Who is at the other end of a connection: a role is uid *and* pid, as the supervisor told them (DESIGN.md 3)."""

import json
import os
from pathlib import Path


class Roles:
    """The roles of processes. `run_file`: the supervisor's own, in a folder that only its user may write."""

    def __init__(self, run_file: Path) -> None:
        self._run_file = run_file
        self._named: dict[int, tuple[str, int]] = {}  # pid -> role, uid as told by the supervisor
        self._supervisor, self._version = -1, (0, 0, 0)

    def name(self, role: str, pid: int, uid: int) -> None:
        """Process `pid` of user `uid` was started as `role`; the newest of a role comes last."""
        self._named.pop(pid, None)
        self._named[pid] = (role, uid)

    def forget(self, pid: int) -> None:
        """The process is gone: its number may be given to another."""
        self._named.pop(pid, None)

    def named(self, role: str) -> list[int]:
        """Process numbers of a role, oldest first."""
        return [pid for pid, (known, _uid) in self._named.items() if known == role]

    def of(self, pid: int, uid: int) -> str | None:
        """The role of a process of that user; None for somebody whom nobody has named (yet)."""
        known = self._named.get(pid)
        if known is not None and known[1] == uid:
            return known[0]
        if uid in (0, os.getuid()):
            return "supervisor" if pid == self._supervisor_pid() or _runs_supervisor(pid) else "cli"
        return None

    def _supervisor_pid(self) -> int:
        # It is asked for with every push, and read when it is another one: the supervisor replaces it whole.
        try:
            info = self._run_file.stat()
            version = (info.st_ino, info.st_mtime_ns, info.st_size)
            if version != self._version:
                content = json.loads(self._run_file.read_text(encoding="utf-8"))
                self._supervisor, self._version = int(content["supervisor"]["pid"]), version
            return self._supervisor
        except (OSError, ValueError, KeyError, TypeError):
            return -1


def _runs_supervisor(pid: int) -> bool:
    """Whether a process of root's or ours is a supervisor, where a full disk has kept it from writing its run file."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return False
    return words[1:] == [b"-P", b"-m", b"kiosk.supervisor"]
