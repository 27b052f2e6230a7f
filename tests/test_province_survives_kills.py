"""The serving province is killed in the middle of requests: nothing it answered is lost, nothing is counted twice."""

import signal
import threading
import time
from http.client import HTTPException
from pathlib import Path

import pytest

from kiosk.export.receipts import receipt_in
from kiosk.province import home as homes
from tests.collector_stage import serving, small_world
from tests.province_home import Receiver, agrees, receiving
from tests.province_model import Model
from tests.province_rounds import SEED, dice, rounds
from tests.province_world import Made

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def test_killed_while_many_send_it_has_what_it_answered_and_every_pc_ends_with_all_told(tmp_path: Path) -> None:
    kills, random = rounds(3, 12), dice("kills of serve")
    world = small_world(SEED, stations=6, sites=2, days=40)
    waiting = {f"{site} {station}": [made for made in world.bundles if (made.site, made.station) == (site, station)]
               for site, station, _key in world.keys}  # fmt: skip
    answered: list[Made] = []
    with serving(tmp_path / "home") as province:
        province.join_all(world)
        public = bytes.fromhex(homes_key(province.home))

        def send(mine: list[Made]) -> None:
            """Sends five days at a time, and those again that were not answered: as a PC does."""
            while mine:
                try:
                    said = province.put([made.signed for made in mine[:5]])
                except (OSError, HTTPException, ValueError):
                    time.sleep(0.02)
                    continue
                if said.status == 200:
                    stored = {name for one in said.told["receipts"] for name in receipt_in(public, one).stored}
                    answered.extend(made for made in mine[:5] if made.sha256 in stored)
                    mine[:] = [made for made in mine if made.sha256 not in stored]

        senders = [threading.Thread(target=send, args=(mine,)) for mine in waiting.values()]
        for thread in senders:
            thread.start()
        for _kill in range(kills):
            time.sleep(random.uniform(0.02, 0.4))
            province.stop(signal.SIGKILL)
            province.start()
        for thread in senders:
            thread.join()
    print(f"seed {SEED}: {kills} kills, {len(answered)} bundles answered")
    model = Model()
    for made in world.bundles:
        model.take(made)
    with receiving(homes.Home(tmp_path / "home")) as receiver:
        assert isinstance(receiver, Receiver)
        agrees(receiver, model)
    assert sorted(made.sha256 for made in answered) == sorted(made.sha256 for made in world.bundles)


def homes_key(path: Path) -> str:
    """The province's public key."""
    from kiosk.export.signing import Key

    return Key.load(homes.Home(path).key).public.hex()
