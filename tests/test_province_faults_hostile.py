"""What hostile, broken and spoiled bundles meet: the right code, their bytes kept, nothing parsed before it is proved.

The seed is printed; KIOSK_TEST_SEED repeats it.
"""

import copy
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.export.batch import BatchError, Signed, signed, unpack
from kiosk.export.receipts import receipt_in
from kiosk.export.signing import Key
from kiosk.province.intake.quarantine import content_of, held
from tests.province_attacks import EVIL, attacks, opened, packed, with_head, zip_bomb
from tests.province_home import NOW, Receiver, agrees, new_home, receiving
from tests.province_lake import figures_agree, lake_hash, rows
from tests.province_model import Model
from tests.province_rounds import SEED, dice, rounds
from tests.province_world import CALM, Made, World, key_of

pytestmark = pytest.mark.faults

BYTES = rounds(300, 3_000)
FUZZED = rounds(300, 4_000)


@pytest.fixture
def world() -> World:
    return World(5, sites=2, stations=2, days=12, troubles=CALM)


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", world.keys)) as made:
        yield made


class Unpacked(Counter[str]):
    """How often anything was decompressed or parsed."""


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> Unpacked:
    counts = Unpacked()
    real = zlib.decompressobj

    def counting(*arguments: Any, **named: Any) -> Any:
        counts["zlib"] += 1
        return real(*arguments, **named)

    monkeypatch.setattr(zlib, "decompressobj", counting)
    return counts


@pytest.mark.slow
def test_every_attack_gets_its_code_its_bytes_are_kept_and_nothing_is_counted(receiver: Receiver, world: World) -> None:
    model, made = Model(), busiest(world)
    said = {what: (signed(made.key, content), code) for what, content, code in attacks(made)}
    told = dict(zip(said, receiver.send([bundle for bundle, _code in said.values()], many=5), strict=True))
    assert told == {what: code for what, (_bundle, code) in said.items()}
    agrees(receiver, model)
    kept = {one.sha256: one for one in held(receiver.intake.ledger)}
    for what, (bundle, code) in said.items():
        one = kept[bundle.sha256]
        assert (one.code, one.site, one.station) == (code, made.site, made.station), what
        assert content_of(receiver.intake, one.id) == bundle.content
    again = receiver.send([bundle for bundle, _code in said.values()])
    assert set(again) == {"duplicate"}
    honest = [one for one in world.bundles if (one.site, one.station) != (made.site, made.station)]
    assert receiver.send(honest) == [model.take(one) for one in honest]
    agrees(receiver, model)
    lake_hash(receiver.home)
    figures_agree(receiver.home, model)


@pytest.mark.slow
def test_nothing_is_unpacked_before_its_signature_is_right(
    receiver: Receiver, world: World, unpacked: Unpacked
) -> None:
    chance, made = dice("unpacked"), busiest(world)
    stranger = key_of(99, "TH-001", "01", 1)
    bombs = [zip_bomb(100 << 20), made.content, b"{" * 1_000, packed([{"kind": "x"}] * 1_000)]
    bundles = [Signed(made.key.id, chance.randbytes(64), content) for content in bombs]
    bundles += [signed(stranger, content) for content in bombs]
    assert receiver.send(bundles) == ["SIGNATURE"] * len(bombs) + ["UNKNOWN_KEY"] * len(bombs)
    assert unpacked.total() == 0
    assert receiver.send([made.signed]) == ["stored"] and unpacked.total() > 0, "the control"


def test_bytes_changed_on_the_way_are_never_taken(receiver: Receiver, world: World, unpacked: Unpacked) -> None:
    chance, model, told = dice("bytes"), Model(), Counter[str]()
    for _number in range(BYTES):
        made = chance.choice(world.bundles)
        body = bytearray(made.signed.line + made.content)
        for _bit in range(chance.choice([1, 1, 2, 9])):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.3:
            del body[chance.randrange(len(body)) :]
        try:
            came = unpack(bytes(body))
        except BatchError as error:
            told[error.code] += 1
            continue
        if came == [made.signed]:
            continue  # two bits that met
        told += Counter(receiver.send(came))
    print(f"seed {SEED}: {BYTES} bundles changed on the way: {dict(told)}")
    assert set(told) <= {"TRUNCATED", "SIGNATURE", "UNKNOWN_KEY", "duplicate"} and told["SIGNATURE"] > BYTES / 4
    assert unpacked.total() == 0
    agrees(receiver, model)


def test_a_revoked_key_is_believed_no_more_and_a_strangers_and_a_neighbours_never(
    receiver: Receiver, world: World
) -> None:
    first, *rest = [made for made in world.bundles if (made.site, made.station) == ("TH-001", "01")]
    neighbour = next(made for made in world.bundles if made.site == "TH-002")
    assert receiver.send([first]) == ["stored"]
    assert receiver.send([signed(neighbour.key, rest[0].content)]) == ["WRONG_SITE"]
    revoke(receiver, first.key)
    assert receiver.send([rest[1], signed(first.key, zip_bomb(9 << 20))]) == ["REVOKED_KEY", "REVOKED_KEY"]
    assert receiver.send([signed(neighbour.key, rest[2].content)]) == ["WRONG_SITE"]
    model = Model()
    model.take(first)
    agrees(receiver, model)


def revoke(receiver: Receiver, key: Key) -> None:
    with receiver.intake.ledger.writing() as db:
        db.execute("UPDATE keys SET state = 'revoked' WHERE key = ?", (key.id,))


def test_the_same_revision_in_other_bytes_and_a_cloned_disk_are_put_aside_and_told(
    receiver: Receiver, world: World
) -> None:
    own = [made for made in world.bundles if (made.site, made.station) == ("TH-001", "01")]
    model = Model()
    assert receiver.send(own[:6]) == [model.take(made) for made in own[:6]]
    last, following = own[5], own[6]
    others = {
        "the same revision": with_head(last, created="2026-11-21T20:00:00+00:00", sequence=400, previous="ab" * 32),
        "the same number": with_head(last, day="2026-11-20", revision=7, previous="cd" * 32),
        "the same one before": with_head(last, day="2026-11-19", revision=8, sequence=401),
    }
    for what, content in others.items():
        assert receiver.send([signed(last.key, content)]) == ["REVISION_CONFLICT"], what
    with receiver.intake.ledger.reading() as db:
        assert [code for (code,) in db.execute("SELECT code FROM alarms")] == ["CLONED"]
    assert receiver.send([following]) == [model.take(following)] == ["stored"]
    agrees(receiver, model)


def test_the_same_bytes_get_the_same_receipts_also_after_a_restart(tmp_path: Path, world: World) -> None:
    home = new_home(tmp_path / "home", world.keys)
    made = busiest(world)
    bodies = [[one.signed for one in world.bundles[:20]], [signed(made.key, with_head(made, day="2010-01-01"))]]
    with receiving(home) as receiver:
        first = [receiver.intake.take(body, NOW).receipts for body in bodies]
        assert [receiver.intake.take(body, NOW).receipts for body in reversed(bodies)] == first[::-1]
        public = receiver.intake.key.public
    with receiving(home) as receiver:
        assert [receiver.intake.take(body, NOW).receipts for body in bodies] == first
    told = [receipt_in(public, text) for text in first[0]]
    assert {name for receipt in told for name in receipt.stored} == {one.sha256 for one in bodies[0]}
    [refused] = [receipt_in(public, text) for text in first[1]]
    assert refused.refused == {bodies[1][0].sha256: "RANGE"} and (refused.site, refused.station) == ("TH-001", "01")


@pytest.mark.slow
def test_bombs_take_little_memory(receiver: Receiver, world: World) -> None:
    made = busiest(world)
    many = b"".join(b'{"kind":"x"}\n' for _line in range(320_000))
    wide = b'{"kind":"x",' + b",".join(b'"%d":0' % number for number in range(400_000)) + b"}\n"
    for content in (zip_bomb(250 << 20), *(zlib_packed(plain) for plain in (many, wide))):
        tracemalloc.start()
        [told] = receiver.send([signed(made.key, content)])
        most = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(f"{len(content)} bytes: {told}, {most:.0f} MB at most")
        assert told in ("TOO_BIG", "SCHEMA", "ROWCOUNT") and most < 60


@pytest.mark.slow
def test_a_small_question_gets_no_huge_answer(
    receiver: Receiver, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bundle each of many large receipts: without a bound each of them would be sent whole."""
    monkeypatch.setattr("kiosk.province.intake.receipt_texts.MOST_TOLD", 2_000, raising=False)
    made, public = busiest(world), receiver.intake.key.public
    asked = []
    for number in range(8):
        body = [signed(made.key, b"%d %d" % (number, one)) for one in range(300)]
        body += [Signed(f"{number:016x}", bytes(64), b"%d %d" % (number, one)) for one in range(100)]
        assert len(receiver.intake.take(body, NOW).receipts) == 2
        asked += [body[0], body[-1]]
    asked += [made.signed, next(one for one in world.bundles if one.site != made.site).signed]
    answer = receiver.intake.take(asked, NOW)
    assert sum(map(len, answer.receipts)) < 10_000 and receiver.intake.take(asked, NOW).receipts == answer.receipts
    told = [receipt_in(public, text) for text in answer.receipts]
    assert [(one.site, len(one.stored), dict(Counter(one.refused.values()))) for one in told] == [
        ("", 0, {"UNKNOWN_KEY": 8}), (made.site, 1, {"TRUNCATED": 8}), ("TH-002", 1, {})]  # fmt: skip
    few = [bundle for bundle in asked[:6] if bundle.key == made.key.id]
    assert receiver.intake.take(few, NOW).receipts != answer.receipts, "a few are told by the receipts that were given"


def zlib_packed(plain: bytes) -> bytes:
    pack = zlib.compressobj(9, wbits=31)
    return pack.compress(plain) + pack.flush()


@pytest.mark.slow
def test_whatever_an_enrolled_station_says_the_lake_is_built_and_the_rest_stays_exact(
    receiver: Receiver, world: World
) -> None:
    """Fields exchanged for anything at all, rightly signed: put aside or harmless, and never a poison."""
    chance, model, told = dice("fuzz"), Model(), Counter[str]()
    assert receiver.send(world.bundles) == [model.take(made) for made in world.bundles]
    bundles = []
    for number in range(FUZZED):
        made = chance.choice(world.bundles)
        head, *body = copy.deepcopy(opened(made))
        head |= {"day": f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}", "sequence": 1_000 + number,
                 "previous": f"{number:064x}", "revision": 1 + number}  # fmt: skip
        for _change in range(chance.choice([1, 1, 1, 3])):
            line = chance.choice([head, *body])
            line[chance.choice([name for name in line if name != "kind"])] = chance.choice(EVIL)
        bundles.append(signed(made.key, packed([head, *body])))
    told = Counter(receiver.send(bundles))
    print(f"seed {SEED}: {FUZZED} bundles of nonsense: {dict(told)}")
    assert set(told) <= {"stored", "SCHEMA", "RANGE", "ROWCOUNT", "WRONG_SITE", "FUTURE_DAY", "REVISION_CONFLICT",
                         "duplicate"}  # fmt: skip
    lake_hash(receiver.home)
    asked = {made.day for made in world.bundles}
    found = [row for row in rows(receiver.home, "days") if row["day"].isoformat() in asked]
    honest = {(row["site"], row["station"], row["day"]): row["visits"] for row in model.rows("day")}
    assert {(row["site"], row["station"], row["day"].isoformat()): row["visits"] for row in found
            if row["revision"] < 1_000} == honest  # fmt: skip


def busiest(world: World) -> Made:
    """A bundle with much in it."""
    own = [made for made in world.bundles if (made.site, made.station) == ("TH-001", "01")]
    return max(own, key=lambda made: len(made.lines))
