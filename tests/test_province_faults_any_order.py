"""Bundles in any order, a tenth of them again, a twentieth revised, junk among them: always the same ledger and lake.

Inputs = stored + duplicates + quarantined, always. The seed is printed; KIOSK_TEST_SEED repeats it.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.export.batch import Signed
from kiosk.export.signing import BUNDLE
from tests.province_home import NOW, agrees, new_home, receiving
from tests.province_lake import figures_agree, lake_hash
from tests.province_model import Model
from tests.province_rounds import SEED, dice, rounds
from tests.province_world import Made, Troubles, World, arrivals, key_of

pytestmark = pytest.mark.faults

ROUNDS = rounds(2, 6)
LIVELY = Troubles(revised=0.05, off=0.01, restored=0.01, reimaged=0.01)


@pytest.mark.slow
def test_the_same_state_and_lake_whatever_the_order(tmp_path: Path) -> None:
    chance = dice("order")
    inputs = 0
    for number in range(ROUNDS):
        world = World(chance.randrange(1 << 30), sites=3, stations=2, days=45, troubles=LIVELY)
        states, lakes = set(), set()
        for again in range(3):
            order = arrivals(world.bundles, chance) if again else list(world.bundles)
            home = new_home(tmp_path / f"{number}-{again}", world.keys)
            model = Model()
            with receiving(home) as receiver:
                expected = [model.take(made) for made in order]
                assert receiver.send(order, many=chance.choice([1, 7, 60])) == expected
                agrees(receiver, model)
                states.add(receiver.state())
            lakes.add(lake_hash(home))
            figures_agree(home, model)
            inputs += len(order)
        assert len(states) == len(lakes) == 1
    print(f"seed {SEED}: {ROUNDS} worlds in 3 orders, {inputs} inputs, the same ledger and lake each time")


@pytest.mark.slow
def test_inputs_are_always_stored_duplicates_and_quarantined_with_junk_from_several_threads(tmp_path: Path) -> None:
    chance = dice("threads")
    counts: Counter[str] = Counter()
    for number in range(ROUNDS):
        world = World(chance.randrange(1 << 30), sites=3, stations=2, days=30, troubles=LIVELY)
        junk = [_spoiled(made, chance) for made in chance.sample(world.bundles, len(world.bundles) // 8)]
        bundles = [
            *(made.signed for made in arrivals(world.bundles, chance)),
            *junk,
            *chance.sample(junk, len(junk) // 2),
        ]
        chance.shuffle(bundles)
        home = new_home(tmp_path / str(number), world.keys)
        model = Model()
        for made in world.bundles:
            model.take(made)
        with receiving(home) as receiver:
            bodies = [bundles[begin : begin + 9] for begin in range(0, len(bundles), 9)]
            with ThreadPoolExecutor(6) as pool:
                answers = list(pool.map(lambda body: receiver.intake.take(body, NOW), bodies))  # noqa: B023
            told = Counter(one.outcome for answer in answers for one in answer.outcomes)
            assert told.total() == len(bundles)
            assert told["stored"] == len(world.bundles)
            assert told["quarantined"] == len({one.sha256 for one in junk})
            agrees(receiver, model)
        counts += told
    print(f"seed {SEED}: {ROUNDS} worlds, {counts.total()} inputs by 6 threads: {dict(counts)}")


def _spoiled(made: Made, chance: random.Random) -> Signed:
    """What nobody may take: another byte, another's key, a key that nobody knows."""
    match chance.randrange(3):
        case 0:
            content = bytearray(made.content)
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            return replace(made.signed, content=bytes(content))
        case 1:
            content = made.content + bytes([chance.randrange(256)])
            return replace(made.signed, content=content)
        case _:
            stranger = key_of(chance.randrange(1 << 30), "TH-999", "99", 1)
            content = made.content + b"!"
            return Signed(stranger.id, stranger.sign(BUNDLE, content), content)
