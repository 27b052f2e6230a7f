"""Bundles that were put aside: listed, looked at, released by an officer who says why."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.province.intake import Intake, Outcome
from kiosk.province.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Held:
    """One of them. `received` UTC; `site`, `station` of the key's owner, "" where nobody knows the key."""

    id: int
    sha256: str
    code: str
    detail: str
    key: str
    site: str
    station: str
    size: int
    received: str
    way: str
    decided: str | None


def held(ledger: Ledger, everything: bool = False) -> list[Held]:
    """What waits for a decision, oldest first; with `everything` also what was decided."""
    raise NotImplementedError


def content_of(intake: Intake, number: int) -> bytes:
    """The bytes of one. RefusedError when there is none of that number, or its bytes were too many to keep."""
    raise NotImplementedError


def release(intake: Intake, number: int, who: str, reason: str, now: datetime) -> Outcome:
    """Takes one after all; the station hears of it by a new receipt when it asks the next time.

    RefusedError when it cannot be read, was decided before, or nobody gave a reason.
    """
    raise NotImplementedError
