"""`kiosk check` on the equipment: what the panel's page says of it, word for word (rules/health.py).

Where kiosk runs, the service is asked; else only what can be seen without it is said: disk, memory, software.
"""

from collections.abc import Iterator
from typing import Any

from kiosk.errors import KioskError
from kiosk.export.run import policy_hash, software_version
from kiosk.rules.health import Facts, lamps
from kiosk.service import client
from kiosk.service.doctor.findings import Finding
from kiosk.service.health_sources import free_disk, memory
from kiosk.settings import Paths

STATES: dict[str, Any] = {"good": "good", "off": "good", "unknown": "warn", "look": "warn", "bad": "bad"}
SEEN_FROM_OUTSIDE = ("disk", "memory", "software")


def health(paths: Paths) -> Iterator[Finding]:
    """A finding for each light."""
    if client.running(paths):
        try:
            told = client.ask(paths, "status")["health"]["lamps"]
        except KioskError as error:
            yield Finding("health", "warn", error.message, error.hint)
            return
        yield from (_finding(**lamp) for lamp in told)
    else:
        yield from (_finding(**vars(lamp)) for lamp in lamps(from_outside(paths)) if lamp.thing in SEEN_FROM_OUTSIDE)


def from_outside(paths: Paths) -> Facts:
    """What anybody on this PC can see of it."""
    place = next(parent for parent in (paths.home, *paths.home.parents) if parent.exists())
    free, whole = memory()
    return Facts(free_disk=free_disk(place), free_memory=free, memory=whole, version=software_version(),
                 policy=policy_hash(paths)[:8])  # fmt: skip


def _finding(thing: str, light: str, reason: str, todo: str, line: int = 0) -> Finding:
    return Finding(thing, STATES[light], reason, todo)
