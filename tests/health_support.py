"""A real Health over a station that is only described: its store is real, its state is what the test says."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from store_support import reading

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.rules.policy import Policy, parse_policy
from kiosk.service.health import Health
from kiosk.service.reconcile import Reconciler
from kiosk.store import Store

CLOCK = {"trusted": True, "because": "synchronised", "why_not": None, "offset": 0,
         "undated": {"visits": 0, "minutes": 0, "boots": 0}}  # fmt: skip


def health_of(
    store: Store,
    state: Mapping[str, Any] | None = None,
    policy: Policy | None = None,
    read: Callable[[], Reading] = lambda: reading(),
    trouble: KioskError | None = None,
) -> Health:
    """`state`: the state message; `trouble`: what the recorder met when it last wrote."""
    station = SimpleNamespace(
        store=store,
        snapshot={"state": "free", "clock": CLOCK, **(state or {})},
        policy=policy or parse_policy({}),
        clock=SimpleNamespace(read=read),
        recorder=SimpleNamespace(trouble=trouble),
        meter=SimpleNamespace(online=True),
    )
    return Health(cast(Reconciler, station), lambda: ("1.0", "0123456789abcdef"))
