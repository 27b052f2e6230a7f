"""How far a series has come: no gap is jumped, a new epoch goes on from the old, a copied disk is found out."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.cli.province_stations_words import alarm_said
from kiosk.export.batch import Signed, signed
from kiosk.province.home import load
from kiosk.province.intake.marks import marks_of
from kiosk.province.joining.stations import list_all
from kiosk.province.orders import Office
from tests.province_day import PC
from tests.province_home import NOW, Receiver, agrees, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, Made, Troubles, World, key_of, written
from tests.tries import tries

KEY = key_of(1, "TH-001", "01", 1)
LINES = PC(1, "TH-001", "01", 2, False).lines(date(2026, 11, 20), idle=True)
NOTHING = "0" * 64


@dataclass
class Pc:
    """Tells one day after the other. A copy of it goes on from the same place."""

    epoch: str = "a" * 16
    sequence: int = 0
    previous: str = NOTHING
    mood: str = ""
    told: list[Signed] = field(default_factory=list)

    def tell(self, day: int, revision: int = 1) -> Signed:
        self.sequence += 1
        fields = {"site": "TH-001", "station": "01", "policy": self.mood, "created": "2026-11-21T00:00:00+00:00",
                  "epoch": self.epoch, "lineage": "b" * 16, "day": f"2026-11-{day:02}", "revision": revision,
                  "sequence": self.sequence, "previous": self.previous}  # fmt: skip
        one = signed(KEY, written(LINES, fields))
        self.previous = one.sha256
        self.told.append(one)
        return one

    def copy(self, mood: str) -> "Pc":
        return Pc(self.epoch, self.sequence, self.previous, mood)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", [("TH-001", "01", KEY)])) as made:
        yield made


def marks(receiver: Receiver) -> dict[str, int]:
    return dict(marks_of(receiver.intake.ledger, "TH-001", "01", NOW).marks)


def alarms(receiver: Receiver) -> list[tuple[str, str]]:
    with receiver.intake.ledger.reading() as db:
        return list(db.execute("SELECT code, subject FROM alarms"))


def test_a_gap_holds_the_mark_until_it_is_filled(receiver: Receiver) -> None:
    pc = Pc()
    one, two, three, four = [pc.tell(day) for day in range(1, 5)]
    seen = []
    for bundle in (one, four, three, two):
        assert receiver.send([bundle]) == ["stored"]
        seen.append(marks(receiver)[pc.epoch])
    assert seen == [1, 1, 1, 4] and alarms(receiver) == []


def test_what_was_put_aside_for_its_day_holds_nothing_up(receiver: Receiver) -> None:
    pc = Pc()
    first = pc.tell(1)
    pc.sequence += 1
    ahead = signed(KEY, written(LINES, {
        "site": "TH-001", "station": "01", "policy": "", "created": "2026-11-21T00:00:00+00:00", "epoch": pc.epoch,
        "lineage": "b" * 16, "day": "2090-01-01", "revision": 1, "sequence": 2, "previous": pc.previous,
    }))  # fmt: skip
    pc.previous = ahead.sha256
    assert receiver.send([first, ahead, pc.tell(2)]) == ["stored", "FUTURE_DAY", "stored"]
    assert marks(receiver) == {pc.epoch: 3}


def test_a_new_epoch_begins_where_the_old_one_is_known(receiver: Receiver) -> None:
    pc = Pc()
    old = [pc.tell(1), pc.tell(2)]
    restored = Pc("c" * 16, 102, old[0].sha256)  # from a copy that knew the first alone
    new = [restored.tell(2, revision=9), restored.tell(3)]
    assert receiver.send(new) == ["stored", "stored"]
    assert marks(receiver) == {"c" * 16: 0}, "nobody can say what was before it"
    assert receiver.send(old) == ["stored", "stored"]
    assert marks(receiver) == {pc.epoch: 2, "c" * 16: 104}
    assert alarms(receiver) == []


@pytest.mark.parametrize("order", ["first", "copy", "mixed"])
def test_of_a_copied_disk_one_series_counts_whole_and_an_officer_hears(receiver: Receiver, order: str) -> None:
    pc = Pc()
    before = [pc.tell(day) for day in (1, 2, 3)]
    copy = pc.copy("the copy")
    mine, its = [pc.tell(day) for day in (4, 5, 6)], [copy.tell(day) for day in (7, 8, 9)]
    later = {"first": [*mine, *its], "copy": [*its, *mine], "mixed": [mine[0], *its, *mine[1:]]}[order]
    winner = its if order == "copy" else mine
    assert receiver.send(before) == ["stored"] * 3
    told = dict(zip([one.sha256 for one in later], receiver.send(later, many=1), strict=True))
    assert [told[one.sha256] for one in winner] == ["stored"] * 3
    losers = [one for one in later if one not in winner]
    assert [told[one.sha256] for one in losers] == ["REVISION_CONFLICT"] * 3
    assert marks(receiver) == {pc.epoch: 6}
    assert alarms(receiver) == [("CLONED", f"TH-001 01 {pc.epoch}")]


def test_a_pc_that_counts_on_in_a_place_that_was_given_to_another_is_told_of(receiver: Receiver) -> None:
    """Two PCs by the codes of one place: their memories differ, so both are added, and nothing else would show it."""
    pc = Pc()
    days = [pc.tell(day) for day in (17, 18, 20, 21)]
    retired = int(NOW.timestamp()) - 3 * 86_400  # on the 19th; a day more for a clock that is a little fast
    with receiver.intake.ledger.writing() as db:
        db.execute("UPDATE keys SET state = 'retired', until = ?", (retired,))
    assert receiver.send(days[:3]) == ["stored"] * 3 and alarms(receiver) == [], "a stick from before is welcome"
    assert receiver.send(days[3:]) == ["stored"]
    [(code, subject)] = alarms(receiver)
    assert code == "REPLACED" and subject.startswith("TH-001 01 ")
    [row] = list_all(Office(receiver.home, load(receiver.home.path), receiver.intake, "Lan", lambda: NOW))
    assert [(one["code"], one["detail"]) for one in row["alarms"]] == [("REPLACED", "2026-11-21")]
    assert "21/11/2026" in alarm_said(row["alarms"][0])


def test_of_a_copied_disk_no_number_counts_twice_in_any_order(receiver: Receiver) -> None:
    pc = Pc()
    before = [pc.tell(day) for day in (1, 2, 3)]
    copy = pc.copy("the copy")
    mine, its = [pc.tell(day) for day in (4, 5, 6)], [copy.tell(day) for day in (7, 8, 9)]
    order = [*before, mine[0], its[2], its[1], mine[1], its[0], mine[2]]
    told = dict(zip([one.sha256 for one in order], receiver.send(order, many=1), strict=True))
    stored = [[told[one.sha256] for one in pair].count("stored") for pair in zip(mine, its, strict=True)]
    assert stored == [1, 1, 1] and alarms(receiver) == [("CLONED", f"TH-001 01 {pc.epoch}")]


def test_two_that_name_the_same_one_before_them_do_not_both_count(receiver: Receiver) -> None:
    pc = Pc()
    first = pc.tell(1)
    copy = pc.copy("the copy")
    copy.sequence += 5
    assert receiver.send([first, pc.tell(2), copy.tell(3)]) == ["stored", "stored", "REVISION_CONFLICT"]
    waiting = Pc("d" * 16, 40, "e" * 64)
    other = waiting.copy("the copy")
    other.sequence += 7
    assert receiver.send([waiting.tell(4), other.tell(5)]) == ["stored", "REVISION_CONFLICT"]
    assert {code for code, _subject in alarms(receiver)} == {"CLONED"}


@pytest.mark.slow
@settings(max_examples=tries(12), deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_marks_are_those_of_the_plain_model_after_every_portion(seed: int, dice: random.Random) -> None:
    world = World(seed, sites=1, stations=2, days=25, troubles=Troubles(0.1, 0.02, 0.05, 0.03))
    order: list[Made] = list(world.bundles)
    dice.shuffle(order)
    model = Model()
    with TemporaryDirectory() as folder, receiving(new_home(Path(folder), world.keys)) as receiver:
        for begin in range(0, len(order), 16):
            part = order[begin : begin + 16]
            assert receiver.send(part) == [model.take(made) for made in part]
            agrees(receiver, model)
        assert alarms(receiver) == []


def test_an_honest_station_never_raises_an_alarm(tmp_path: Path) -> None:
    world = World(11, sites=2, stations=2, days=60, troubles=CALM)
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        assert set(receiver.send(world.bundles)) == {"stored"}
        assert alarms(receiver) == []
