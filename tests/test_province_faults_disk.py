"""A disk that fails under the province: errors at any write or sync, no room, power cuts that lose what was not synced.

A receipt is given for what is on the disk and for nothing else; once the disk is well the same process goes on. The
disk is tests/fuse_disk.py; the seed is printed, KIOSK_TEST_SEED repeats it.
"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import KioskError
from kiosk.export.batch import Signed
from kiosk.export.receipts import receipt_in
from kiosk.export.signing import Key
from kiosk.province import home as homes
from kiosk.province.backup.verifying import verify_home
from kiosk.province.home import Home
from kiosk.province.intake.intake import Intake
from kiosk.province.lake import lake
from kiosk.province.lake.editions import Editions
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from tests.collector_stage import serving, small_world
from tests.fuse_disk import Disk, fuse_disk
from tests.province_home import NOW, agrees, new_home, receiving
from tests.province_lake import figures_agree, lake_hash
from tests.province_model import Model
from tests.province_rounds import SEED, STARTING, dice, rounds
from tests.province_world import Made, Troubles, World

ROUNDS = rounds(8, 40)
pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.fuse, pytest.mark.faults,
              pytest.mark.timeout(120 + 3 * ROUNDS)]  # fmt: skip
SEGMENT = 20_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with fuse_disk(tmp_path / "disk") as made:
        yield made


def _be_a_province(path: str, line: Connection) -> None:
    """Takes what it is told to and answers with the receipts, or with the error's exit code."""
    home = Home(Path(path))
    try:
        with homes.the_one(home):
            intake = Intake(home, Ledger(home), Archive(home, SEGMENT), Key.load(home.key))
            line.send("ready")
            while True:
                bundles = line.recv()
                try:
                    line.send(intake.take([Signed(*one) for one in bundles], NOW).receipts)
                except KioskError as error:
                    line.send(error.exit_code)
    except KioskError as error:
        line.send(error.exit_code)
    except EOFError:
        intake.close()


@dataclass
class Province:
    """A home on a failing disk, and the process that takes bundles into it."""

    home: Home
    public: bytes
    proved: set[str] = field(default_factory=set)
    process: Any = None
    line: Any = None

    def start(self) -> object:
        """Begin; `ready`, or the exit code with which it could not."""
        self.line, theirs = STARTING.Pipe()
        self.process = STARTING.Process(target=_be_a_province, args=(str(self.home.path), theirs), daemon=True)
        self.process.start()
        theirs.close()
        return self.line.recv()

    def take(self, some: list[Made]) -> bool:
        """Whether it gave receipts; only those are believed."""
        self.line.send([(made.signed.key, made.signed.signature, made.signed.content) for made in some])
        told = self.line.recv()
        if not isinstance(told, list):
            assert told in (1, 5), told
            return False
        stored = {name for text in told for name in receipt_in(self.public, text).stored}
        assert stored >= {made.sha256 for made in some}
        self.proved |= {made.sha256 for made in some}
        return True

    def kill(self) -> None:
        """As a power cut does."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(10)
        self.line.close()

    def end(self) -> None:
        """As it should."""
        self.line.close()
        self.process.join(20)
        assert self.process.exitcode == 0


@contextmanager
def province(disk: Disk, world: World) -> Iterator[Province]:
    """Made while the disk is well."""
    home = new_home(disk.folder / "home", world.keys)
    made = Province(home, Key.load(home.key).public)
    assert made.start() == "ready"
    try:
        yield made
    finally:
        if made.process.is_alive():
            made.kill()


def _holds_all(province: Province, world: World) -> None:
    """Everything that was ever receipted is there, whole, and counted once."""
    model = Model()
    for made in world.bundles:
        model.take(made)
    report = verify_home(province.home)
    assert report.good and report.records == len(world.bundles), report
    with receiving(province.home) as receiver:
        agrees(receiver, model)
    lake_hash(province.home)
    figures_agree(province.home, model)


def test_a_disk_that_fails_at_any_moment_costs_no_receipted_byte_and_the_same_process_goes_on(disk: Disk) -> None:
    chance, told = dice("disk"), Counter[str]()
    world = small_world(SEED, sites=2, stations=2, days=max(40, 2 * ROUNDS), troubles=Troubles(revised=0.1))
    with province(disk, world) as here:
        left, failed = list(world.bundles), disk.say("well")["failed"]
        while left:
            order = chance.choice(["fail write EIO", "fail fsync EIO", "fail write ENOSPC", "room"])
            disk.say("room 1" if order == "room" else f"{order} {chance.randrange(1, 9)}")
            for _body in range(chance.randrange(1, 5)):
                some = left[: chance.choice([1, 3, 8])]
                if here.take(some):
                    del left[: len(some)]
                    told["taken"] += 1
                else:
                    told["refused"] += 1
            now = disk.say("well")["failed"]
            told[f"{order}: failed" if now > failed else f"{order}: did not come to it"] += 1
            failed = now
            some = left[:2]
            assert not some or here.take(some), "well again, and nothing was started anew"
            del left[:2]
            if told.total() > 20 * ROUNDS:
                assert here.take(left)
                left = []
        here.end()
        assert len(here.proved) == len(world.bundles)
        _holds_all(here, world)
    print(f"seed {SEED}: {dict(told)}")
    assert told["refused"] > ROUNDS / 2


def test_a_power_cut_takes_no_receipted_byte_with_it(disk: Disk) -> None:
    chance, told = dice("cut"), Counter[str]()
    world = small_world(SEED + 1, sites=2, stations=2, days=max(40, 2 * ROUNDS), troubles=Troubles(revised=0.1))
    with province(disk, world) as here:
        left = list(world.bundles)
        for _cut in range(ROUNDS):
            if chance.random() < 0.5:
                disk.say(f"fail {chance.choice(['write EIO', 'fsync EIO', 'write ENOSPC'])} {chance.randrange(1, 12)}")
            for _body in range(chance.randrange(1, 6)):
                some = left[: chance.choice([1, 3, 8])]
                if some and here.take(some):
                    del left[: len(some)]
                    told["taken"] += 1
                else:
                    told["refused"] += 1
            if left and chance.random() < 0.7:  # cut off while it works
                here.line.send([(one.signed.key, one.signed.signature, one.signed.content) for one in left[:20]])
                here.line.poll(chance.uniform(0, 0.02))
            here.kill()
            disk.say("well")
            disk.cut()
            if chance.random() < 0.3:
                disk.say(f"fail {chance.choice(['write EIO', 'fsync EIO'])} {chance.randrange(1, 12)}")
            begun = here.start()
            disk.say("well")
            if begun != "ready":
                told["could not begin"] += 1
                here.process.join(10)
                assert here.start() == "ready"
            with_all = _stored(here.home)
            assert here.proved <= with_all, "receipted, and gone"
            told["kept though nobody was told"] += len(with_all - here.proved)
        while left:
            assert here.take(left[:50])
            del left[:50]
        here.end()
        _holds_all(here, world)
    print(f"seed {SEED}: {ROUNDS} cuts: {dict(told)}")


def _stored(home: Home) -> set[str]:
    """What the ledger has."""
    ledger = Ledger.read_only(home)
    with ledger.reading() as db:
        found = {row[0].lower() for row in db.execute("SELECT hex(sha256) FROM bundles")}
    ledger.close()
    return found


def test_a_lake_on_a_failing_disk_stays_the_old_one_until_the_new_one_is_whole(disk: Disk, tmp_path: Path) -> None:
    chance, told, model = dice("lake"), Counter[str](), Model()
    world = small_world(SEED + 2, sites=2, stations=1, days=40)
    home = new_home(tmp_path / "home", world.keys)
    shutil.rmtree(home.lake)
    (home.lake).symlink_to(disk.folder / "lake")
    (disk.folder / "lake").mkdir()
    shown = 0
    for number in range(ROUNDS):
        with receiving(home) as receiver:
            for made in world.bundles[number::ROUNDS]:
                assert receiver.send([made]) == [model.take(made)]
        order = chance.choice(["write EIO", "fsync EIO", "write ENOSPC"])
        disk.say(f"fail {order} {chance.randrange(1, 120)}")
        try:
            lake.build(home, NOW)
            told["built"] += 1
        except KioskError as error:
            assert error.exit_code == 1 and error.hint
            told[f"{order}: {type(error).__name__}"] += 1
        disk.say("well")
        if chance.random() < 0.3:
            disk.cut()
            told["cut"] += 1
        edition = Editions(home.lake).current()
        if edition is None:
            assert not shown
            continue
        assert all(edition.is_whole(name, thoroughly=True) for name in edition.about.files)
        assert edition.number >= shown
        shown = edition.number
    lake_hash(home)
    figures_agree(home, model)
    print(f"seed {SEED}: {ROUNDS} builds: {dict(told)}")
    assert told["built"] < ROUNDS


def test_a_serving_province_says_what_is_wrong_and_serves_on_once_the_disk_is_well(disk: Disk) -> None:
    world = small_world(SEED, sites=1, stations=1, days=30)
    home = new_home(disk.folder / "home", world.keys)
    bundles = [made.signed for made in world.bundles]
    with serving(home.path, "--quiet", "3600") as collector:
        assert collector.put(bundles[:5]).status == 200
        for order, status, code in (("room 1", 507, "NO_ROOM"), ("fail write EIO", 503, "DISK"),
                                    ("fail fsync EIO", 503, "DISK")):  # fmt: skip
            disk.say(order)
            said = collector.put(bundles[5:9])
            assert (said.status, said.code) == (status, code) and int(said.headers["Retry-After"]) > 0
            assert collector.ask("GET", "/v1/card").status == 200, "it still answers"
            disk.say("well")
        said = collector.put(bundles)
        public = Key.load(home.key).public
        stored = {name for text in said.told["receipts"] for name in receipt_in(public, text).stored}
        assert said.status == 200 and stored == {made.sha256 for made in world.bundles}
    report = verify_home(home)
    assert report.good and report.bundles == 30
