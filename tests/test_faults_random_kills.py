"""kill -9 at random moments of random processes over sign-in, extension, end, copy and export: nothing counted is lost.

KIOSK_TEST_KILLS says how many; the seed is printed, KIOSK_TEST_SEED repeats it.
"""

import gzip
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.service import client
from tests.kill_storm import Memory, Seen, Storm
from tests.running import RunningStation

KILLS = int(os.environ.get("KIOSK_TEST_KILLS", "40"))
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.root,
    pytest.mark.faults,
    pytest.mark.storm,
    pytest.mark.timeout(120 + KILLS * 4),
]

POLICY = """
[session]
minutes = 60
visit_min_seconds = 0
[idle]
ask_after_minutes = 60
"""
# Most of a session that may be lost, and may be charged too much (its end is seen from outside only).
LOST, TOO_MUCH = 10.0, 3.0
ROWS = """SELECT seconds, reason, extensions, visit, entry FROM
    (SELECT id, seconds, reason, extensions, visit, entry FROM sessions
     UNION ALL SELECT id, seconds, reason, extensions, visit, entry FROM undated_sessions) ORDER BY id"""
Row = tuple[int, str, int, int, str]


class Day:
    """What people do at one PC, while its processes are killed under them."""

    def __init__(self, station: RunningStation, memory: Memory, mixed: random.Random) -> None:
        self.station, self.memory, self.mixed = station, memory, mixed
        self.storm = Storm(station, mixed, Counter())
        self.answered: Counter[str] = Counter()  # what was asked, by how it was answered
        self.backups: list[Path] = []

    def ask(self, verb: str, **fields: object) -> object:
        """An order as a command gives it; None where it was not answered, which means nothing."""
        what = f"{verb} {fields.get('action', '')}".strip()
        try:
            answer = client.ask(self.station.paths, verb, timeout=20.0, **fields)
        except (KioskError, OSError):
            self.answered[f"{what}: not"] += 1
            return None
        self.answered[f"{what}: yes"] += 1
        return answer if answer is not None else True

    def settled(self) -> str:
        """Wait until one of each is there and the screen is as the state says; the state."""
        state, seen = "", ""

        def calm() -> bool:
            nonlocal state, seen
            found = self.station.status()
            state = str(found["state"])
            self.memory.note(found)
            if state == "asking":
                self.station.key("Escape")
            wanted = {"lock": 1, "service": 1, "supervisor": 1, "bar": int(state == "open")}
            living = {role: len(self.station.living(role)) for role in wanted}
            seen = f"{living}, {state}, covered {self.station.covered()}, supervisor {found['supervisor_here']}"
            covers = state == "free" and self.station.covered()
            shows = state == "open" and self.station.token() is not None and not self.station.covered()
            return living == wanted and bool(found["supervisor_here"]) and (covers or shows)

        try:
            self.station.wait(calm, "one of each, and the screen as it should be", 40)
        except AssertionError:
            print(f"never settled: {seen}")
            raise
        return state

    def visit(self) -> None:
        """One person: sign-in, perhaps more minutes, the end; under storms."""
        keyboard, short = self.mixed.random() < 0.3, self.mixed.random() < 0.25
        before = set(self.memory.seen)
        if keyboard:
            self.station.begin()
            self.station.key("1", "3", "1", "3")
            with self.storm():
                self.station.key("Return")
        else:
            with self.storm():
                self.ask("session", action="start", **({"minutes": 0.2} if short else {}))
        if self.settled() == "open":
            for session in set(self.memory.seen) - before:
                self.memory.seen[session].answered = keyboard
            if keyboard or not short:
                self.use()
            self.end(wait=short and not keyboard)

    def use(self) -> None:
        """While it is open: more minutes, a copy, a bundle."""
        with self.storm(seconds=0.8):
            match self.mixed.choice(("extend", "backup", "export", "nothing")):
                case "extend":
                    self.ask("session", action="extend", minutes=15)
                case "backup":
                    path = self.ask("backup", to=str(self.station.paths.outbox))
                    self.backups += [Path(str(path))] if path else []
                case "export":
                    self.ask("export", action="run", day=f"{datetime.now(timezone(timedelta(hours=7))):%Y-%m-%d}")
        self.settled()

    def end(self, wait: bool) -> None:
        """Its time runs out, or a manager ends it; asked again as often as it takes."""
        for storm in (True, False, False):
            if self.station.status()["state"] != "open":
                break
            if wait:
                left = float(self.station.status()["seconds_left"] or 0)
                time.sleep(max(0.0, left - 0.6))
                with self.storm():
                    time.sleep(1.5)
            elif storm:
                with self.storm():
                    self.ask("session", action="finish")
            else:
                self.ask("session", action="finish")
            if self.settled() == "free":
                return


def test_nothing_acknowledged_is_lost_or_counted_twice(home: Path, xvfb: Callable[..., str]) -> None:
    print(f"\nseed {SEED}, {KILLS} kills")
    station = RunningStation(home, xvfb(), POLICY)
    with station, Memory(station) as memory:
        day = Day(station, memory, random.Random(SEED))
        while day.storm.killed.total() < KILLS:
            day.visit()
        assert day.settled() == "free"
    rows: list[Row] = station.rows(ROWS)  # type: ignore[assignment]
    seen = list(memory.seen.values())
    print(f"killed {dict(day.storm.killed)}; asked {dict(day.answered)}; {len(seen)} sessions seen, {len(rows)} kept")
    assert day.storm.killed.total() >= KILLS and len(seen) >= KILLS / 12
    for row in rows:
        print(row)
    for one in seen:
        print(one, round(one.expected(), 1))
    unseen = _compare(rows, seen)
    assert unseen <= day.answered["session start: not"] + sum(one.answered for one in seen)
    assert len(rows) >= day.answered["session start: yes"]
    _totals(station, rows, seen)
    _copies(station, day.backups)


def _compare(rows: list[Row], seen: list[Seen]) -> int:
    """Every session seen is there once, in order, with its minutes; how many rows nobody saw (they never opened)."""
    left, unseen, lost = list(seen), 0, [0.0]
    for seconds, reason, extensions, visit, _entry in rows:
        assert visit == 1
        if left and _fits(seconds, extensions, left[0]) and not (reason == "fault" and left[0].charged > 3):
            one = left.pop(0)
            lost.append(one.expected() - seconds)
            assert reason in ("manager", "time_up") or (reason == "fault" and one.charged <= 3), (reason, one)
        else:
            unseen += 1
            assert (reason, extensions) == ("fault", 0) and seconds <= 1, f"nobody saw {(seconds, reason)}, {left[:1]}"
    assert left == [], f"lost: {left}"
    print(f"minutes: at most {max(lost):.1f} s lost, {max(0.0, -min(lost)):.1f} s too much; {unseen} never opened")
    return unseen


def _fits(seconds: float, extensions: int, one: Seen) -> bool:
    return -TOO_MUCH <= one.expected() - seconds <= LOST and extensions == int(one.granted > one.granted_first)


def _totals(station: RunningStation, rows: list[Row], seen: list[Seen]) -> None:
    """Totals, tallies and the day's bundle say what the model says; nothing is left half done."""
    assert station.rows("SELECT count(*) FROM live") == [(0,)]
    assert station.rows("PRAGMA quick_check") == [("ok",)]
    women = station.rows("SELECT coalesce(sum(visits), 0) FROM tallies WHERE table_name LIKE 'SEX:%' AND side = 'yes'")
    by_keyboard = [row for row in rows if row[4] == "citizen"]
    assert women == [(len(by_keyboard),)] and len(by_keyboard) >= sum(one.answered for one in seen)
    if station.rows("SELECT count(*) FROM undated_sessions") != [(0,)]:
        return  # this machine's date cannot be trusted: nothing is dated yet, and no bundle is due
    totals = dict(station.rows("SELECT code, sum(count) FROM day_totals GROUP BY code"))
    assert (totals["visits"], totals["seconds"]) == (len(rows), sum(row[0] for row in rows))
    if len(station.rows("SELECT DISTINCT day FROM sessions")) > 1:
        return  # midnight came in between
    ((today,),) = station.rows("SELECT DISTINCT day FROM sessions")
    assert station.kiosk("export", "run", "--day", today).returncode == 0
    ((name, revision),) = station.rows("SELECT name, max(revision) FROM bundles")
    lines = gzip.decompress((station.paths.outbox / name).read_bytes()).decode().splitlines()
    (counted,) = [line for line in map(json.loads, lines) if line["kind"] == "day"]
    assert (counted["visits"], counted["seconds"]) == (len(rows), sum(row[0] for row in rows)), revision


def _copies(station: RunningStation, backups: list[Path]) -> None:
    """Every backup that was acknowledged is whole, and no half one is left beside it."""
    for path in backups:
        answer = station.kiosk("restore", str(path))
        assert "damaged" not in answer.stdout + answer.stderr, answer.stderr
    assert all(path.stat().st_size > 0 for path in backups)
