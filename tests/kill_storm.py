"""For the test of random kills: what kills, what remembers, and what looks into the file.

The memory asks only what anybody may ask: `status`. That is a poll, so a session that opens and breaks off between two
answers is not in it; whether one was recorded is therefore never judged by it, but by `kept`, which reads the bytes
that the service has committed, after every visit.
"""

import os
import random
import shutil
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.service import client
from tests.running import RunningStation
from tests.victims import MEANT, strike

# What is ordered under a storm takes some milliseconds: so near to its beginning every other blow is meant to fall.
NEAR = 0.06


Blow = tuple[float, str]  # when, and what was killed


class Storm:
    """Kills `most` processes at random moments within `seconds`, while the test does something else."""

    def __init__(self, station: RunningStation, mixed: random.Random, killed: Counter[str]) -> None:
        self._station, self._mixed, self.killed = station, mixed, killed
        self.blows: list[Blow] = []

    def __call__(self, most: int = 5, seconds: float = 1.2) -> "Storm":
        count = self._mixed.randint(1, most)
        plan = sorted(self._mixed.uniform(0.0, self._mixed.choice((NEAR, seconds))) for _ in range(count))
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
                blow = time.monotonic(), role
                self._station.kill(role)
                time.sleep(away)
                self._station.start()  # as systemd does
            elif (found := strike(self._station, role, self._mixed)) is not None:
                blow = found
            else:
                continue
            self.killed[blow[1]] += 1
            self.blows.append(blow)


Row = tuple[int, str, int, int, str]  # seconds, reason, extensions, visit, entry


@dataclass(frozen=True)
class Kept:
    """What the store holds at one moment: its sessions, and the id of the one that runs."""

    rows: Counter[Row]
    running: str | None


def kept(store: Path) -> Kept:
    """What is committed in the store of a running station: its bytes are copied, for the file itself is locked.

    A copy that met a checkpoint half way is made again. What SQLite reads from a log ends at the last whole commit.
    """
    for _try in range(50):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "kiosk.db")
            try:
                before = _stamps(store)
                for end in ("", "-wal"):
                    shutil.copyfile(f"{store}{end}", f"{copy}{end}")
                if before != _stamps(store):
                    continue
                return _read(copy)
            except (OSError, sqlite3.DatabaseError):
                pass
        time.sleep(0.05)
    raise AssertionError("the store was never at rest")


def _stamps(store: Path) -> list[tuple[int, int]]:
    found = [os.stat(f"{store}{end}") for end in ("", "-wal")]
    return [(one.st_mtime_ns, one.st_size) for one in found]


def _read(copy: Path) -> Kept:
    database = sqlite3.connect(copy)
    try:
        if database.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("copied in the middle of a checkpoint")
        wanted = "seconds, reason, extensions, visit, entry"
        rows = database.execute(f"SELECT {wanted} FROM sessions UNION ALL SELECT {wanted} FROM undated_sessions")
        running = database.execute("SELECT session FROM live").fetchone()
        return Kept(Counter(rows.fetchall()), running[0] if running else None)
    finally:
        database.close()


@dataclass
class Visit:
    """One START as the test knows it: what was asked, what was acknowledged, which sessions were met under it.

    `acknowledged`: the service has said that the session is kept, so exactly one row must come of it.
    """

    keyboard: bool
    began: float
    acknowledged: bool = False
    ids: set[str] = field(default_factory=set)
    more_asked: int = 0
    more_acknowledged: int = 0
    ended: float = 0.0
    rows: Counter[Row] = field(default_factory=Counter)

    def rows_expected(self) -> tuple[int, int]:
        """At least and at most so many rows."""
        return int(self.acknowledged or bool(self.ids)), 1


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

    def expected(self) -> float:
        """What it should be charged when it ended as it was last seen.

        A service that comes back charges the time since the heartbeat, also where the programs were not there yet: so
        never less than what the station itself has said.
        """
        return min(self.granted, max(self.charged, self.charged_then + self.last - self.began))


class Memory:
    """The plain model: every session that `status` has ever shown as open, in order.

    `shut`: the stretches in which each answer said that no session is open, so that the screen must be covered.
    """

    def __init__(self, station: RunningStation) -> None:
        self._station, self._running = station, True
        self.seen: dict[str, Seen] = {}
        self.shut: list[tuple[float, float]] = []
        self._is_shut, self._noted = False, 0.0
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
            asked = time.monotonic()
            try:
                state = client.ask(self._station.paths, "status", timeout=2.0)
            except (KioskError, OSError):
                continue
            self.note(state, asked)

    def _note_shut(self, shut: bool, asked: float) -> None:
        """An answer is true of some moment since it was asked for; of two that cross the later one does not count."""
        with self._lock:
            if asked < self._noted:
                return
            self._noted = time.monotonic()
            if shut and self._is_shut:
                self.shut[-1] = self.shut[-1][0], asked
            elif shut:
                self.shut.append((self._noted, self._noted))
            self._is_shut = shut

    def note(self, state: dict[str, Any], asked: float) -> None:
        """Remember what one answer of `status` says."""
        self._note_shut(state["state"] != "open", asked)
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
