"""How often fault tests of the province throw their dice: few times in a whole run, in full by scripts/test --faults.

KIOSK_TEST_SEED repeats a run; the seed is printed by whoever uses it.
"""

import multiprocessing
import os
import random

FULL = "KIOSK_TEST_KILLS" in os.environ
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))


def rounds(few: int, full: int) -> int:
    """So many now."""
    return full if FULL else few


def dice(*what: object) -> random.Random:
    """Dice of their own for each test, all of the one seed."""
    return random.Random(f"{SEED}/{what}")


# Processes to be killed begin at once: what they need was loaded before, in the one that they are forked from.
STARTING = multiprocessing.get_context("forkserver")
STARTING.set_forkserver_preload(
    ["kiosk.province.intake.intake", "kiosk.province.home", "kiosk.province.lake.building",
     "kiosk.province.lake.from_ledger", "pyarrow.parquet", "cryptography.hazmat.primitives.asymmetric.ed25519"]
)  # fmt: skip
