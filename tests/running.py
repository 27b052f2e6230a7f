"""A whole station for a test: the real processes on a real X server, with hands (xdotool) and eyes (its marker)."""

import fcntl
import json
import os
import pwd
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kiosk
from kiosk.errors import KioskError
from kiosk.service import client
from kiosk.settings import Paths
from tests.watching import GROUNDS, CoverWatch, Eye

__all__ = ["GROUNDS", "CoverWatch", "Eye", "RunningStation", "free_port"]

# Another one where a second station must run on this machine at the same time.
CITIZEN = os.environ.get("KIOSK_TEST_CITIZEN", "kiosk-citizen")
# Where `kiosk` itself lies: the station's processes are started with -P and find it nowhere else in a bare checkout.
CODE = str(Path(kiosk.__path__[0]).parent)

SHORT = """
[session]
minutes = 0.5
extension_minutes = 0.5
warnings = [0.4, 0.2, 0.1]
visit_min_seconds = 0
"""
LONG = """
[session]
minutes = 60
visit_min_seconds = 0
"""

SITE = """
[site]
code = "TH-012"
name = "Bưu điện – Văn hóa xã Đồng Lúa"
[station]
name = "03"
[panel]
listen = "127.0.0.1:{panel}"
[menu]
listen = "127.0.0.1:{menu}"
[users]
citizen = "{citizen}"
"""


def alone() -> int:
    """Held until it is closed: one station at a time on this machine.

    At a session's end a station kills and sweeps whatever belongs to the citizen's user, also another test's.
    """
    handle = os.open(Path(tempfile.gettempdir(), "kiosk-tests.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningStation:
    """`kiosk run` in a home of its own. Use as a context manager; everything is ended afterwards.

    `user`: started by this ordinary user instead of ourselves.
    """

    def __init__(self, home: Path, display: str, policy: str = SHORT, user: str | None = None) -> None:
        self.home, self.display, self.user, self.paths = home, display, user, Paths(home)
        self.panel, self.menu = free_port(), free_port()
        home.mkdir(exist_ok=True)
        (home / "site.toml").write_text(self.site(), encoding="utf-8")
        (home / "policy.toml").write_text(policy, encoding="utf-8")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.env = {**kept, "DISPLAY": display, "KIOSK_HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": CODE}
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.log_path = home.parent / "log.txt"
        self._alone = -1

    def __enter__(self) -> "RunningStation":
        self._alone = alone()
        try:
            self.start()
            self.wait_state("free")
            self.wait(self.covered, "the lock covers")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self.stop()
        if kind is None:
            assert "Traceback" not in self.log(), self.log()[-4000:]

    def site(self) -> str:
        """Its site.toml."""
        return SITE.format(panel=self.panel, menu=self.menu, citizen=CITIZEN)

    def start(self) -> None:
        """Run it; also again after the supervisor was killed, as systemd would."""
        with self.log_path.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "kiosk", "run"],
                env=self.env, user=self.user, extra_groups=[] if self.user else None, cwd="/",
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def stop(self) -> None:
        """End everything that we started, whatever state it is in."""
        try:
            self._end()
        finally:
            if self._alone >= 0:
                os.close(self._alone)
                self._alone = -1

    def _end(self) -> None:
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            try:
                self.supervisor.wait(20)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
                self.supervisor.wait(10)
        left = self.living()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 10
        while self.living() and time.monotonic() < deadline:
            time.sleep(0.01)

    def log(self) -> str:
        """What the processes printed."""
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    # -- what it says

    def status(self) -> dict[str, Any]:
        """The state message, as `kiosk status --json` prints it."""
        answer: dict[str, Any] = client.ask(self.paths, "status", timeout=5.0)
        return answer

    def token(self) -> str | None:
        """The marker of the lock that covers; None where the service cannot be asked just now."""
        try:
            return str(self.status()["marker"] or "") or None
        except (KioskError, OSError):
            return None

    def kiosk(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command of the command line."""
        command = [sys.executable, "-m", "kiosk", *words]
        return subprocess.run(
            command, env=self.env, user=self.user, cwd="/", input=stdin, capture_output=True, text=True, timeout=60
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the store holds; only after the station has stopped, because the service alone opens the file."""
        assert not self.living("service")
        database = sqlite3.connect(self.paths.store)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def wait(self, condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
        """Wait for something, and say what was waited for when it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (KioskError, OSError):
                pass
            assert time.monotonic() < deadline, f"waited {seconds} s for: {what}\n{self.log()[-3000:]}"
            time.sleep(0.02)

    def wait_state(self, state: str, seconds: float = 20.0) -> None:
        """Wait until the station is in a state."""
        self.wait(lambda: self.status()["state"] == state, f"state {state}", seconds)

    # -- its processes

    def run_file(self) -> dict[str, Any]:
        """What the supervisor wrote down for its successor; empty when there is nothing."""
        try:
            content: dict[str, Any] = json.loads(self.paths.processes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content

    def pids(self, role: str) -> list[int]:
        """Processes of a role as the supervisor's run file names them, oldest first."""
        return [one["pid"] for one in self.run_file().get("processes", ()) if one["role"] == role]

    def living(self, role: str | None = None) -> list[int]:
        """Living processes of a role as the kernel knows them (lock, bar, service, supervisor); None: all four."""
        wanted = {"lock": "kiosk.lockscreen\0lock", "bar": "kiosk.lockscreen\0bar"}
        wanted |= {one: f"kiosk.{one}\0" for one in ("service", "supervisor")}
        names = [wanted[role]] if role else list(wanted.values())
        mark = f"KIOSK_HOME={self.home}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_text(encoding="utf-8", errors="replace")
                ours = any(name in words for name in names)
                if ours and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return sorted(found)

    def kill(self, role: str) -> int:
        """kill -9 of the newest process of a role (`supervisor` too); its pid."""
        if role == "supervisor":
            assert self.supervisor is not None
            pid = self.supervisor.pid
            self.supervisor.kill()
            self.supervisor.wait(10)
            return pid
        pid = self.pids(role)[-1]
        os.kill(pid, signal.SIGKILL)
        return pid

    def as_citizen(self, *command: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """A program as the citizen starts one: their user, their environment, their control group."""
        citizen, found = pwd.getpwnam(CITIZEN), self.run_file()
        browser = self.pids("wm")[-1]
        words = Path(f"/proc/{browser}/environ").read_bytes().rstrip(b"\0").split(b"\0")
        group = found.get("group")

        def enter() -> None:
            if group:
                Path(group, "cgroup.procs").write_text("0")
            os.setgroups([])
            os.setgid(citizen.pw_gid)
            os.setuid(citizen.pw_uid)

        env = dict(word.split(b"=", 1) for word in words)
        return subprocess.Popen(
            command, env=env, cwd="/", preexec_fn=enter, stdin=subprocess.DEVNULL, stdout=stdout
        )

    # -- hands

    def key(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            subprocess.run(["xdotool", "key", name], env=self.env, check=True, timeout=10)
            time.sleep(0.15)

    def tap(self, x: int, y: int) -> None:
        """Move the pointer there and click."""
        command = ["xdotool", "mousemove", str(x), str(y), "click", "1"]
        subprocess.run(command, env=self.env, check=True, timeout=10)
        time.sleep(0.15)

    def begin(self) -> None:
        """Press Enter on START, again if the screen was not ready for keys yet, as a person would."""

        def pressed() -> bool:
            if self.status()["state"] == "free":
                self.key("Return")
                time.sleep(0.3)
            return bool(self.status()["state"] == "asking")

        self.wait(pressed, "START answers to Enter")

    def sign_in(self) -> None:
        """From START into a session by keyboard: first time, a woman of 31 to 59, poor and of an ethnic minority."""
        self.begin()
        self.key("1", "3", "1", "3", "Return")
        self.wait_open()

    def wait_open(self) -> None:
        """Until a session's desktop is seen."""
        self.wait_state("open")
        self.wait(lambda: not self.covered(), "the lock uncovers")

    # -- eyes

    def covered(self) -> bool:
        """Whether the lock's own marker stands on the screen right now."""
        with Eye(self.display) as eye:
            return eye.sees(self.token())

    def watch(self, every: float = 0.002, foreign: int | None = None) -> CoverWatch:
        """Samples of the cover from now on."""
        return CoverWatch(self.display, self.token, every, foreign)

    def titles(self) -> list[str]:
        """Titles of the visible windows."""
        command = ["xdotool", "search", "--onlyvisible", "--name", ".", "getwindowname", "%@"]
        found = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=10)
        return sorted(line for line in found.stdout.splitlines() if line)
