"""In which order a bundle is judged: whose it is, before what it says; and nothing is read before it is proved."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.export import bundle_text
from kiosk.export.batch import Signed, signed
from kiosk.export.receipts import receipt_in
from kiosk.province.intake.intake import Intake
from kiosk.province.intake.judging import last_day
from tests.province_attacks import with_head
from tests.province_home import NOW, Receiver, new_home, receiving
from tests.province_world import CALM, Made, World, key_of

STRANGER = key_of(7, "TH-900", "01", 1)


@pytest.fixture
def world() -> World:
    return World(3, sites=2, stations=1, days=6, troubles=CALM)


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", world.keys)) as made:
        yield made


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of whatever is decompressed, or parsed as JSON."""
    seen: list[int] = []
    unpack, scan = zlib.decompressobj, bundle_text._scan

    def unpacking(*arguments: Any, **named: Any) -> Any:
        seen.append(0)
        return unpack(*arguments, **named)

    def scanning(text: str, place: int) -> tuple[Any, int]:
        seen.append(len(text))
        return scan(text, place)

    monkeypatch.setattr(zlib, "decompressobj", unpacking)
    monkeypatch.setattr(bundle_text, "_scan", scanning)
    return seen


def of_site(world: World, site: str) -> list[Made]:
    return [made for made in world.bundles if made.site == site]


def revoke(receiver: Receiver, key: str) -> None:
    with receiver.intake.ledger.writing() as db:
        db.execute("UPDATE keys SET state = 'revoked' WHERE key = ?", (key,))


def test_nothing_is_unpacked_or_parsed_before_it_is_proved(receiver: Receiver, world: World, reads: list[int]) -> None:
    made, other = world.bundles[:2]
    unsigned = replace(made.signed, signature=bytes(64))
    revoke(receiver, other.key.id)
    assert receiver.send([unsigned, signed(STRANGER, made.content), other.signed]) == [
        "SIGNATURE", "UNKNOWN_KEY", "REVOKED_KEY",
    ]  # fmt: skip
    assert reads == []
    assert receiver.send([made.signed]) == ["stored"]
    assert len(reads) > 3, "the control: a proved one is unpacked and parsed"


def test_known_bytes_are_not_read_again(receiver: Receiver, world: World, reads: list[int]) -> None:
    made = world.bundles[0]
    future = signed(made.key, with_head(made, day="2090-01-01"))
    assert receiver.send([made.signed, future]) == ["stored", "FUTURE_DAY"]
    del reads[:]
    assert receiver.send([made.signed, future, made.signed]) == ["duplicate"] * 3
    assert reads == []


def test_whose_it_is_comes_before_what_it_says(receiver: Receiver, world: World) -> None:
    """Each bundle has every fault of those after it; only the first in the order is told."""
    mine, other = of_site(world, "TH-001")[0], of_site(world, "TH-002")[0]
    assert receiver.send([mine]) == ["stored"]
    worst = {"site": "TH-777", "day": "2090-01-01", "revision": 1, "sequence": 1}
    told: dict[str, bytes] = {
        "TRUNCATED": with_head(mine, **worst, spec="x")[:-4],
        "SCHEMA": with_head(mine, **worst, rows=5, epoch="x"),
        "ROWCOUNT": with_head(mine, **worst, rows={}),
        "WRONG_SITE": with_head(mine, **worst),
        "FUTURE_DAY": with_head(mine, day="2090-01-01", software="2"),
        "RANGE": with_head(mine, day="2010-01-01", software="3"),
        "REVISION_CONFLICT": with_head(mine, software="4"),
    }
    assert receiver.send([signed(mine.key, content) for content in told.values()]) == list(told)
    assert receiver.send([Signed(mine.key.id, bytes(64), content) for content in told.values()]) == ["SIGNATURE"] * 7
    revoke(receiver, mine.key.id)
    assert receiver.send([replace(mine.signed, signature=bytes(64))]) == ["REVOKED_KEY"]
    assert receiver.send([signed(other.key, mine.content)]) == ["WRONG_SITE"], "whosever bytes they are"


def test_the_latest_day_is_tomorrow_in_vietnam(receiver: Receiver, world: World) -> None:
    made = world.bundles[0]
    late = NOW.replace(hour=16, minute=59)  # 23:59 in Vietnam
    assert last_day(late) == "2026-11-23" and last_day(late + timedelta(minutes=1)) == "2026-11-24"
    tomorrow = signed(made.key, with_head(made, day="2026-11-23"))
    after = signed(made.key, with_head(made, day="2026-11-24", sequence=2, previous=tomorrow.sha256))
    assert receiver.send([tomorrow, after], now=late) == ["stored", "FUTURE_DAY"]


def test_a_neighbour_cannot_keep_a_bundle_out(receiver: Receiver, world: World) -> None:
    """What came first with a wrong signature, an unknown key or from the wrong PC is taken from whom it is of."""
    mine, other = of_site(world, "TH-001")[0], of_site(world, "TH-002")[0]
    spoilt = [
        replace(mine.signed, signature=bytes(64)),
        signed(STRANGER, mine.content),
        signed(other.key, mine.content),
    ]
    assert receiver.send(spoilt) == ["SIGNATURE", "UNKNOWN_KEY", "WRONG_SITE"]
    assert receiver.send([mine]) == ["stored"]
    assert receiver.send(spoilt) == ["duplicate"] * 3


def test_every_bundle_of_a_body_stands_in_a_receipt_of_its_sender(receiver: Receiver, world: World) -> None:
    mine, other = of_site(world, "TH-001")[0], of_site(world, "TH-002")[0]
    body = [mine.signed, signed(STRANGER, b"junk"), signed(other.key, b"no bundle"), mine.signed, other.signed]
    answer = receiver.intake.take(body, NOW)
    receipts = [receipt_in(receiver.intake.key.public, text) for text in answer.receipts]
    told = {(one.site, one.station): (one.stored, dict(one.refused)) for one in receipts}
    assert told == {
        ("TH-001", "01"): ((mine.sha256,), {}),
        ("", ""): ((), {body[1].sha256: "UNKNOWN_KEY"}),
        ("TH-002", "01"): ((other.sha256,), {body[2].sha256: "TRUNCATED"}),
    }
    assert [one.outcome for one in answer.outcomes] == ["stored", "quarantined", "quarantined", "duplicate", "stored"]


def test_a_revoked_key_is_seen_at_once(receiver: Receiver, world: World) -> None:
    first, second = of_site(world, "TH-001")[:2]
    assert receiver.send([first]) == ["stored"]
    revoke(receiver, first.key.id)
    assert receiver.send([second]) == ["REVOKED_KEY"]


def test_what_a_key_signed_before_another_took_its_place_is_taken(receiver: Receiver, world: World) -> None:
    first, second = of_site(world, "TH-001")[:2]
    with receiver.intake.ledger.writing() as db:
        db.execute("UPDATE keys SET state = 'retired' WHERE key = ?", (first.key.id,))
    assert receiver.send([first, second]) == ["stored", "stored"]


def test_a_bug_is_told_to_every_caller(receiver: Receiver, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Intake, "_new", broken)
        with pytest.raises(ZeroDivisionError):
            receiver.send(world.bundles[:1])
    assert receiver.send(world.bundles[:1]) == ["stored"]
