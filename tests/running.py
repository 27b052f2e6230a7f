"""A whole station for a test: the real processes on a real X server, with hands (xdotool) and eyes (its marker)."""

import sqlite3
import subprocess
import sys
import time
from typing import Any

from kiosk.errors import KioskError
from kiosk.service import client
from tests.station_processes import CITIZEN, CODE, LONG, SHORT, SITE, StationProcesses, alone, free_port
from tests.watching import GROUNDS, CoverWatch, Eye

__all__ = [
    "ANSWERED",
    "CITIZEN",
    "CODE",
    "GROUNDS",
    "LAST_KEY",
    "LONG",
    "SHORT",
    "SITE",
    "CoverWatch",
    "Eye",
    "RunningStation",
    "free_port",
]


# From the first question to the last: first time here, the house rules that this brings, a woman of 31 to 59, poor and
# of an ethnic minority; then into the session.
ANSWERED, LAST_KEY = ("1", "Return", "3", "1", "3"), "Return"


class RunningStation(StationProcesses):
    """`kiosk run` in a home of its own. Use as a context manager; everything is ended afterwards."""

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
            before, found, after = self.log().partition("Traceback")
            assert not found, before[-1000:] + found + after[:3000]

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

    def wait_state(self, state: str, seconds: float = 20.0) -> None:
        """Wait until the station is in a state."""
        self.wait(lambda: self.status()["state"] == state, f"state {state}", seconds)

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
        """Press Enter on START, again if the screen was not ready for keys yet, as a person would; the question comes.

        Only what is seen is answered: the lock may hear of the question later than we.
        """
        start: list[int] = []

        def pressed() -> bool:
            nonlocal start
            if self.status()["state"] == "free":
                start = self.middle()
                self.key("Return")
                time.sleep(0.3)
            return bool(self.status()["state"] == "asking")

        self.wait(pressed, "START answers to Enter")
        self.wait(lambda: self.middle() != start, "the first question is seen")

    def sign_in(self) -> None:
        """From START into a session by keyboard, with an answer to every question."""
        self.begin()
        self.key(*ANSWERED, LAST_KEY)
        self.wait_open()

    def wait_open(self) -> None:
        """Until a session's desktop is seen."""
        self.wait_state("open")
        self.wait(lambda: not self.covered(), "the lock uncovers")

    # -- eyes

    def middle(self) -> list[int]:
        """The row of pixels across the middle of the screen."""
        with Eye(self.display) as eye:
            return eye.pixels(0, eye.height // 2, eye.width, 1)

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
