"""What a bundle is worth, as far as its own bytes, its key and the date say it. Pure: nothing is kept or looked up.

The order is part of the promise: nothing is unpacked or parsed before the signature is right.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.clock import LOCAL
from kiosk.export.batch import Signed
from kiosk.export.formats import Bundle

FIRST_DAY = "2020-01-01"


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What was found on a stick and is no signed bundle: its bytes, the code and what is wrong with it."""

    content: bytes
    code: str
    detail: str


def last_day(now: datetime) -> str:
    """The latest day that a bundle may be of: tomorrow in Vietnam, for a PC whose clock is a little fast."""
    return (now.astimezone(LOCAL).date() + timedelta(days=1)).isoformat()
