"""kill -9 of the collector under load, and of the lake's build, at random moments: nothing receipted is ever lost.

KIOSK_TEST_KILLS by scripts/test --faults makes it 100 of each; the seed is printed, KIOSK_TEST_SEED repeats it.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path

import pytest

from kiosk.export.receipts import marks_in, receipt_in
from kiosk.export.signing import Key
from kiosk.province.backup.verifying import verify_home
from kiosk.province.backup.verifying_lake import verify_lake
from kiosk.province.home import Home
from kiosk.province.lake import lake
from kiosk.province.lake.editions import Editions
from tests.collector_stage import Collector, serving, small_world
from tests.province_home import NOW, agrees, new_home, receiving
from tests.province_lake import figures_agree, lake_hash
from tests.province_model import Model
from tests.province_rounds import SEED, STARTING, dice, rounds
from tests.province_world import Made, Troubles

KILLS = rounds(6, 100)
pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(60 + 6 * KILLS)]


class Sender(threading.Thread):
    """A PC that sends all it has, over and over, whoever is killed, and believes signed receipts only."""

    def __init__(self, collector: Collector, own: list[Made], public: bytes, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.collector, self.own, self.public, self.ended = collector, own, public, ended
        self.dice = random.Random(f"{SEED}/{own[0].site}/{own[0].station}")
        self.proved: set[str] = set()
        self.receipts: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                begin = 0
                while begin < len(self.own) and not self.ended.is_set():
                    count = self.dice.choice([1, 1, 2, 5])
                    begin += count if self._send(self.own[begin : begin + count]) else 0
        except BaseException as error:
            self.wrong.append(repr(error))
            raise

    def _send(self, some: list[Made]) -> bool:
        """Whether it was receipted. Nothing else than a whole 200 is believed."""
        try:
            said = self.collector.put([made.signed for made in some])
        except (OSError, HTTPException):
            self.counts["no answer"] += 1
            time.sleep(0.1)
            return False
        if said.status in (429, 503):
            self.counts["busy"] += 1
            time.sleep(0.05)
            return False
        assert said.status == 200, said
        asked = tuple(made.sha256 for made in some)
        told = [receipt_in(self.public, text) for text in said.told["receipts"]]
        assert {name for one in told for name in one.stored} >= set(asked) and not any(one.refused for one in told)
        marks = marks_in(self.public, said.told["marks"])
        assert (marks.site, marks.station) == (some[0].site, some[0].station)
        again = self.receipts.setdefault(asked, tuple(said.told["receipts"]))
        assert again == tuple(said.told["receipts"]), "the same bytes, the same receipts, whoever was killed in between"
        self.proved.update(asked)
        self.counts["receipted"] += 1
        return True


def test_a_collector_that_is_killed_under_load_loses_nothing_that_it_receipted(tmp_path: Path) -> None:
    chance = dice("collector")
    world = small_world(SEED, sites=2, stations=2, days=300, troubles=Troubles(revised=0.05))
    home = new_home(tmp_path / "home", world.keys)
    public, ended = Key.load(home.key).public, threading.Event()
    with serving(home.path, "--quiet", "0.3") as collector:
        assert collector.authority  # asked once: the card does not change
        pcs = sorted({(made.site, made.station) for made in world.bundles})
        own = [[made for made in world.bundles if (made.site, made.station) == who] for who in pcs]
        senders = [Sender(collector, bundles, public, ended) for bundles in own]
        for sender in senders:
            sender.start()
        proved = list[int]()
        for _kill in range(KILLS):
            time.sleep(chance.expovariate(4.0))
            assert collector.stop(signal.SIGKILL) == -signal.SIGKILL
            proved.append(sum(len(sender.proved) for sender in senders))
            collector.start()
        deadline = time.monotonic() + 120
        while any(len(sender.proved) < len(sender.own) for sender in senders) and time.monotonic() < deadline:
            time.sleep(0.1)
        ended.set()
        for sender in senders:
            sender.join(30)
        assert [sender.wrong for sender in senders if sender.wrong] == []
        assert collector.stop() == 0
    counts = sum((sender.counts for sender in senders), Counter[str]())
    print(f"seed {SEED}: {KILLS} kills, {len(world.bundles)} bundles, {dict(counts)}; proved at the kills: {proved}")
    model = Model()
    for made in world.bundles:
        model.take(made)
    assert {name for sender in senders for name in sender.proved} == set(model.known)
    report = verify_home(home)
    assert report.good and report.records == len(world.bundles), report
    with receiving(home) as receiver:
        agrees(receiver, model)
    lake_hash(home)
    figures_agree(home, model)


def _build(path: str) -> None:
    os.setpriority(os.PRIO_PROCESS, 0, 0)
    lake.build(Home(Path(path)), NOW)


def test_a_build_of_the_lake_that_is_killed_shows_nobody_half_a_lake(tmp_path: Path) -> None:
    chance = dice("lake")
    world = small_world(SEED + 1, sites=2, stations=2, days=50, troubles=Troubles(revised=0.2))
    home, model = new_home(tmp_path / "home", world.keys), Model()
    count = KILLS * 3 // 2
    steps = [world.bundles[begin::count] for begin in range(count)]
    began = time.monotonic()
    _in(home, None)
    longest, told = time.monotonic() - began, Counter[str]()
    shown = _shown(home)
    for number, some in enumerate(steps):
        if told["killed"] == KILLS:
            break
        with receiving(home) as receiver:
            assert receiver.send(some, many=500) == [model.take(made) for made in some]
        before, begun = shown, time.monotonic()
        killed = _in(home, None if number % 5 == 4 else chance.uniform(0, 1.1 * longest))  # every fifth may end
        shown = _shown(home)
        if not killed:
            longest = max(0.02, time.monotonic() - begun)
            figures_agree(home, model)
        told["killed" if killed else "ended"] += 1
        told["killed, published" if killed and shown != before else ""] += 1
        left = [path.name for path in (home.lake / "editions").iterdir() if path.name.startswith(".")]
        told["killed, something left beside"] += bool(left and killed)
        if number % 25 == 9:
            whole = verify_home(home)
            verify_lake(home, whole, NOW)
            assert whole.good, whole
    del told[""]
    print(f"seed {SEED}: builds: {dict(told)}")
    assert told["killed"] > KILLS / 2
    same = lake_hash(home)
    figures_agree(home, model)
    assert not [path for path in (home.lake / "editions").iterdir() if path.name.startswith(".")]
    assert lake_hash(home, everything=True) == same


def _in(home: Home, after: float | None) -> bool:
    """Builds in a process of its own; whether it was killed."""
    process = STARTING.Process(target=_build, args=(str(home.path),))
    process.start()
    if after is not None:
        process.join(after)
        process.kill()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return bool(process.exitcode)


def _shown(home: Home) -> int:
    """The edition that readers see; every file of it is as it was made."""
    edition = Editions(home.lake).current()
    assert edition is not None and all(edition.is_whole(name, thoroughly=True) for name in edition.about.files)
    return edition.number
