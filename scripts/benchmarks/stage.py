"""Where measurements happen: an X server, a home on a disk and a real station, all ended afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.messages import encode
from scripts.benchmarks import proc
from tests.running import RunningStation

SIZE = "1920x1080"
# Long enough that nothing ends or warns by itself while it is measured.
POLICY = """
[session]
minutes = 30
warnings = [1]
visit_min_seconds = 0
"""


def say(text: str) -> None:
    """Progress, beside the figures and not among them."""
    print(f"  {text}", file=sys.stderr, flush=True)


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that other users can enter. In /var/tmp: /tmp may lie in memory, where a sync costs nothing."""
    made = Path(tempfile.mkdtemp(prefix="kiosk-bench-", dir="/var/tmp"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def screen(size: str = SIZE) -> Iterator[str]:
    """An X server in memory; its display's name."""
    reading, writing = os.pipe()
    # -displayfd lets the server choose a free number and say which.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


class Station(RunningStation):
    """The tests' station with what measuring needs besides."""

    def __init__(self, home: Path, display: str) -> None:
        super().__init__(home, display, POLICY)

    def halt(self) -> None:
        """End all its processes; `start` starts it again."""
        self._end()

    def own(self, *roles: str) -> dict[str, int]:
        """The newest process of each role, the supervisor's always."""
        assert self.supervisor is not None
        return {"supervisor": self.supervisor.pid, **{role: self.pids(role)[-1] for role in roles}}

    def order(self, action: str) -> socket.socket:
        """Say what staff may say of a session, and do not wait for the answer. Keep the line open until it is done."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.connect(str(self.paths.socket))
        line.sendall(encode("session", action=action, who="bench"))
        return line

    def open_session(self, browser: bool = False) -> None:
        """A session on somebody's behalf; with `browser` wait until the menu is shown in it."""
        self.order("start").close()
        self.wait_open()
        self.wait(lambda: len(self.pids("bar")) == 1, "the time bar")
        if browser:
            self.wait(self._menu_shown, "the browser shows the menu", 30)
            time.sleep(0.5)

    def _menu_shown(self) -> bool:
        command = ["xdotool", "search", "--onlyvisible", "--class", "chromium"]
        found = subprocess.run(command, env=self.env, capture_output=True, timeout=10).stdout.split()
        return len(found) > 0

    def end_session(self) -> None:
        """End the session, and wait until the next citizen may come."""
        self.order("finish").close()
        self.wait_free()

    def wait_free(self) -> None:
        """Wait until the next citizen may come: one lock, covering, and FREE."""
        self.wait_state("free", 30)
        self.wait(lambda: len(self.pids("lock")) == 1 and self.covered(), "one lock covers")

    def programs(self) -> list[int]:
        """The processes of the open session: those of its control group, or those that carry its mark."""
        found = self.run_file()
        if found["group"]:
            return [int(pid) for pid in Path(found["group"], "cgroup.procs").read_text().split()]
        return proc.with_mark(f"KIOSK_SESSION={found['session']}")


@contextmanager
def station(size: str = SIZE) -> Iterator[Station]:
    """A station that stands at START, in a home and on a screen of its own."""
    with folder() as place, screen(size) as display:
        running = Station(place / "home", display)
        with running:
            yield running
