"""kill -9 of a station at random moments while it counts, makes and sends: the same totals there, and nothing twice.

KIOSK_TEST_KILLS by scripts/test --faults makes it 100; the seed is printed, KIOSK_TEST_SEED repeats it.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from province_rounds import SEED, dice, rounds
from receiver import Receiver, receiving
from sending_station import Sender
from store_support import environment

from kiosk.export.formats import read
from kiosk.settings import Paths

KILLS = rounds(6, 100)
pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(60 + 8 * KILLS)]
CHILD = Path(__file__).with_name("sending_child.py")


class Life:
    """One life of the process, its lines read as they come."""

    def __init__(self, home: Path, start: str, seed: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), home, start, seed], stdout=subprocess.PIPE, text=True, env=environment()
        )
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def goes_on(self, lines: int) -> None:
        """Waits until it has said so much more."""
        wanted, ends = len(self.lines) + lines, time.monotonic() + 60
        while len(self.lines) < wanted and time.monotonic() < ends:
            time.sleep(0.005)
        assert len(self.lines) >= wanted, "it lives"

    def couriers(self) -> list[psutil.Process]:
        """What it has started."""
        try:
            return psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> list[str]:
        """All it had said when it died."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self._thread.join(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.lines


def check(theirs: Receiver) -> None:
    """No number of a series stands under two texts, no revision of a day under two."""
    numbers, revisions = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for content in theirs.bundles.values():
        manifest = read(content).manifest
        numbers[manifest.epoch, manifest.sequence] += 1
        revisions[manifest.day, manifest.revision] += 1
    assert set(numbers.values()) | set(revisions.values()) <= {1}


def test_a_station_killed_at_any_moment_tells_everything_once(tmp_path: Path) -> None:
    thrown = dice("sending")
    print(f"seed {SEED}, {KILLS} kills")
    home, start, counted, kinds = tmp_path / "home", "2026-11-01T23:40:00+07:00", Counter[str](), Counter[str]()
    with receiving(tmp_path / "province") as theirs:
        theirs.enrol(Paths(home))
        while kinds.total() < KILLS:
            theirs.lose = thrown.choice([0, 0, 1])
            life = Life(home, start, f"{SEED}/{kinds.total()}")
            for _turn in range(thrown.randint(1, 4)):
                life.goes_on(thrown.randint(1, 3))
                time.sleep(thrown.uniform(0, 0.5))
                for courier in life.couriers()[:1]:
                    os.kill(courier.pid, signal.SIGKILL)
                    kinds["courier"] += 1
            time.sleep(thrown.uniform(0, 0.3))
            lines = life.kill()
            kinds["station"] += 1
            counted.update(line.split()[1] for line in lines if line.startswith("counted"))
            start = next((line.split()[1] for line in reversed(lines) if line.startswith("now")), start)
            check(theirs)
        theirs.lose = 0
        with Sender(home) as station:
            station.clock.now = type(station.clock.now)(
                9e6, "last boot", station.clock.now.wall.fromisoformat(start), True
            )
            station.clock.passes(hours=48)
            station.nightly.run()
            station.nightly.send()
            assert station.shown()["waiting_days"] == 0
            rows = station.store.run(
                lambda db: db.execute("SELECT day, count FROM day_totals WHERE code = 'visits'").fetchall()
            )
        check(theirs)
        told = {day: visits for day, visits in theirs.visits().items() if visits}
        print(f"{dict(kinds)}, {len(theirs.bundles)} bundles, {len(theirs.visits())} days, {sum(told.values())} visits")
        assert told == dict(rows), "the province has what the station has"
        for day, visits in counted.items():
            assert visits <= told[day], "whatever was acknowledged is there"
        assert sum(told.values()) <= sum(counted.values()) + KILLS, "and nothing twice: at most one a kill more"
