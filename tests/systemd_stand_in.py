#!/usr/bin/python3
"""Does what systemd would, of what our units ask: where none runs, a throw-away root has this as its `systemctl`.

It reads the units as they were installed and starts their own start lines: with their environment, their bounding set
of capabilities, READY and WATCHDOG, Restart=always, and KillMode=process. It knows nothing of kiosk.
"""

import ctypes
import os
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

UNITS, STATE = Path("/etc/systemd/system"), Path("/run/stand_in")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
ORDER = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
    "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN "
    "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE "
    "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
).split()


class Unit:
    """A unit's settings; of one that may stand there more than once all values."""

    def __init__(self, name: str) -> None:
        self.name = name if "." in name else f"{name}.service"
        self.values: dict[str, list[str]] = {}
        path = UNITS / self.name
        for line in path.read_text().splitlines() if path.is_file() else []:
            key, eq, value = line.partition("=")
            if eq and not line.startswith("#"):
                self.values.setdefault(key, []).append(value.strip())

    def get(self, key: str, otherwise: str = "") -> str:
        """The last value."""
        return self.values.get(key, [otherwise])[-1]

    def seconds(self, key: str, otherwise: float) -> float:
        """A span of time."""
        value = self.get(key)
        return float(value[:-2]) / 1000 if value.endswith("ms") else float(value or otherwise)

    def file(self, kind: str) -> Path:
        """Where a state of it is kept."""
        return STATE / f"{self.name}.{kind}"

    def lines(self, key: str) -> list[list[str]]:
        """Commands."""
        return [shlex.split(value) for value in self.values.get(key, [])]


def enter(unit: Unit) -> None:
    """In the child, before its program."""
    if kept := " ".join(unit.values.get("CapabilityBoundingSet", [])).split():
        libc = ctypes.CDLL(None)
        for number, name in enumerate(ORDER):
            if f"CAP_{name}" not in kept:
                libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
    if unit.get("NoNewPrivileges") == "yes":
        ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if unit.get("LimitCORE"):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if score := unit.get("OOMScoreAdjust"):
        with suppress(PermissionError):  # a container's root may not favour anybody
            Path("/proc/self/oom_score_adj").write_text(score)
    os.setsid()


class Keeper:
    """Keeps one unit alive until it is stopped; a process of its own."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.log = open(unit.file("log"), "ab", buffering=0)  # noqa: SIM115
        self.env = {"PATH": PATH, "LANG": "C.UTF-8"}
        for line in unit.values.get("Environment", []):
            self.env |= dict(word.partition("=")[::2] for word in shlex.split(line))

    def run(self) -> None:
        """Start, watch, start again."""
        while not self.unit.file("stop").exists():
            self._once()
            if self.unit.get("Restart") != "always":
                break
            time.sleep(self.unit.seconds("RestartSec", 0.1))
        if folder := self.unit.get("RuntimeDirectory"):
            shutil.rmtree(f"/run/{folder}", ignore_errors=True)
        self.unit.file("state").write_text("inactive")
        self.unit.file("keeper").unlink()

    def _once(self) -> None:
        if folder := self.unit.get("RuntimeDirectory"):
            os.makedirs(f"/run/{folder}", int(self.unit.get("RuntimeDirectoryMode", "755"), 8), exist_ok=True)
        for words in self.unit.lines("ExecStartPre"):
            if self._spawn(words, {}).wait() != 0:
                self.unit.file("state").write_text("failed")
                return
        told = self.unit.file("notify")
        told.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(str(told))
            heard.settimeout(0.1)
            notify = self.unit.get("Type") == "notify"
            more = {"NOTIFY_SOCKET": str(told)} if notify else {}
            if watchdog := self.unit.seconds("WatchdogSec", 0):
                more["WATCHDOG_USEC"] = str(int(watchdog * 1_000_000))
            main = self._spawn(self.unit.lines("ExecStart")[0], more)
            self.unit.file("main").write_text(str(main.pid))
            if not notify:
                self._ready()
            self._watch(main, heard, watchdog)

    def _spawn(self, words: list[str], more: dict[str, str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            words, env=self.env | more, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd="/",
            preexec_fn=lambda: enter(self.unit),
        )  # fmt: skip

    def _ready(self) -> None:
        good = all(self._spawn(words, {}).wait() == 0 for words in self.unit.lines("ExecStartPost"))
        self.unit.file("state").write_text("active" if good else "failed")

    def _watch(self, main: "subprocess.Popen[bytes]", heard: socket.socket, watchdog: float) -> None:
        fed = time.monotonic()
        while main.poll() is None:
            with suppress(TimeoutError):
                lines = heard.recv(4096).decode().splitlines()
                fed = time.monotonic()
                if "READY=1" in lines:
                    self._ready()
                if "WATCHDOG=1" in lines:
                    with open(self.unit.file("fed"), "a") as file:
                        file.write(f"{fed}\n")
            if watchdog and time.monotonic() - fed > watchdog:
                self.log.write(b"the watchdog was not fed\n")
                main.send_signal(signal.SIGABRT)
            if self.unit.file("stop").exists():
                self._stop(main)

    def _stop(self, main: "subprocess.Popen[bytes]") -> None:
        main.terminate()
        try:
            main.wait(self.unit.seconds("TimeoutStopSec", 30))
        except subprocess.TimeoutExpired:
            main.kill()


def start(name: str) -> bool:
    """Start a unit and wait until it is ready."""
    unit = Unit(name)
    if not unit.lines("ExecStart"):
        return (UNITS / unit.name).exists() is False  # one of Debian's, which are not ours to run
    if unit.file("keeper").exists():
        return True
    for kind in ("stop", "state"):
        unit.file(kind).unlink(missing_ok=True)
    if os.fork() == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        if os.fork() == 0:
            unit.file("keeper").write_text(str(os.getpid()))
            Keeper(unit).run()
        os._exit(0)
    os.wait()
    until = time.monotonic() + unit.seconds("TimeoutStartSec", 90)
    while time.monotonic() < until:
        with suppress(FileNotFoundError):
            if (state := unit.file("state").read_text()) in ("active", "failed"):
                return state == "active"
        time.sleep(0.05)
    return False


def stop(name: str) -> bool:
    """Stop a unit and wait for its end."""
    unit = Unit(name)
    if unit.file("keeper").exists():
        unit.file("stop").touch()
        until = time.monotonic() + 60
        while unit.file("keeper").exists() and time.monotonic() < until:
            time.sleep(0.05)
    return not unit.file("keeper").exists()


def main() -> int:
    """What is asked; of Debian's own units nothing runs here, and nothing is told."""
    STATE.mkdir(exist_ok=True)
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    match words:
        case ["start", *names]:
            return 0 if all([start(name) for name in names]) else 1
        case ["stop", *names]:
            return 0 if all([stop(name) for name in reversed(names)]) else 1
        case ["is-active", *names]:
            return 0 if all(Unit(name).file("keeper").exists() for name in names) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
