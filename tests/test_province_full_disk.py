"""A full disk: a sentence, nothing half taken, and when there is room again it goes on. On a real small tmpfs."""

import json
from pathlib import Path

import pytest

from tests.store_support import on_small_disk

SCRIPT = """
import json
from kiosk.errors import KioskError
from tests.province_home import agrees, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, World

world = World(8, sites=2, stations=2, days=30, troubles=CALM)
home = new_home(disk / "home", world.keys)
model, said, refused = Model(), set(), 0
ballast = disk / "ballast"

def fill(leave):
    with open(ballast, "ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    with open(ballast, "r+b") as file:
        file.truncate(max(0, ballast.stat().st_size - leave))

adopted = []
with receiving(home) as receiver:
    adopt = receiver.intake.keeping._adopt
    receiver.intake.keeping._adopt = lambda looks, end: adopted.append(len(looks)) or adopt(looks, end)
    bundles = list(world.bundles)
    for number in range(0, len(bundles), 10):
        part = bundles[number : number + 10]
        # Less and less is left: the segment has no room, or the ledger's log, or neither.
        for leave in (0, 4096 * (number // 10 % 9), 65_536):
            fill(leave)
            try:
                receiver.send(part)
                break
            except KioskError as error:
                refused += 1
                said.add(error.message)
                ballast.unlink()
        else:
            receiver.send(part)
        if ballast.exists():
            ballast.unlink()
        for made in part:
            model.take(made)
        agrees(receiver, model)
    state = receiver.state()
with receiving(home) as receiver:
    agrees(receiver, model)
    assert receiver.state() == state
    records = [one.bundle.sha256 for one in receiver.intake.archive.records()]
    assert len(records) == len(set(records)) == len(bundles), "no record twice, none half"
print(json.dumps({"refused": refused, "said": sorted(said), "stored": len(model.known), "adopted": sum(adopted)}))
"""


@pytest.mark.slow
def test_a_full_disk_takes_nothing_half_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    done = on_small_disk(SCRIPT, tmp_path / "disk", size="3m")
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    print(f"{told['refused']} times full, {told['stored']} bundles stored, {told['adopted']} of them by themselves")
    assert told["refused"] >= 8 and told["stored"] == 120
    assert told["adopted"] > 0, "never was there room for the segment and none for the ledger"
    assert all("no room left" in one for one in told["said"]), told["said"]
