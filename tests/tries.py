"""How often tests that throw dice throw them: as often as they say, and a tenth as often in `scripts/test --fast`."""

import os
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings

FAST = os.environ.get("KIOSK_TEST_FAST") == "1"


def tries(whole: int) -> int:
    """`whole` in a whole run; in a fast one a tenth, but not fewer than five."""
    return max(min(whole, 5), whole // 10) if FAST else whole


def some(places: Sequence[Any]) -> Sequence[Any]:
    """All of them in a whole run; in a fast one every fifth."""
    return places[::5] if FAST else places


def choose_profile() -> None:
    """What holds for every property test: no bound by the clock, which a busy machine exceeds without any fault."""
    settings.register_profile(
        "kiosk", max_examples=tries(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("kiosk")
