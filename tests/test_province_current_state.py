"""What counts is the same in whatever order bundles come, with replays and revisions: the highest of each lineage."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.export.batch import Signed, signed
from tests.province_current import current
from tests.province_day import PC
from tests.province_home import Receiver, new_home, receiving
from tests.province_world import key_of, written
from tests.tries import tries

DAYS = ["2026-11-18", "2026-11-19", "2026-11-20"]
KEY = key_of(1, "TH-001", "01", 1)
LINES = PC(1, "TH-001", "01", 2, False).lines(date(2026, 11, 20), idle=True)


@dataclass(frozen=True)
class Told:
    """One bundle of a made-up life."""

    lineage: str
    day: str
    revision: int
    bundle: Signed


@st.composite
def lives(draw: st.DrawFn) -> list[Told]:
    """One or two lineages (a new image), each of one or two epochs (a restore), each telling days again and again."""
    told: list[Told] = []
    for lineage in range(draw(st.integers(1, 2))):
        previous, sequence = "0" * 64, 0
        revisions: dict[str, int] = {}
        for epoch in range(draw(st.integers(1, 2))):
            sequence += 100 * bool(epoch)
            for day in draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=4)):
                sequence += 1
                revisions[day] = revisions.get(day, 0) + draw(st.integers(1, 3))
                names: dict[str, Any] = {"lineage": f"{lineage:016x}", "epoch": f"{lineage * 7 + epoch + 1:016x}",
                                         "day": day, "revision": revisions[day], "sequence": sequence}  # fmt: skip
                fixed = {"site": "TH-001", "station": "01", "policy": "", "created": "2026-11-21T00:00:00+00:00"}
                bundle = signed(KEY, written(LINES, names | fixed | {"previous": previous}))
                previous = bundle.sha256
                told.append(Told(f"{lineage:016x}", day, revisions[day], bundle))
    return told


@settings(max_examples=tries(25), deadline=None)
@given(lives(), st.data())
def test_any_order_gives_the_same_state_and_every_input_is_accounted_for(told: list[Told], data: st.DataObject) -> None:
    order = data.draw(st.permutations(told))
    again = data.draw(st.lists(st.sampled_from(told), max_size=5))
    many = data.draw(st.integers(1, 9))
    states = []
    for arrivals in (told, [*order, *again]):
        with TemporaryDirectory() as folder, receiving(new_home(Path(folder), [("TH-001", "01", KEY)])) as receiver:
            became = receiver.send([one.bundle for one in arrivals], many=many)
            assert became.count("stored") == len(told) and set(became) <= {"stored", "duplicate"}
            assert len(became) == len(arrivals)
            assert counting(receiver) == highest(told)
            states.append(receiver.state())
            assert alarms(receiver) == 0
    assert states[0] == states[1]


def highest(told: list[Told]) -> dict[tuple[str, str], tuple[int, str]]:
    """The plain model."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for one in sorted(told, key=lambda one: one.revision):
        found[one.day, one.lineage] = (one.revision, one.bundle.sha256)
    return found


def counting(receiver: Receiver) -> dict[tuple[str, str], tuple[int, str]]:
    return {(one.day, one.lineage): (one.revision, one.sha256) for one in current(receiver.intake.ledger)}


def alarms(receiver: Receiver) -> int:
    with receiver.intake.ledger.reading() as db:
        return int(db.execute("SELECT count(*) FROM alarms").fetchone()[0])
