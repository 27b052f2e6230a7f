"""What a bundle costs on its way into archive and ledger, durably, beside the bare check of its signature."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timezone

from kiosk.export.batch import Signed, pack, unpack
from kiosk.export.signing import BUNDLE, verify
from kiosk.province.home import Home, the_one
from kiosk.province.intake.intake import Intake, open_intake
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.province_stage import new_home
from scripts.benchmarks.stage import folder, say
from tests.province_nation import nation, stations

SITES = (5,) * 80
DAYS = 30
ROUNDS = 8
BUDGET = 2.5  # checks: a rate of 0.4 of theirs
MONTH, FULL = 30, 400  # bundles of a body: a PC that was away a month; as many as a stick's or a courier's body holds


def measure() -> list[Figure]:
    """The same bundles checked barely and taken whole, in turn, in one process and one thread."""
    place = nation(DAYS, SITES)
    senders = list(stations(place))
    publics = {one.public for one in senders}
    say(f"{len(senders) * DAYS} bundles of {len(publics)} PCs")
    bundles = [bundle for one in senders for bundle in unpack(one.body(place))]
    keys = {bundle.key: bytes.fromhex(one.public) for one in senders for bundle in unpack(one.last_night(place))}
    figures = []
    for name, size in (("bodies of 30", MONTH), ("bodies of 400", FULL)):
        with folder() as where:
            checks, takes = _in_turn(new_home(where / "home", senders), bundles, keys, size)
        ratios = [take / check for take, check in zip(takes, checks, strict=True)]
        rate = 1e6 / statistics.median(takes)
        figures.append(
            median(f"bundle taken for good, {name}", ratios, "checks", BUDGET, known="a naive spool 2.2",
                   note=f"checks of the signature alone: {statistics.median(checks):.0f} µs; taken, with unpacking, "
                        f"reading, archive, ledger and receipt, fsynced: {statistics.median(takes):.0f} µs, {rate:.0f} "
                        f"a second, {1 / statistics.median(ratios):.2f} of the bare rate")
        )  # fmt: skip
    return figures


def _in_turn(
    home: Home, bundles: Sequence[Signed], keys: dict[str, bytes], size: int
) -> tuple[list[float], list[float]]:
    """Microseconds for a bundle: barely checked, and taken."""
    part = len(bundles) // ROUNDS
    checks, takes = list[float](), list[float]()
    with the_one(home):
        intake = open_intake(home)
        for number in range(ROUNDS):
            some = bundles[number * part : (number + 1) * part]
            for one in some:  # each key is read once, as it is for the intake
                verify(keys[one.key], BUNDLE, one.content, one.signature)
            begun = time.perf_counter()
            good = sum(verify(keys[one.key], BUNDLE, one.content, one.signature) for one in some)
            checks.append((time.perf_counter() - begun) * 1e6 / part)
            assert good == part
            takes.append(_take(intake, some, size))
        intake.close()
    return checks, takes


def _take(intake: Intake, some: Sequence[Signed], size: int) -> float:
    bodies = [pack(some[begin : begin + size]) for begin in range(0, len(some), size)]
    now = datetime.now(timezone.utc)
    begun = time.perf_counter()
    stored = sum(one.outcome == "stored" for body in bodies for one in intake.take(unpack(body), now).outcomes)
    took = (time.perf_counter() - begun) * 1e6 / len(some)
    assert stored == len(some)
    return took
