"""A whole station for a test: the real processes on a real X server, with hands (xdotool) and eyes (its marker)."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib.display import Display

from kiosk.errors import KioskError
from kiosk.lockscreen import marker
from kiosk.service import client
from kiosk.settings import Paths

SHORT = """
[session]
minutes = 0.5
extension_minutes = 0.5
warnings = [0.4, 0.2, 0.1]
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
"""


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningStation:
    """`kiosk run` in a home of its own. Use as a context manager; everything is ended afterwards."""

    def __init__(self, home: Path, display: str, policy: str = SHORT) -> None:
        self.home, self.display, self.paths = home, display, Paths(home)
        self.panel, self.menu = free_port(), free_port()
        home.mkdir(exist_ok=True)
        (home / "site.toml").write_text(SITE.format(panel=self.panel, menu=self.menu), encoding="utf-8")
        (home / "policy.toml").write_text(policy, encoding="utf-8")
        self.env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home), "LANG": "C.UTF-8"}
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.log_path = home.parent / "log.txt"

    def __enter__(self) -> "RunningStation":
        self.start()
        self.wait_state("free")
        self.wait(lambda: self.status()["marker"] is not None, "the lock covers")
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Run it; also again after the supervisor was killed, as systemd would."""
        with self.log_path.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "kiosk", "run"], env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def stop(self) -> None:
        """End everything that we started, whatever state it is in."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            try:
                self.supervisor.wait(10)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
                self.supervisor.wait(10)
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def log(self) -> str:
        """What the processes printed."""
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    # -- what it says

    def status(self) -> dict[str, Any]:
        """The state message, as `kiosk status --json` prints it."""
        answer: dict[str, Any] = client.ask(self.paths, "status", timeout=5.0)
        return answer

    def kiosk(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command of the command line."""
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *words],
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
        """Wait for something, and say what was waited for when it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (KioskError, OSError, TimeoutError):
                pass
            assert time.monotonic() < deadline, f"waited {seconds} s for: {what}\n{self.log()[-3000:]}"
            time.sleep(0.02)

    def wait_state(self, state: str, seconds: float = 20.0) -> None:
        """Wait until the station is in a state."""
        self.wait(lambda: self.status()["state"] == state, f"state {state}", seconds)

    def pids(self, role: str | None = None) -> list[int]:
        """Living processes of a role, or all of ours, as the supervisor's run file names them."""
        try:
            content = json.loads(self.paths.processes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [one["pid"] for one in content["processes"] if role in (None, one["role"])]

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
        self.wait_state("open")
        self.wait(lambda: not self.covered(), "the lock uncovers")

    # -- eyes

    def covered(self) -> bool:
        """Whether the lock's own marker stands on the screen right now."""
        with Eye(self.display) as eye:
            return eye.sees(self.status()["marker"])


class Eye:
    """Looks at the corner in which every screen of the lock paints its marker."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._root = self._display.screen().root

    def __enter__(self) -> "Eye":
        return self

    def __exit__(self, *error: object) -> None:
        self._display.close()

    def row(self) -> list[int]:
        """One row of the corner's pixels, as 0xRRGGBB."""
        size = self._root.get_geometry()
        image = self._root.get_image(0, size.height - 1, marker.WIDTH, 1, X.ZPixmap, 0xFFFFFFFF)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        return [int.from_bytes(data[at : at + 3], "little") for at in range(0, marker.WIDTH * 4, 4)]

    def sees(self, token: str | None) -> bool:
        """Whether the marker of `token` is there."""
        return token is not None and marker.matches(token, GROUNDS, self.row())


def _grounds() -> tuple[int, ...]:
    tokens = json.loads((Path(__file__).parent.parent / "web_ui" / "tokens.json").read_text(encoding="utf-8"))
    names = [tokens["colour"]["patina_deep"], tokens["colour"]["paper"], tokens["high_contrast"]["ground"]]
    return tuple(int(name.lstrip("#"), 16) for name in names)


GROUNDS = _grounds()


class CoverWatch:
    """Samples whether the screen is covered, from before an event until after it.

    Any lock of this station counts: every new process has a new token, learnt from the service while watching.
    """

    def __init__(self, station: RunningStation, every: float = 0.002) -> None:
        self._station, self._every = station, every
        self._tokens: set[str] = set()
        self._rows: list[tuple[float, tuple[int, ...]]] = []
        self._running = True
        self._threads = [threading.Thread(target=self._look), threading.Thread(target=self._learn)]

    def __enter__(self) -> "CoverWatch":
        self._learn_once()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._learn_once()
        self._running = False
        for thread in self._threads:
            thread.join()

    def _look(self) -> None:
        with Eye(self._station.display) as eye:
            while self._running:
                self._rows.append((time.monotonic(), tuple(eye.row())))
                time.sleep(self._every)

    def _learn(self) -> None:
        while self._running:
            self._learn_once()
            time.sleep(0.02)

    def _learn_once(self) -> None:
        try:
            token = self._station.status()["marker"]
        except (KioskError, OSError, TimeoutError):
            return
        if token:
            self._tokens.add(token)

    def samples(self) -> list[tuple[float, bool]]:
        """(moment, covered), after the watch has ended."""
        known: dict[tuple[int, ...], bool] = {}
        for _moment, row in self._rows:
            if row not in known:
                known[row] = any(marker.matches(token, GROUNDS, list(row)) for token in self._tokens)
        return [(moment, known[row]) for moment, row in self._rows]

    def longest_gap(self, since: float = 0.0) -> float:
        """The longest stretch in seconds, from `since` on, in which no sample showed a cover."""
        longest, start = 0.0, None
        for moment, covered in self.samples():
            if moment < since:
                continue
            if covered:
                longest, start = max(longest, moment - start if start is not None else 0.0), None
            elif start is None:
                start = moment
        end = self._rows[-1][0]
        return max(longest, end - start) if start is not None else longest

    def covered_after(self, since: float) -> float | None:
        """Seconds from `since` to the first sample after it that shows a cover; None when none did."""
        return next((moment - since for moment, covered in self.samples() if moment >= since and covered), None)
