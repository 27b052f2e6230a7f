"""A stage for the lock and the bar: their real processes on a real X server, and a service that only speaks `state`."""

import contextlib
import os
import queue
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

from kiosk import messages
from kiosk.lockscreen import marker
from kiosk.rules.policy import Policy
from kiosk.rules.questions import questions
from tests.station_processes import is_too_long, slowness

PAPER = 0xF4F7F3
GROUNDS = (0x073630, 0xF4F7F3, 0x000000, 0xDCE9E3)
STATE: dict[str, Any] = {
    "state": "free", "cover": True, "session": None, "seconds_left": None, "granted": None, "warning": None,
    "extension": {"minutes": 30, "offered": False, "why_not": "not_yet"}, "idle": None, "closing": None,
    "resume": None, "end_reason": None, "site": "Bưu điện – Văn hóa xã Đồng Lúa", "station": "03", "lang": "vi",
    "prefs": {"lang": "vi", "large": False, "contrast": False, "voice": False}, "minutes": 60, "fee": None,
    "start_refused": None, "closes_at": None, "ticket_refused": "entry", "ticket": None,
    "hours": "07:30–11:30, 13:30–17:00", "year": 2026, "wiping": False, "online": True, "waiting": False,
    "questions": [question.as_message() for question in questions(Policy())], "sign_in_reset_seconds": 180,
    "screen_off_minutes": 10, "last_screen_seconds": 120, "reason": None, "help_asked": False, "marker": None,
    "clock_trusted": True,
}  # fmt: skip
OPEN = {"state": "open", "cover": False, "session": "a1", "seconds_left": 1800, "granted": 3600}
ENDING = {"state": "ending", "cover": True, "seconds_left": 0, "end_reason": "time_up", "wiping": True}


class FakeService:
    """Listens where the service would, pushes `state` and then `same` four times a second, and keeps what it hears."""

    def __init__(self, home: Path) -> None:
        (home / "run").mkdir(parents=True, exist_ok=True)
        self.path = home / "run" / "service.sock"
        self.state = dict(STATE)
        self.silent = False
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()
        self._closing = False
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self.start()
        self._run(self._push_on)

    def start(self) -> None:
        """Listen, also again after `stop`."""
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(os.fspath(self.path))
        self._listener.listen()
        self._run(self._accept, self._listener)

    def stop(self) -> None:
        """As a service that died: nobody listens, every line breaks."""
        if self._listener:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.path.unlink(missing_ok=True)
        with self._lock:
            for line in self._lines:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            self._lines.clear()

    def close(self) -> None:
        """The end of the test."""
        self._closing = True
        self.stop()
        for thread in self._threads:
            thread.join(5)

    def put(self, **changes: Any) -> None:
        """Change the state and push it at once."""
        self.state = {**self.state, **changes}
        self._push()

    def wait(self, verb: str, seconds: float = 8) -> dict[str, Any]:
        """The next message with this verb; others before it are dropped."""
        end = time.monotonic() + seconds * slowness()
        while True:
            try:
                message = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {verb} within {seconds} s") from None
            if message["verb"] == verb:
                return message

    def all_heard(self, settle: float = 0.4) -> list[dict[str, Any]]:
        """What came since the last look."""
        settled(settle)
        found = []
        while not self.heard.empty():
            found.append(self.heard.get())
        return found

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _push_on(self) -> None:
        while not self._closing:
            time.sleep(0.25)
            if not self.silent:
                self._push("same")

    def _push(self, verb: str = "state") -> None:
        line = messages.encode(verb, **(self.state if verb == "state" else {}))
        with self._lock:
            for peer in list(self._lines):
                try:
                    peer.sendall(line)
                except OSError:
                    self._lines.remove(peer)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                peer, _address = listener.accept()
            except OSError:
                return
            with self._lock:
                self._lines.append(peer)
            if not self.silent:
                self._push()
            self._run(self._read, peer)

    def _read(self, peer: socket.socket) -> None:
        buffer = messages.LineBuffer()
        while True:
            try:
                data = peer.recv(65536)
            except OSError:
                data = b""
            if not data:
                with self._lock:
                    if peer in self._lines:
                        self._lines.remove(peer)
                    peer.close()
                return
            for line in buffer.feed(data):
                message = messages.decode(line)
                assert messages.check(message, {**messages.VERBS["lock"], **messages.VERBS["bar"]})
                self.heard.put(message)


class Stage:
    """One X server's eyes and hands, and the processes on it."""

    def __init__(self, display: str, home: Path) -> None:
        self.display, self.home = display, home
        self.service = FakeService(home)
        self.eyes = Display(display)
        self.root = self.eyes.screen().root
        self.processes: list[subprocess.Popen[bytes]] = []

    def close(self) -> None:
        """End what was started here."""
        for process in self.processes:
            process.kill()
            process.wait(10)
        self.service.close()
        self.eyes.close()

    def start(self, role: str) -> subprocess.Popen[bytes]:
        """Start `lock` or `bar`."""
        env = {**os.environ, "DISPLAY": self.display, "KIOSK_HOME": str(self.home)}
        process = subprocess.Popen([sys.executable, "-m", "kiosk.lockscreen", role], env=env)
        self.processes.append(process)
        return process

    def spawn(self, code: str) -> subprocess.Popen[bytes]:
        """Some other program of the display, as Python text."""
        process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "DISPLAY": self.display})
        self.processes.append(process)
        return process

    def row(self) -> list[int]:
        """The pixels of the bottom left corner, where the marker stands."""
        height = self.eyes.screen().height_in_pixels
        image = self.root.get_image(0, height - 1, marker.WIDTH, 1, X.ZPixmap, 0xFFFFFF)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        return [int.from_bytes(data[at : at + 4], "little") & 0xFFFFFF for at in range(0, len(data), 4)]

    def pixel(self, x: int, y: int) -> int:
        """One pixel as 0xRRGGBB."""
        data = self.root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFF).data
        data = data if isinstance(data, bytes) else data.encode("latin-1")
        return int.from_bytes(data[:4], "little") & 0xFFFFFF

    def covered(self, token: str) -> bool:
        """Whether this lock's marker can be seen now."""
        return marker.matches(token, GROUNDS, self.row())

    def keys(self, *names: str) -> None:
        """Type."""
        subprocess.run(["xdotool", "key", *names], env={**os.environ, "DISPLAY": self.display}, check=True)

    def slowly(self, *names: str) -> None:
        """Type as a person does, one key after the other."""
        for name in names:
            self.keys(name)
            settled(0.2)

    def insist(self, name: str, verb: str) -> dict[str, Any]:
        """Type a key until `verb` is heard: a lock that has just covered may not have the keyboard or its page yet."""
        for _try in range(8):
            self.keys(name)
            with contextlib.suppress(AssertionError):
                return self.service.wait(verb, 1)
        raise AssertionError(f"{name} brought no {verb}")

    def ask(self) -> None:
        """Put up the questions of the sign-in, on a screen of 1366×768."""
        self.service.put(state="asking")
        until(lambda: self.pixel(500, 4) == PAPER, "the first question")
        settled(0.3)

    def tap(self, x: int, y: int) -> None:
        """Click."""
        command = ["xdotool", "mousemove", str(x), str(y), "click", "1"]
        subprocess.run(command, env={**os.environ, "DISPLAY": self.display}, check=True)


def settled(seconds: float) -> None:
    """Give it as long as this machine needs for what takes so many seconds on a quiet one."""
    time.sleep(seconds * slowness())


def until(true: Callable[[], object], what: str, seconds: float = 8) -> None:
    """Wait for something that must come."""
    begun = time.monotonic()
    while not true():
        assert not is_too_long(waited := time.monotonic() - begun, seconds), f"{what}: not within {waited:.0f} s"
        time.sleep(0.01)
