"""What is put aside keeps its bytes; an officer releases it with a name and a reason; junk of nobody is bounded."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import RefusedError
from kiosk.export.batch import Signed, signed
from kiosk.export.receipts import Receipt, receipt_in
from kiosk.province.intake.looks import EACH
from kiosk.province.intake.posting import _KNOWN_OF_NOBODY, _KNOWN_PROVED
from kiosk.province.intake.quarantine import Held, content_of, held, release
from tests.province_attacks import with_head
from tests.province_current import current as counting
from tests.province_home import NOW, Receiver, agrees, enrol, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, Made, World, key_of

STRANGER = key_of(7, "TH-900", "01", 1)


@pytest.fixture
def world() -> World:
    return World(3, sites=2, stations=1, days=6, troubles=CALM)


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", world.keys)) as made:
        yield made


def of_site(world: World, site: str) -> list[Made]:
    return [made for made in world.bundles if made.site == site]


def waiting(receiver: Receiver) -> list[Held]:
    return held(receiver.intake.ledger)


def receipts(receiver: Receiver, *bundles: Made) -> list[Receipt]:
    answer = receiver.intake.take([one.signed for one in bundles], NOW)
    return [receipt_in(receiver.intake.key.public, text) for text in answer.receipts]


def current(receiver: Receiver, month: str) -> dict[tuple[str, str, str], str]:
    found = [one for one in counting(receiver.intake.ledger) if one.day.startswith(month)]
    return {(one.site, one.station, one.day): one.sha256 for one in found}


def test_a_released_bundle_counts_and_the_station_gets_a_new_receipt(receiver: Receiver, world: World) -> None:
    made = of_site(world, "TH-001")[0]
    content = with_head(made, day="2027-03-01")
    ahead = replace(made, content=content)
    ahead.__dict__.pop("signed", None)
    [before] = receipts(receiver, ahead)
    [one] = waiting(receiver)
    assert before.refused == {one.sha256: "FUTURE_DAY"} and before.stored == ()
    assert (one.code, one.site, one.station, one.size) == ("FUTURE_DAY", "TH-001", "01", len(content))
    assert content_of(receiver.intake, one.id) == content
    assert current(receiver, "2027-03") == {}
    outcome = release(receiver.intake, one.id, "Lan", "the clock was a year ahead", NOW)
    assert (outcome.outcome, outcome.sha256) == ("stored", one.sha256)
    assert current(receiver, "2027-03") == {("TH-001", "01", "2027-03-01"): one.sha256}
    [after] = receipts(receiver, ahead)
    assert after.stored == (one.sha256,) and not after.refused and (after.site, after.station) == ("TH-001", "01")
    assert receipts(receiver, ahead) == [after]
    assert waiting(receiver) == [] and [it.decided is not None for it in held(receiver.intake.ledger, True)] == [True]
    with receiver.intake.ledger.reading() as db:
        [(who, deed, subject, why)] = db.execute("SELECT who, deed, subject, why FROM deeds")
    assert (who, deed, why) == ("Lan", "release", "the clock was a year ahead") and one.sha256 in subject


def test_a_released_conflict_takes_the_place_of_the_first(receiver: Receiver, world: World) -> None:
    first, *rest = of_site(world, "TH-001")
    other = signed(first.key, with_head(first, software="9"))
    assert receiver.send([first, other]) == ["stored", "REVISION_CONFLICT"]
    name = (first.site, first.station, first.day)
    assert current(receiver, first.day[:7])[name] == first.sha256
    release(receiver.intake, waiting(receiver)[0].id, "Lan", "this disk is the right one", NOW)
    assert current(receiver, first.day[:7])[name] == other.sha256
    assert receiver.send([first, other]) == ["duplicate", "duplicate"]
    assert receiver.send(rest) == ["stored"] * len(rest), "the series goes on as before"


@pytest.mark.parametrize("code", ["SIGNATURE", "UNKNOWN_KEY", "REVOKED_KEY", "WRONG_SITE"])
def test_an_officer_may_vouch_for_who_has_sent_it(receiver: Receiver, world: World, code: str) -> None:
    mine, other = of_site(world, "TH-001")[0], of_site(world, "TH-002")[0]
    bundle = {
        "SIGNATURE": replace(mine.signed, signature=bytes(64)),
        "UNKNOWN_KEY": signed(STRANGER, mine.content),
        "REVOKED_KEY": mine.signed,
        "WRONG_SITE": signed(other.key, mine.content),
    }[code]
    if code == "REVOKED_KEY":
        with receiver.intake.ledger.writing() as db:
            db.execute("UPDATE keys SET state = 'revoked' WHERE key = ?", (mine.key.id,))
    assert receiver.send([bundle]) == [code]
    release(receiver.intake, waiting(receiver)[0].id, "Lan", "brought by hand", NOW)
    assert current(receiver, mine.day[:7]) == {(mine.site, mine.station, mine.day): mine.sha256}
    answer = receiver.intake.take([bundle], NOW)
    told = [receipt_in(receiver.intake.key.public, text) for text in answer.receipts]
    assert [one.stored for one in told] == [(mine.sha256,)]


def test_what_cannot_be_read_or_was_decided_is_not_released(receiver: Receiver, world: World) -> None:
    mine = of_site(world, "TH-001")[0]
    spoilt = [signed(mine.key, b"no bundle"), signed(mine.key, with_head(mine, day="2090-01-01"))]
    assert receiver.send(spoilt) == ["TRUNCATED", "FUTURE_DAY"]
    unreadable, future = waiting(receiver)
    for number, who, why in (
        (unreadable.id, "Lan", "please"),
        (future.id, "Lan", "  "),
        (future.id, "", "please"),
        (999, "Lan", "please"),
    ):
        with pytest.raises(RefusedError):
            release(receiver.intake, number, who, why, NOW)
    release(receiver.intake, future.id, "Lan", "please", NOW)
    with pytest.raises(RefusedError, match="before"):
        release(receiver.intake, future.id, "Lan", "again", NOW)
    assert [one.id for one in waiting(receiver)] == [unreadable.id]


def test_what_comes_again_as_it_should_be_is_no_longer_waiting(receiver: Receiver, world: World) -> None:
    made = of_site(world, "TH-001")[0]
    later = key_of(9, "TH-001", "01", 2)
    assert receiver.send([signed(later, made.content)]) == ["UNKNOWN_KEY"]
    enrol(receiver.home, [("TH-001", "01", later)])
    receiver.intake.ledger._keys.clear()
    assert receiver.send([signed(later, made.content)]) == ["stored"]
    assert waiting(receiver) == []
    [one] = held(receiver.intake.ledger, everything=True)
    with pytest.raises(RefusedError):
        release(receiver.intake, one.id, "Lan", "why not", NOW)


def test_junk_of_nobody_is_bounded_and_honest_bundles_come_in_beside_it(receiver: Receiver, world: World) -> None:
    receiver.intake._junk_bytes = 5 * (1_000 + EACH)
    kept = [signed(STRANGER, bytes([number]) * 1_000) for number in range(5)]
    assert receiver.send(kept) == ["UNKNOWN_KEY"] * 5
    more = [signed(STRANGER, bytes([number]) * 1_000) for number in range(5, 9)]
    size = (receiver.home.archive / "000001.seg").stat().st_size
    with pytest.raises(RefusedError):
        receiver.send(more)
    assert (receiver.home.archive / "000001.seg").stat().st_size == size
    assert receiver.send(kept) == ["duplicate"] * 5, "what is known takes no room"
    honest = world.bundles
    model = Model()
    mixed = [*(one.signed for one in honest), *more]
    assert receiver.send(mixed) == [model.take(one) for one in honest] + ["UNKNOWN_KEY"] * 4
    agrees(receiver, model)
    assert len(waiting(receiver)) == 5, "told of as refused, not kept"
    assert receiver.send([signed(honest[0].key, b"a fault of an honest PC")]) == ["TRUNCATED"], "never bounded"


def test_the_smallest_junk_is_bounded_too_by_what_it_takes_on_the_disk(receiver: Receiver) -> None:
    """Bundles of no bytes at all, each under a key of its own: of a million of them none would be over the quota."""
    receiver.intake._junk_bytes = quota = 400_000

    def taken() -> int:
        files = [*receiver.home.archive.iterdir(), *receiver.home.path.glob("ledger.db*")]
        return sum(path.stat().st_size for path in files)

    before, sent = taken(), 0
    with pytest.raises(RefusedError):
        for sent in range(0, 20_000, 200):
            receiver.send([Signed(f"{sent + number:016x}", bytes(64), b"") for number in range(200)], many=200)
    with receiver.intake.ledger.reading() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert 0 < sent <= quota / EACH + 200 and taken() - before < 1.5 * quota


def test_one_piece_of_junk_under_ever_new_keys_is_found_by_its_key(receiver: Receiver) -> None:
    """Else each is compared with all before it, and whoever sends them holds up everybody."""
    receiver.send([Signed(f"{number:016x}", bytes(64), b"") for number in range(300)], many=300)
    with receiver.intake.ledger.reading() as db:
        for query, values in ((_KNOWN_OF_NOBODY, (b"", "", "")), (_KNOWN_PROVED, (b"", 1))):
            places = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            assert all("SCAN" not in place for place in places), places
            [aside] = [place for place in places if "quarantine_by_sha256" in place]
            assert "sha256=? AND proved=?" in aside and ("key=?" in aside) == (query == _KNOWN_OF_NOBODY)


def test_junk_stays_bounded_after_a_restart(tmp_path: Path, world: World) -> None:
    home = new_home(tmp_path / "home", world.keys)
    for number in range(2):
        with receiving(home) as receiver:
            receiver.intake._junk_bytes = 2 * 1_000 + EACH
            junk = [signed(STRANGER, bytes([number]) * 1_000)]
            if number:
                with pytest.raises(RefusedError):
                    receiver.send(junk)
            else:
                assert receiver.send(junk) == ["UNKNOWN_KEY"]
