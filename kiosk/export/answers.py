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


@dataclass(frozen=True)
class Memory:
    """What is remembered at the province, as the newest marks named it, and their moment; empty before any came."""

    ledger: str = ""
    at: str = ""

    def outdates(self, marks: Marks) -> bool:
        """Whether marks that were carried here are older than those: somebody found them on an old stick."""
        return bool(self.at) and (marks.at < self.at if marks.ledger == self.ledger else marks.at <= self.at)


@dataclass
class Proved:
    """`stored` {sha256: when, UTC}, `refused` {sha256: code}; `false`: texts that prove nothing.

    `ledger`, `marks`, `at`: of the newest marks among them, "" without any.
    """

    stored: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    ledger: str = ""
    marks: dict[str, int] = field(default_factory=dict)
    at: str = ""
    false: int = 0

    @property
    def names(self) -> set[str]:
        """Every bundle that was answered for."""
        return {*self.stored, *self.refused}

    def as_told(self) -> dict[str, Any]:
        """For the service."""
        return {"stored": self.stored, "refused": self.refused, "ledger": self.ledger, "marks": self.marks,
                "at": self.at}  # fmt: skip


def proved(enrolled: Enrolled, texts: Iterable[object], marks: object = None) -> Proved:
    """Everything in an answer over the line that the province of this station said to it: it counts as it comes."""
    found, receipts, _carried = _sorted(enrolled, texts)
    if marks is not None:
        told = _marks(enrolled, marks)
        if told is None or not _is_ours(enrolled, told):
            found.false += 1
        else:
            _take_marks(found, told)
    _take_receipts(found, receipts, "")
    return found


def proved_in_place(enrolled: Enrolled, texts: Iterable[object], known: Memory) -> Proved:
    """Everything that it laid into `receipts/` of a place, receipts and marks, where what is old may lie about too.

    Marks from before those that are known say nothing, nor do receipts of a memory that the province has no more.
    """
    found, receipts, carried = _sorted(enrolled, texts)
    newest = max((one for one in carried if not known.outdates(one)), key=lambda one: one.at, default=None)
    if newest is not None:
        _take_marks(found, newest)
    _take_receipts(found, receipts, found.ledger or known.ledger)
    return found


def _sorted(enrolled: Enrolled, texts: Iterable[object]) -> tuple[Proved, list[Receipt], list[Marks]]:
    found, receipts, carried = Proved(), list[Receipt](), list[Marks]()
    for sealed in texts:
        if (receipt := _receipt(enrolled, sealed)) is not None:
            receipts += [receipt] if _is_ours(enrolled, receipt) else []
        elif (marks := _marks(enrolled, sealed)) is not None:
            carried += [marks] if _is_ours(enrolled, marks) else []
        else:
            found.false += 1
    return found, receipts, carried


def _take_receipts(found: Proved, receipts: Iterable[Receipt], ledger: str) -> None:
    for receipt in receipts:
        if receipt.ledger and ledger and receipt.ledger != ledger:
            continue
        found.refused |= receipt.refused
        for sha256 in receipt.stored:
            found.stored[sha256] = min(found.stored.get(sha256, receipt.at), receipt.at)
    # What was put aside once and released since is stored: nothing that is stored is ever lost.
    found.refused = {sha256: code for sha256, code in found.refused.items() if sha256 not in found.stored}


def _take_marks(found: Proved, marks: Marks) -> None:
    found.ledger, found.marks, found.at = marks.ledger, dict(marks.marks), marks.at


def _is_ours(enrolled: Enrolled, said: Receipt | Marks) -> bool:
    return (said.site, said.station) == (enrolled.site, enrolled.station)


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
        return marks
    return None


def _text(sealed: object) -> str | bytes:
    if not isinstance(sealed, (str, bytes)):
        raise SealError("not a signed text")
    return sealed
