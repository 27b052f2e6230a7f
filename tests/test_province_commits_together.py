"""A receipt stands for bytes on the disk; callers that wait at the same time share one fsync and one commit."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.export.receipts import receipt_in
from kiosk.province.intake.intake import Answer
from kiosk.province.memory import tail
from kiosk.province.memory.records import Place
from tests.province_home import NOW, Receiver, agrees, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, World

CALLERS = 8


def wait_for(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


class Gate:
    """Counts what is brought to the disk; while shut nobody comes through."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.came = self.passed = 0

    def fdatasync(self, handle: int) -> None:
        self.came += 1
        assert self.open.wait(30)
        REAL(handle)
        self.passed += 1


REAL: Callable[[int], None] = os.fdatasync


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(tail.os, "fdatasync", made.fdatasync)
    return made


def test_callers_that_wait_share_one_fsync_and_one_commit(tmp_path: Path, gate: Gate) -> None:
    world = World(6, sites=CALLERS, stations=1, days=4, troubles=CALM)
    bodies = [[made.signed for made in world.bundles if made.site == f"TH-{n:03}"] for n in range(1, CALLERS + 1)]
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        gate.open.clear()
        answers: list[Future[Answer]] = []
        with ThreadPoolExecutor(CALLERS) as pool:
            answers.append(pool.submit(receiver.intake.take, bodies[0], NOW))
            wait_for(lambda: gate.came == 1)
            answers += [pool.submit(receiver.intake.take, body, NOW) for body in bodies[1:]]
            wait_for(lambda: len(receiver.intake._queue) == CALLERS - 1)
            assert not any(one.done() for one in answers), "nobody is answered before the disk has it"
            changes = receiver.intake.keeping.changes
            gate.open.set()
        assert gate.passed == 2, "one for the first, one for all who came meanwhile"
        assert receiver.intake.keeping.changes == changes + 2
        model = Model()
        for made in world.bundles:
            model.take(made)
        agrees(receiver, model)
        for body, answer in zip(bodies, answers, strict=True):
            [text] = answer.result().receipts
            assert set(receipt_in(receiver.intake.key.public, text).stored) == {one.sha256 for one in body}


def test_the_same_bundle_from_several_callers_at_once_is_stored_once(tmp_path: Path, gate: Gate) -> None:
    world = World(6, sites=1, stations=1, days=4, troubles=CALM)
    body = [made.signed for made in world.bundles]
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        with ThreadPoolExecutor(CALLERS) as pool:
            answers = [one.result() for one in [pool.submit(receiver.intake.take, body, NOW) for _n in range(CALLERS)]]
        became = [one.outcome for answer in answers for one in answer.outcomes]
        assert became.count("stored") == len(body) and became.count("duplicate") == (CALLERS - 1) * len(body)
        assert len({tuple(answer.receipts) for answer in answers}) == 1


def test_what_the_disk_did_not_take_is_not_there_and_the_next_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(6, sites=1, stations=1, days=6, troubles=CALM)
    model = Model()
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        assert receiver.send(world.bundles[:2]) == [model.take(made) for made in world.bundles[:2]]
        size = segment(receiver).stat().st_size

        def broken(_handle: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patched:
            patched.setattr(tail.os, "fdatasync", broken)
            with pytest.raises(KioskError):
                receiver.send(world.bundles[2:4])
        assert segment(receiver).stat().st_size == size
        agrees(receiver, model)
        assert receiver.send(world.bundles) == [model.take(made) for made in world.bundles]
        agrees(receiver, model)


def test_segments_end_before_they_are_too_large_and_are_read_across(tmp_path: Path) -> None:
    world = World(6, sites=2, stations=2, days=12, troubles=CALM)
    model = Model()
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        receiver.intake.archive._tail._max = 4_000
        assert receiver.send(world.bundles, many=7) == [model.take(made) for made in world.bundles]
        sizes = [path.stat().st_size for path in sorted(receiver.home.archive.glob("*.seg"))]
        assert len(sizes) > 5 and max(sizes) <= 4_000
        agrees(receiver, model)
        records = list(receiver.intake.archive.records())
        assert {one.bundle.sha256 for one in records} == set(model.known)
        assert [one.place for one in records] == sorted(one.place for one in records)
        assert all(receiver.intake.archive.read(Place.of(one.place.number)) == one.bundle for one in records)


def segment(receiver: Receiver) -> Path:
    return receiver.home.archive / "000001.seg"
