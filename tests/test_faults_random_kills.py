"""kill -9 at random moments of random processes over sign-in, extension, end, copy and export: nothing counted is lost,
and the screen, seen all the time by another process, is covered again whenever no session is open.

(Folding, copies and the catching up of bundles are killed in test_faults_keeping.py.)

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
from tests.kill_judge import judge_cover
from tests.kill_storm import Memory, Row, Seen, Storm, Visit, kept
from tests.running import ANSWERED, LAST_KEY, RunningStation
from tests.screen_watch import ScreenWatch

KILLS = int(os.environ.get("KIOSK_TEST_KILLS", "25"))
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.root,
    pytest.mark.faults,
    pytest.mark.timeout(120 + KILLS * 4),
]

POLICY = """
[session]
minutes = 60
visit_min_seconds = 0
[idle]
ask_after_minutes = 60
"""
MANY = 100  # blows, among which somebody gets in by keyboard
# Most of a session that may be lost, and may be charged too much (its end is seen from outside only).
LOST, TOO_MUCH = 10.0, 3.0


class Day:
    """What people do at one PC, while its processes are killed under them."""

    def __init__(self, station: RunningStation, memory: Memory, mixed: random.Random) -> None:
        self.station, self.memory, self.mixed = station, memory, mixed
        self.storm = Storm(station, mixed, Counter())
        self.answered: Counter[str] = Counter()  # what was asked, by how it was answered
        self.backups: list[Path] = []
        self.visits: list[Visit] = []
        self.kept = kept(station.paths.store)

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
            asked = time.monotonic()
            found = self.station.status()
            state = str(found["state"])
            self.memory.note(found, asked)
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
        """One person: sign-in, perhaps more minutes, the end; under storms. Then the file tells what came of it."""
        keyboard, short = self.mixed.random() < 0.3, self.mixed.random() < 0.25
        before, one = set(self.memory.seen), Visit(keyboard, time.monotonic())
        self.visits.append(one)
        if keyboard:
            self.station.begin()
            self.station.key(*ANSWERED)
            with self.storm():
                self.station.key(LAST_KEY)
        else:
            with self.storm():
                one.acknowledged = (
                    self.ask("session", action="start", **({"minutes": 0.2} if short else {})) is not None
                )
                self.follow(one)
        if self.settled() == "open":
            self.follow(one)
            if keyboard or not short:
                self.use(one)
            self.end(wait=short and not keyboard)
        self.close(one, before)

    def follow(self, one: Visit) -> None:
        """The id of the session that runs, from the file itself. Acknowledged means: it runs, or it is counted."""
        now = kept(self.station.paths.store)
        one.ids |= {now.running} if now.running else set()
        if one.acknowledged:
            assert now.running or now.rows.total() == self.kept.rows.total() + 1, (
                "acknowledged, and neither runs nor is kept"
            )

    def close(self, one: Visit, before: set[str]) -> None:
        """Nobody sits there any more: exactly the rows that this visit must have left have come, and none has gone."""
        now, one.ended = kept(self.station.paths.store), time.monotonic()
        one.ids |= set(self.memory.seen) - before
        gone, one.rows, self.kept = self.kept.rows - now.rows, now.rows - self.kept.rows, now
        least, most = one.rows_expected()
        assert now.running is None and not gone, f"still running {now.running}, gone {gone}"
        assert len(one.ids) <= 1, f"one START, several sessions: {one}"
        assert least <= one.rows.total() <= most, f"{'lost' if one.rows.total() < least else 'doubled'}: {one}"

    def use(self, one: Visit) -> None:
        """While it is open: more minutes, a copy, a bundle."""
        with self.storm(seconds=0.8):
            match self.mixed.choice(("extend", "backup", "export", "nothing")):
                case "extend":
                    one.more_asked += 1
                    one.more_acknowledged += self.ask("session", action="extend", minutes=15) is not None
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
    with station:
        # The eye is a process of its own: nothing that this one is busy with makes it blink.
        with ScreenWatch(station.display, home.parent / "seen") as watch, Memory(station) as memory:
            day = Day(station, memory, random.Random(SEED))
            while day.storm.killed.total() < KILLS:
                day.visit()
            assert day.settled() == "free"
    seen, visits = memory.seen, day.visits
    for one in visits:
        print(one)
    rows = [row for one in visits for row in one.rows.elements()]
    unanswered = sum(not one.acknowledged for one in visits)
    killed = day.storm.killed.total()
    print(f"killed {killed} of {KILLS}: {dict(day.storm.killed)}; asked {dict(day.answered)}")
    judge_cover(watch.samples, memory.shut, day.storm.blows)
    print(f"{len(visits)} STARTs, {unanswered} not acknowledged, {len(seen)} sessions seen, {len(rows)} kept")
    assert killed >= KILLS > 0 and len(seen) >= killed / 12
    assert killed < MANY or any(one.keyboard and one.rows for one in visits), "nobody got in by keyboard"
    assert sum(len(one.ids) for one in visits) == len(set().union(*(one.ids for one in visits)))
    assert set(seen) <= set().union(*(one.ids for one in visits))
    _minutes(visits, seen)
    _totals(station, rows, sum(one.keyboard for one in visits if one.ids & set(seen)))
    _copies(station, day.backups)


def _minutes(visits: list[Visit], seen: dict[str, Seen]) -> None:
    """Each session has the minutes and the extensions that were seen; one that nobody saw never really opened."""
    lost = [0.0]
    for one in visits:
        for seconds, reason, extensions, visit, entry in one.rows.elements():
            assert (visit, entry) == (1, "citizen" if one.keyboard else "staff"), one
            assert one.more_acknowledged <= extensions <= one.more_asked, one
            looked = [seen[each] for each in one.ids if each in seen]
            if not looked:
                assert reason == "fault" and seconds <= min(TOO_MUCH, one.ended - one.began), f"nobody saw {one}"
                continue
            expected = looked[0].expected()
            # What broke off under it, with its supervisor dead too, was charged to its last heartbeat.
            assert reason in ("manager", "time_up") or (reason == "fault" and expected <= LOST), (one, looked)
            assert seconds <= one.ended - one.began + 1, f"more than passed: {one}"
            assert -TOO_MUCH <= expected - seconds <= LOST, (one, looked)
            lost.append(expected - seconds)
    print(f"minutes: at most {max(lost):.1f} s lost, {max(0.0, -min(lost)):.1f} s too much in {len(lost) - 1} sessions")


def _totals(station: RunningStation, rows: list[Row], answered: int) -> None:
    """Totals, tallies and the day's bundle say what the model says; nothing is left half done."""
    assert station.rows("SELECT count(*) FROM live") == [(0,)]
    assert station.rows("PRAGMA quick_check") == [("ok",)]
    women = station.rows("SELECT coalesce(sum(visits), 0) FROM tallies WHERE table_name LIKE 'SEX:%' AND side = 'yes'")
    by_keyboard = [row for row in rows if row[4] == "citizen"]
    assert women == [(len(by_keyboard),)] and len(by_keyboard) >= answered
    if station.rows("SELECT count(*) FROM undated_sessions") != [(0,)]:
        return  # this machine's date cannot be trusted: nothing is dated yet, and no bundle is due
    kept_rows = station.rows("SELECT seconds, reason, extensions, visit, entry FROM sessions")
    assert Counter(kept_rows) == Counter(rows)
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
