"""The processes of a station under test: started as systemd would, found as the kernel knows them, killed, ended."""

import fcntl
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import kiosk
from kiosk.errors import KioskError
from kiosk.settings import Paths
from kiosk.supervisor import cgroup, linux, marked, port_wall, processes
from kiosk.supervisor.users import Identity


def _user(kind: str) -> str:
    """Whose a station's sessions are here: each of several processes that share the tests has users of its own.

    `scripts/test` makes those of two. KIOSK_TEST_CITIZEN: one of a run beside others.
    """
    if given := os.environ.get("KIOSK_TEST_CITIZEN"):
        wanted = given.replace("citizen", kind)
    else:
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
        wanted = f"kiosk-{kind}{number if number > 1 else ''}"
    return wanted if any(user.pw_name == wanted for user in pwd.getpwall()) else f"kiosk-{kind}"


CITIZEN, STAFF = _user("citizen"), _user("staff")
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
    """Held until it is closed: one station at a time of the same citizen.

    At a session's end a station kills and sweeps whatever belongs to the citizen's user, also another test's.
    """
    handle = os.open(
        Path(tempfile.gettempdir(), f"kiosk-tests-{CITIZEN}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
    )
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


_given: set[int] = set()


def free_port() -> int:
    """A port that nobody uses right now, and that no other call was given."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


@lru_cache(maxsize=1)
def _pace(_lately: int) -> float:
    """How many times as long a small calculation takes as where these tests were written: 12 ms, the middle of five."""
    took = []
    for _try in range(5):
        begun, total = time.perf_counter(), 0
        for number in range(200_000):
            total += number * number % 7
        took.append(time.perf_counter() - begun)
    return max(1.0, sorted(took)[2] / 0.012)


def slowness() -> float:
    """How many times as long things may take here: a slow machine, or one with too much to do, is no fault of ours.

    Measured anew every ten seconds: who else works on a shared machine comes and goes.
    """
    return min(8.0, _pace(int(time.monotonic() // 10)) * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


def is_too_long(waited: float, seconds: float) -> bool:
    """Whether something that takes `seconds` at most is waited for in vain: twice that, and more on a slow machine."""
    return waited > 2 * seconds and waited > 2 * seconds * slowness()


class StationProcesses:
    """A home with its settings, and what runs in it. `user`: started by this ordinary user instead of us."""

    def __init__(self, home: Path, display: str, policy: str = SHORT, user: str | None = None) -> None:
        self.home, self.display, self.user, self.paths = home, display, user, Paths(home)
        self.panel, self.menu = free_port(), free_port()
        home.mkdir(exist_ok=True)
        (home / "site.toml").write_text(self.site(), encoding="utf-8")
        (home / "policy.toml").write_text(policy, encoding="utf-8")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "XAUTHORITY") if name in os.environ}
        self.env = {**kept, "DISPLAY": display, "KIOSK_HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": CODE}
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.log_path = home.parent / "log.txt"
        self.within: list[str] = []  # a command that runs the station's: `unshare`, for a machine that lacks something
        self._alone = -1

    def site(self) -> str:
        """Its site.toml."""
        return SITE.format(panel=self.panel, menu=self.menu, citizen=CITIZEN) + f'staff = "{STAFF}"\n'

    def start(self) -> None:
        """Run it; also again after the supervisor was killed, as systemd would."""
        with self.log_path.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [*self.within, sys.executable, "-m", "kiosk", "run"],
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
        if self.user is None:
            # Where the test killed the supervisor and failed before the next one, the session is still there.
            citizen = pwd.getpwnam(CITIZEN).pw_uid
            marked.kill_all(lambda: marked.owned_by(citizen))
            while linux.unmount(str(self.paths.citizen_home)):
                pass
            port_wall.take_away(self.home)

    def log(self) -> str:
        """What the processes printed."""
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def wait(self, condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
        """Wait for something, and say what was waited for when it does not come."""
        begun = time.monotonic()
        while True:
            try:
                if condition():
                    return
            except (KioskError, OSError):
                pass
            waited = time.monotonic() - begun
            assert not is_too_long(waited, seconds), f"waited {waited:.0f} s for: {what}\n{self.log()[-3000:]}"
            time.sleep(0.02)

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
        """Living processes of a role as the kernel knows them (lock, bar, service, supervisor); None: all four.

        A fork that does a chore for its parent is not a second one of its kind.
        """
        wanted = {"lock": "kiosk.lockscreen\0lock", "bar": "kiosk.lockscreen\0bar"}
        wanted |= {one: f"kiosk.{one}\0" for one in ("service", "supervisor")}
        names = [wanted[role]] if role else list(wanted.values())
        mark = f"KIOSK_HOME={self.home}".encode()
        found: dict[int, str] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_text(encoding="utf-8", errors="replace")
                ours = any(name in words for name in names)
                if ours and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = words
            except OSError:
                continue
        return sorted(pid for pid, words in found.items() if found.get(_parent(pid)) != words)

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

    def as_citizen(
        self, *command: str, stdout: int = subprocess.DEVNULL, room: bool = False, user: str = CITIZEN
    ) -> subprocess.Popen[bytes]:
        """A program as the citizen starts one: their user, their environment, their control group.

        `room`: within all bounds of a session, so with their own view of the files too; without it, what lies in /tmp
        and the like is everybody's. `user`: staff's, where they are at the panel.
        """
        citizen, found = pwd.getpwnam(user), self.run_file()
        browser = self.pids("wm")[-1]
        words = Path(f"/proc/{browser}/environ").read_bytes().rstrip(b"\0").split(b"\0")
        group = found.get("group")

        seen = os.open(f"/proc/{browser}/ns/mnt", os.O_RDONLY) if room else -1

        def enter() -> None:
            if room:
                who = Identity(citizen.pw_uid, citizen.pw_gid, (), citizen.pw_dir)
                groups = [os.open(entry, os.O_WRONLY) for entry in cgroup.entries(Path(group))] if group else []
                processes._enter(groups, processes.Bounds(None, seen), who, processes.may_gain_nothing())
                return
            if group:
                Path(group, "cgroup.procs").write_text("0")
            os.setgroups([])
            os.setgid(citizen.pw_gid)
            os.setuid(citizen.pw_uid)

        env = dict(word.split(b"=", 1) for word in words)
        try:
            return subprocess.Popen(
                command, env=env, cwd="/", preexec_fn=enter, stdin=subprocess.DEVNULL, stdout=stdout
            )
        finally:
            if room:
                os.close(seen)
