"""Our own processes: service, lock screens and bar. Which of each should live, started and restarted here.

Everything fails closed: whatever ends unasked is started again at once, and more slowly when it keeps ending.
"""

import shutil
import sys
import time
from collections import deque

from kiosk.freed_memory import FRUGAL
from kiosk.settings import Paths
from kiosk.supervisor.cookies import lend
from kiosk.supervisor.processes import Process, handed_on, spawn
from kiosk.supervisor.users import Identities, Identity

MODULES = {
    "service": ("kiosk.service",),
    "lock": ("kiosk.lockscreen", "lock"),
    "bar": ("kiosk.lockscreen", "bar"),
    "sweep": ("kiosk.lockscreen", "sweep"),
    "first": ("kiosk.lockscreen", "first"),
    "raise": ("kiosk.lockscreen", "raise"),
    "volume": ("kiosk.lockscreen", "volume"),
}
SHUT = shutil.which("setpriv")  # of util-linux, on every Debian; it becomes the program, as the same process
# More than this many ends in the window, and the next start waits: a program that cannot start must not eat the PC.
RAPID_ENDS, RAPID_WINDOW, RAPID_WAIT = 5, 5.0, 1.0


class Children:
    """Processes by pid, and how to start each role."""

    def __init__(self, paths: Paths, identities: Identities, display: dict[str, str], log: int) -> None:
        self._paths, self._identities, self._display, self._log = paths, identities, display, log
        self.screen_uid, self.service = identities.screen.real_uid, identities.service
        self.by_pid: dict[int, Process] = {}
        self._ends: dict[str, deque[float]] = {}

    def of(self, role: str) -> list[Process]:
        """Living processes of a role, oldest first."""
        return [process for process in self.by_pid.values() if process.role == role]

    def start(self, role: str, *words: str) -> Process:
        """Start one of ours; `words` are what it should do it with."""
        identity = self._identities.service if role == "service" else self._identities.screen
        # -P: never import from the current directory; our own code comes from the environment alone.
        command = [sys.executable, "-P", "-m", *MODULES[role], *words]
        if role == "service" and identity.uid is not None and SHUT is not None:
            # The one that speaks to networks can never become anybody else, whatever setuid program it finds.
            command = [SHUT, "--no-new-privs", *command]
        process = spawn(role, command, identity, self._environment(role, identity), self._log)
        return self.add(process)

    def add(self, process: Process) -> Process:
        """Take a process into the book."""
        self.by_pid[process.pid] = process
        return process

    def ended(self, process: Process) -> int | None:
        """Strike an ended process from the book; its exit status if known."""
        self.by_pid.pop(process.pid, None)
        self._ends.setdefault(process.role, deque(maxlen=RAPID_ENDS)).append(time.monotonic())
        return process.close()

    def delay(self, role: str) -> float:
        """Seconds to wait before starting the role again: 0, unless it keeps ending."""
        ends = self._ends.get(role, deque())
        rapid = len(ends) == RAPID_ENDS and time.monotonic() - ends[0] < RAPID_WINDOW
        return RAPID_WAIT if rapid else 0.0

    def _environment(self, role: str, identity: Identity) -> dict[str, str]:
        # The service draws nothing and needs no way to the display.
        display = {} if role == "service" else lend(self._display, self._paths.processes.with_name("cookie"), identity)
        env = {
            **display,
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": identity.home,
            "LANG": "C.UTF-8",
            "KIOSK_HOME": str(self._paths.home),
            **FRUGAL,
        }
        if identity.uid is None:
            env["KIOSK_OWN_DESKTOP"] = "1"  # the display is that of whoever started us
        return env | handed_on()
