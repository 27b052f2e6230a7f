"""A province whose own date is wrong, whose disk is full: it says so, and says nothing false of a bundle."""

import errno
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.errors import KioskError, RefusedError
from kiosk.export.batch import SUFFIX, pack
from kiosk.export.files import trouble
from kiosk.province.door.card import card_now
from kiosk.province.door.collector import create_collector
from kiosk.province.door.desk import TURNS, Desk
from kiosk.province.door.refusals import Refusal, refusal_of
from kiosk.province.home import load
from kiosk.province.intake.orders import take_in
from kiosk.province.memory.rows import add_key, seconds, station_number
from kiosk.province.orders import Office
from kiosk.rules.trust import BUILT
from tests.collector_stage import serving, small_world
from tests.province_home import NOW, new_home, receiving
from tests.province_world import World


def body_of(world: World) -> tuple[str, bytes]:
    body = pack([made.signed for made in world.bundles])
    return f"/v1/batches/{sha256(body).hexdigest()}", body


@pytest.mark.slow
def test_a_server_whose_date_lies_before_the_software_takes_nothing_and_says_why(tmp_path: Path) -> None:
    world = small_world(300, days=2)
    with serving(tmp_path / "home") as province:
        province.join_all(world)
        province.stop()
        province.days_off = -1_500
        province.start()
        said = province.put([made.signed for made in world.bundles])
        assert (said.status, said.code) == (503, "CLOCK") and int(said.headers["Retry-After"]) > 0
        assert province.ask("GET", "/healthz").status == 503
        assert province.ask("POST", "/v1/enrol", b"{}").status == 503
        assert province.ask("GET", "/v1/card").status == 200
        province.stop()
        province.days_off = 0
        province.start()
        assert '"stored\\":[\\"' in province.put([made.signed for made in world.bundles]).told["receipts"][0]


@pytest.mark.slow
def test_a_clock_that_once_stood_years_ahead_is_put_right_by_an_officer_s_word(tmp_path: Path) -> None:
    world = small_world(303, days=4)
    bundles = [made.signed for made in world.bundles]
    with serving(tmp_path / "home") as province:
        province.join_all(world)
        province.stop()
        province.days_off = 700
        province.start()
        assert province.put(bundles[:1]).status == 200
        province.stop()
        province.days_off = 0
        province.start()
        assert province.put(bundles[1:]).code == "CLOCK"
        assert province.order("clock")["wrong"] is True
        assert province.order("clock confirm", reason="It was set by hand.")["wrong"] is False
        assert province.put(bundles[1:2]).status == 200
        province.stop()
        province.start()
        assert province.put(bundles).status == 200, "it stays so"


class Stage:
    """The collector in this process, its clock in our hands."""

    def __init__(self, path: Path, world: World) -> None:
        self.home, self.now = new_home(path, world.keys), NOW
        self._receiving = receiving(self.home)
        self.receiver = self._receiving.__enter__()
        card = card_now(self.home, load(path), self.receiver.intake.key, "", NOW)
        self.desk = Desk(self.receiver.intake, card, lambda: self.now, NOW - timedelta(days=30))
        self.client: FlaskClient = create_collector(self.desk).test_client()

    def put(self, world: World) -> Any:
        path, body = body_of(world)
        return self.client.put(path, data=body)

    def close(self) -> None:
        self._receiving.__exit__(None, None, None)


@pytest.fixture
def world() -> World:
    return World(301, sites=1, stations=1, days=5)


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    stage = Stage(tmp_path / "home", world)
    yield stage
    stage.close()


def test_a_clock_that_fell_behind_the_last_receipt_never_makes_a_good_day_one_of_the_future(
    stage: Stage, world: World
) -> None:
    assert stage.put(world).status_code == 200
    stage.now = NOW - timedelta(hours=20)
    assert stage.put(world).status_code == 200, "a day's difference is no fault"
    stage.now = NOW - timedelta(days=3)
    said = stage.put(World(301, sites=1, stations=1, days=5))
    assert (said.status_code, said.json["code"]) == (503, "CLOCK")
    with stage.receiver.intake.ledger.reading() as db:
        assert db.execute("SELECT count(*) FROM quarantine").fetchone()[0] == 0
    stage.now = BUILT - timedelta(seconds=1)
    assert stage.client.get("/healthz").status_code == 503
    stage.now = NOW + timedelta(days=400)
    assert stage.put(world).status_code == 200


def test_a_stick_is_not_taken_while_the_clock_is_wrong(tmp_path: Path, world: World) -> None:
    """Else a dead battery puts good days aside as days to come, and their stations read that on the stick."""
    home, stick = new_home(tmp_path / "home", world.keys), tmp_path / "stick"
    stick.mkdir()
    for made in world.bundles:
        (stick / made.name).write_bytes(made.content)
        (stick / (made.name + SUFFIX)).write_bytes(made.signed.line)
    with receiving(home) as receiver:
        office = Office(home, load(home.path), receiver.intake, "Lan", lambda: BUILT - timedelta(seconds=1))
        with pytest.raises(RefusedError, match="kiosk province clock"):
            take_in(office, str(stick))
        assert not (stick / "receipts").exists()
        told = take_in(replace(office, now=lambda: NOW), str(stick))
        assert (told["stored"], told["quarantined"]) == (len(world.bundles), 0)
        with pytest.raises(RefusedError, match="clock"):
            take_in(replace(office, now=lambda: NOW - timedelta(days=3)), str(stick))


def test_a_mistake_of_ours_is_a_sentence_and_a_line_in_the_log(
    stage: Stage, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stage.receiver.intake, "take", lambda *_: 1 / 0)
    said = stage.put(world)
    assert (said.status_code, said.json["code"]) == (500, "FAULT") and b"Zero" not in said.data
    assert "a request failed" in caplog.text


def test_when_all_turns_are_taken_others_are_asked_to_come_again(
    stage: Stage, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.province.door.desk.TURN_SECONDS", 0.2)
    ending = threading.Event()

    def hold() -> None:
        with stage.desk.turn():
            ending.wait(20)

    holders = [threading.Thread(target=hold) for _ in range(TURNS)]
    for thread in holders:
        thread.start()
    time.sleep(0.05)
    try:
        said = stage.put(world)
        assert (said.status_code, said.json["code"]) == (503, "BUSY") and int(said.headers["Retry-After"]) > 0
    finally:
        ending.set()
        for thread in holders:
            thread.join()
    assert stage.put(world).status_code == 200


def test_a_full_disk_is_told_as_such(stage: Stage, world: World) -> None:
    with stage.receiver.intake.ledger.writing() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
    said = None
    try:
        with stage.receiver.intake.ledger.writing() as db:
            for number in range(100_000):
                add_key(db, f"{number:016x}", bytes(32), station_number(db, "x", f"{number}", seconds(NOW)), 1)
    except KioskError as error:
        said = refusal_of(error)
    assert said is not None and (said.status, said.code) == (507, "NO_ROOM") and said.retry
    with stage.receiver.intake.ledger.writing() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    assert stage.put(world).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RefusedError("Too much."), 429, "TOO_MUCH"),
        (trouble(Path("/x"), OSError(errno.ENOSPC, "full")), 503, "DISK"),
        (KioskError("It failed."), 503, "DISK"),
    ],
)
def test_every_error_is_told_with_a_status_that_makes_a_pc_come_again(
    error: KioskError, status: int, code: str
) -> None:
    told = refusal_of(error)
    assert isinstance(told, Refusal) and (told.status, told.code) == (status, code) and told.retry
    try:
        raise error from sqlite3.OperationalError("disk I/O error")
    except KioskError as caused:
        assert refusal_of(caused).status in (status, 503)
