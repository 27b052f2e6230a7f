"""A body of bundles comes over the network: looked at as a whole, taken, answered with receipts and marks."""

import re
from hashlib import sha256
from typing import Any

from kiosk.export.batch import BatchError, Signed, unpack
from kiosk.province.door.desk import Desk
from kiosk.province.door.refusals import Refusal
from kiosk.province.intake.intake import Answer
from kiosk.province.intake.marks import marks_of
from kiosk.province.intake.orders import proved_keys
from kiosk.province.joining.enrolment import first_use
from kiosk.province.memory.rows import KnownKey
from kiosk.translations import _

_NAME = re.compile("[0-9a-f]{64}")


def take(desk: Desk, name: str, body: bytes) -> tuple[dict[str, Any], str]:
    """What is answered to a body that is said to have this sha256, and how to tell of it in the log.

    Refusal where it is not that body, or no such body at all; KioskError where nothing could be kept.
    """
    bundles = _unpacked(name, body)
    with desk.turn():
        answer = desk.intake.take(bundles, desk.now())
    desk.took(answer)
    known = {key: desk.ledger.key(key) for key in {bundle.key for bundle in bundles}}
    first_use(desk.ledger, proved_keys(bundles, answer), desk.now())
    told = {"receipts": answer.receipts, "marks": _marks(desk, known), "card": desk.card.version}
    return told, _counted(answer)


def _unpacked(name: str, body: bytes) -> list[Signed]:
    if not _NAME.fullmatch(name) or sha256(body).hexdigest() != name:
        raise Refusal(400, "HASH", _("These are not the bytes that the address names; they were changed on the way."))
    try:
        bundles = unpack(body)
    except BatchError as error:
        status = 413 if error.code == "TOO_BIG" else 400
        raise Refusal(status, error.code, _("That is no body of bundles: {why}.", why=error)) from None
    if not bundles:
        raise Refusal(400, "EMPTY", _("There is no bundle in it."))
    return bundles


def _marks(desk: Desk, known: dict[str, KnownKey | None]) -> str | None:
    """The sealed marks of the station that sends; None where several do, or one that nobody knows."""
    owners = set(known.values())
    places = {(owner.site, owner.name) if owner is not None else None for owner in owners}
    if len(places) != 1 or (place := places.pop()) is None:
        return None
    site, station = place
    return marks_of(desk.ledger, site, station, desk.now()).sealed(desk.intake.key)


def _counted(answer: Answer) -> str:
    counts = {"stored": 0, "duplicate": 0, "quarantined": 0}
    for one in answer.outcomes:
        counts[one.outcome] += 1
    return " ".join(f"{count} {name}" for name, count in counts.items() if count)
