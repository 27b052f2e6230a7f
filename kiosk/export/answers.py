"""What the province answered, proved: receipts and marks by its own key and of this station alone. For the courier.

What it did not sign counts for nothing, and is counted, so that somebody hears of it; what it said to another station
is passed over: a stick goes from one to the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.export.enrolment import Enrolled
from kiosk.export.receipts import Marks, Receipt, marks_in, receipt_in
from kiosk.export.sealed import SealError


@dataclass
class Proved:
    """`stored` {sha256: when, UTC}, `refused` {sha256: code}; `false`: texts that prove nothing."""

    stored: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    ledger: str = ""
    marks: dict[str, int] = field(default_factory=dict)
    false: int = 0

    @property
    def names(self) -> set[str]:
        """Every bundle that was answered for."""
        return {*self.stored, *self.refused}

    def as_told(self) -> dict[str, Any]:
        """For the service."""
        return {"stored": self.stored, "refused": self.refused, "ledger": self.ledger, "marks": self.marks}


def proved(enrolled: Enrolled, receipts: Iterable[object], marks: object = None) -> Proved:
    """Everything among these texts that the province of this station said to it."""
    found = Proved()
    for sealed in receipts:
        receipt = _receipt(enrolled, sealed)
        if receipt is None:
            found.false += 1
        if receipt is None or (receipt.site, receipt.station) != (enrolled.site, enrolled.station):
            continue
        found.refused |= receipt.refused
        for sha256 in receipt.stored:
            found.stored[sha256] = min(found.stored.get(sha256, receipt.at), receipt.at)
    # What was put aside once and released since is stored: nothing that is stored is ever lost.
    found.refused = {sha256: code for sha256, code in found.refused.items() if sha256 not in found.stored}
    if marks is not None:
        told = _marks(enrolled, marks)
        if told is None:
            found.false += 1
        else:
            found.ledger, found.marks = told.ledger, dict(told.marks)
    return found


def _receipt(enrolled: Enrolled, sealed: object) -> Receipt | None:
    for key in enrolled.province:
        try:
            receipt = receipt_in(key, _text(sealed))
            moment = datetime.fromisoformat(receipt.at)
        except (SealError, ValueError):
            continue
        if moment.tzinfo is not None:
            return receipt
    return None


def _marks(enrolled: Enrolled, sealed: object) -> Marks | None:
    for key in enrolled.province:
        try:
            marks = marks_in(key, _text(sealed))
        except SealError:
            continue
        if (marks.site, marks.station) == (enrolled.site, enrolled.station):
            return marks
    return None


def _text(sealed: object) -> str | bytes:
    if not isinstance(sealed, (str, bytes)):
        raise SealError("not a signed text")
    return sealed
