"""What the province answers, signed: which bundles it has on its disk for good, which it has put aside and why.

A receipt is of one station:  {site, station, at, ledger, stored: [sha256, ...], refused: {sha256: code, ...}}
The marks say how far its series have come:  {site, station, at, ledger, marks: {epoch: sequence}}; `sequence` is the
last one up to which none is missing. `ledger` names what the province remembers: it is another one after a restore.
Then whoever has receipts above the mark of it sends those bundles again, and receipts of another ledger than that of
the newest marks say nothing any more. Receipts without a ledger, and marks without a moment, are older than these
fields.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.export.sealed import MARKS, RECEIPT, Payload, SealError, opened, seal
from kiosk.export.signing import Key

# Beside the receipts on a stick, and after them by its name.
MARKS_FILE = "{site}_{station}_marks.json"
_HASH, _EPOCH, _CODE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{16}"), re.compile("[A-Z_]{3,32}")


@dataclass(frozen=True)
class Receipt:
    """`at`: when the province had them, UTC. Nothing in `stored` is ever lost; `refused` tells the reason's code.

    `ledger`: the memory that has them.
    """

    site: str
    station: str
    at: str
    stored: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    ledger: str = ""

    def sealed(self, key: Key) -> str:
        """As it is kept and sent."""
        said = {"site": self.site, "station": self.station, "at": self.at, "ledger": self.ledger}
        return seal(key, RECEIPT, said | {"stored": self.stored, "refused": dict(self.refused)})


@dataclass(frozen=True)
class Marks:
    """How far the province's memory `ledger` had come by epoch, at that moment (UTC; "" where it is not told)."""

    site: str
    station: str
    ledger: str
    marks: Mapping[str, int]
    at: str = ""

    def sealed(self, key: Key) -> str:
        """As it is sent."""
        said = {"site": self.site, "station": self.station, "at": self.at, "ledger": self.ledger}
        return seal(key, MARKS, said | {"marks": dict(self.marks)})


def receipt_in(public: bytes, sealed: str | bytes) -> Receipt:
    """The receipt that the province of that key signed; SealError where it is none."""
    payload = opened(public, RECEIPT, sealed)
    stored, refused = payload.get("stored"), payload.get("refused")
    if not isinstance(stored, list) or not isinstance(refused, dict):
        raise SealError("not a receipt")
    if not all(_is(_HASH, name) for name in (*stored, *refused)) or not all(_is(_CODE, it) for it in refused.values()):
        raise SealError("not a receipt")
    site, station, at, ledger = _texts({"ledger": ""} | payload, "site", "station", "at", "ledger")
    return Receipt(site, station, at, tuple(stored), refused, ledger)


def marks_in(public: bytes, sealed: str | bytes) -> Marks:
    """The marks that the province of that key signed; SealError where they are none."""
    payload = opened(public, MARKS, sealed)
    marks = payload.get("marks")
    if not isinstance(marks, dict) or not all(_is(_EPOCH, name) for name in marks):
        raise SealError("not marks")
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in marks.values()):
        raise SealError("not marks")
    site, station, ledger, at = _texts({"at": ""} | payload, "site", "station", "ledger", "at")
    return Marks(site, station, ledger, marks, at)


def _texts(payload: Payload, *names: str) -> tuple[str, ...]:
    if not all(isinstance(payload.get(name), str) for name in names):
        raise SealError("a field is missing")
    return tuple(payload[name] for name in names)


def _is(pattern: "re.Pattern[str]", value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
