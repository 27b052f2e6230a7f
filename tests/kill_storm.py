"""For the test of random kills: what kills, and what remembers. The memory asks only what anybody may ask: `status`."""

import os
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from kiosk.errors import KioskError
from kiosk.service import client
from tests.running import RunningStation

# How often each is meant, against the others.
MEANT = {"service": 5, "supervisor": 3, "lock": 3, "bar": 2, "wm": 1, "browser": 1}


class Storm:
    """Kills `most` processes at random moments within `seconds`, while the test does something else."""

    def __init__(self, station: RunningStation, mixed: random.Random, killed: Counter[str]) -> None:
        self._station, self._mixed, self.killed = station, mixed, killed

    def __call__(self, most: int = 3, seconds: float = 1.2) -> "Storm":
        plan = sorted(self._mixed.uniform(0.0, seconds) for _ in range(self._mixed.randint(1, most)))
        roles = self._mixed.choices(list(MEANT), list(MEANT.values()), k=len(plan))
        away = [self._mixed.choice((0.0, 0.1, 0.6)) for _ in plan]
        self._thread = threading.Thread(target=self._blow, args=(list(zip(plan, roles, away, strict=True)),))
        return self

    def __enter__(self) -> "Storm":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.join()

    def _blow(self, plan: list[tuple[float, str, float]]) -> None:
        began = time.monotonic()
        for moment, role, away in plan:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            if role == "supervisor":
                self._station.kill(role)
                time.sleep(away)
                self._station.start()  # as systemd does
            elif not self._kill(role):
                continue
            self.killed[role] += 1

    def _kill(self, role: str) -> bool:
        pids = self._station.pids(role) if role in ("wm", "browser") else self._station.living(role)
        try:
            os.kill(pids[-1], signal.SIGKILL)
        except (IndexError, ProcessLookupError):
            return False
        return True


@dataclass
class Seen:
    """One session as it was seen from outside. Moments are monotonic, charges in seconds."""

    session: str
    began: float
    charged_then: float
    granted_first: float
    granted: float
    charged: float
    last: float
    answered: bool = False

    def expected(self) -> float:
        """What it should be charged when it ended as it was last seen."""
        return min(self.granted, self.charged_then + self.last - self.began)


class Memory:
    """The plain model: every session that `status` has ever shown as open, in order."""

    def __init__(self, station: RunningStation) -> None:
        self._station, self._running = station, True
        self.seen: dict[str, Seen] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._running = False
        self._thread.join()

    def _look(self) -> None:
        while self._running:
            time.sleep(0.03)
            try:
                state = client.ask(self._station.paths, "status", timeout=2.0)
            except (KioskError, OSError):
                continue
            self.note(state)

    def note(self, state: dict[str, Any]) -> None:
        """Remember what one answer of `status` says."""
        if state["state"] != "open":
            return
        session, granted, now = state["session"], float(state["granted"]), time.monotonic()
        charged = granted - float(state["seconds_left"])
        with self._lock:
            one = self.seen.get(session)
            if one is None:
                one = self.seen[session] = Seen(session, now, charged, granted, granted, charged, now)
            if state["cover"] and charged == 0.0:
                one.began = now  # nothing is charged before its programs are there
            one.granted, one.charged, one.last = granted, charged, now
