"""A real station and a real province: couriers killed at random, months away, a province that came back from a copy.

The station is its store, its nightly thread and its couriers (tests/sending_station.py), the province a process; the
seed is printed, KIOSK_TEST_SEED repeats it.
"""

import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sending_station import SITE, STATION, PlayClock, Sender
from store_support import reading

from kiosk.errors import KioskError
from kiosk.export import enrolment, formats
from kiosk.export.enrolment import Enrolled, card_of
from kiosk.export.sealed import CARD, unproved
from kiosk.export.signing import Key
from kiosk.province.backup.backup import make_backup
from kiosk.province.backup.restoring import restore
from kiosk.province.backup.verifying import verify_home
from kiosk.province.home import Home
from tests.collector_stage import ask, nobody
from tests.province_current import current
from tests.province_home import enrol, receiving
from tests.province_rounds import SEED, dice, rounds
from tests.small_province import Server

KILLS = rounds(6, 100)
pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(120 + 3 * KILLS)]
YESTERDAY = date.today() - timedelta(days=1)


@dataclass
class Stage:
    """The station, the province's server, and the key by which the station signs."""

    server: Server
    station: Sender
    key: Key

    @property
    def home(self) -> Home:
        return Home(self.server.home)

    def told(self) -> dict[str, int]:
        """Visits by day, as the province counts them. Nobody may serve meanwhile."""
        found: Counter[str] = Counter()
        with receiving(self.home) as receiver:
            for one in current(receiver.intake.ledger):
                bundle = formats.read(receiver.intake.archive.read(one.place).content)
                found[one.day] += bundle.day["visits"]
        return dict(found)

    def counted(self) -> dict[str, int]:
        """The same of the plain model; days without a visit are told too."""
        days = sorted(self.station.visits)
        first, last = date.fromisoformat(days[0]), YESTERDAY
        return {
            day: self.station.visits.get(day, 0)
            for day in (f"{first + timedelta(days=number)}" for number in range((last - first).days + 1))
        }


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    server = Server(tmp_path / "province")
    key = Key.make()
    enrol(Home(server.home), [(SITE, STATION, key)])
    server.start()
    clock = PlayClock(reading(f"{YESTERDAY}T23:40:00+07:00"))
    with Sender(tmp_path / "home", clock=clock) as station:
        join(station, server, key)
        yield Stage(server, station, key)
    assert server.end(signal.SIGTERM) == 0, server.says()
    said = server.says()
    server.close()
    assert "Traceback" not in said


def join(station: Sender, server: Server, key: Key) -> None:
    """As `kiosk enrol` leaves a home behind."""
    place = server.listen.split(":")
    sealed = ask((place[0], int(place[1])), "GET", "/v1/card", context=nobody()).body.decode()
    station.paths.enrolment.mkdir(parents=True, exist_ok=True)
    key.save(station.paths.enrolment / enrolment.KEY)
    card = card_of(unproved(sealed, CARD), sealed)
    enrolment.put(station.paths, Enrolled(SITE, STATION, key.id, "2026-10-01T02:00:00+00:00", "https", card))


def send(stage: Stage, within: float = 60.0) -> None:
    """Sends until nothing waits, as the service would, only sooner."""
    ends = time.monotonic() + within
    while stage.station.shown()["waiting_days"]:
        assert time.monotonic() < ends, stage.station.shown()
        with suppress(KioskError):
            stage.station.nightly.send()


def test_couriers_that_are_killed_at_any_moment_lose_nothing_and_nothing_is_counted_twice(stage: Stage) -> None:
    chance, station = dice("courier"), stage.station
    station.days(30)
    told: Counter[str] = Counter()
    while told["killed"] < KILLS and told.total() < 4 * KILLS:
        station.visit(f"{YESTERDAY - timedelta(days=chance.randrange(30))}", chance.randrange(1, 4))
        station.nightly.run()
        waiting = station.shown()["waiting_days"]
        sending = threading.Thread(target=lambda: _quietly(station))
        sending.start()
        told[_kill_a_courier(station, chance.uniform(0, 0.5))] += 1
        sending.join(60)
        left = station.shown()["waiting_days"]
        told["all confirmed" if not left else "some confirmed" if left != waiting else "nothing confirmed"] += 1
    send(stage)
    assert stage.server.end(signal.SIGTERM) == 0
    print(f"seed {SEED}: couriers: {dict(told)}")
    assert told["killed"] >= KILLS / 2
    assert stage.told() == stage.counted()
    assert verify_home(stage.home).good


def _quietly(station: Sender) -> None:
    with suppress(KioskError):
        station.nightly.send()


def _kill_a_courier(station: Sender, after: float) -> str:
    """Waits until one runs, then so long; whether it still ran."""
    running = station.nightly._way_up.errands._running
    ends = time.monotonic() + 10
    while not running and time.monotonic() < ends:
        time.sleep(0.001)
    if not running:
        return "none ran"
    [courier] = running
    time.sleep(after)
    if courier.poll() is not None:
        return "had ended"
    os.kill(courier.pid, signal.SIGKILL)
    return "killed"


@pytest.mark.parametrize("days", [30, 400])
def test_a_station_that_was_away_catches_up_to_exact_totals_though_the_collector_is_killed(
    stage: Stage, days: int
) -> None:
    chance, station = dice("away", days), stage.station
    station.days(days)
    assert len(station.visits) == days
    ended = threading.Event()

    def killing() -> None:
        while not ended.wait(chance.uniform(0.3, 1.5)) and stage.server.killed < 3:
            stage.server.kill()

    killer = threading.Thread(target=killing)
    killer.start()
    try:
        send(stage)
    finally:
        ended.set()
        killer.join(30)
    assert stage.server.end(signal.SIGTERM) == 0
    print(f"seed {SEED}: {days} days, collector killed {stage.server.killed} times")
    assert stage.told() == stage.counted() == station.visits and len(station.visits) == days
    assert verify_home(stage.home).good


def test_a_province_that_came_back_from_a_copy_is_sent_again_what_it_has_forgotten(
    stage: Stage, tmp_path: Path
) -> None:
    station, now = stage.station, datetime.now(timezone.utc)
    station.days(20)
    send(stage)
    backup = make_backup(stage.home, tmp_path / "to", now)  # while it serves
    for back in range(10):
        station.visit(f"{YESTERDAY - timedelta(days=back)}", 2)
    station.nightly.run()
    send(stage)
    assert stage.server.end(signal.SIGTERM) == 0
    assert stage.told() == stage.counted()
    shutil.rmtree(stage.home.path)
    restore(backup.path, stage.home.path, now, "Lan")
    forgotten = stage.told()
    assert sum(forgotten.values()) == sum(stage.counted().values()) - 20, "the control"
    stage.server.start()
    assert station.shown()["waiting_days"] == 0, "it does not know yet"
    station.visit(f"{YESTERDAY}")
    station.nightly.run()
    send(stage)
    send(stage)
    assert stage.server.end(signal.SIGTERM) == 0
    assert stage.told() == stage.counted()
    report = verify_home(stage.home)
    assert report.good
    print(json.dumps({"forgotten": 10, "records": report.records}))
