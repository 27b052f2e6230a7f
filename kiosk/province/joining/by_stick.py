"""PCs without a network join by a stick: each question that lies on it (export/join_by_stick.py) is answered there."""

import json
from datetime import datetime

from kiosk.province.door.card import card_now
from kiosk.province.door.key_change import next_key
from kiosk.province.door.refusals import Refusal
from kiosk.province.door.tls import certificate_for_card
from kiosk.province.intake.ingest_places import Source
from kiosk.province.joining.enrolment import enrol
from kiosk.province.orders import Office

MOST = 4_096  # bytes of a question


def let_join(office: Office, place: Source) -> tuple[int, str]:
    """How many have joined by the questions there, and why an answer could not be written ("": all could)."""
    joined, unwritten = 0, ""
    for question in place.questions():
        try:
            asked = json.loads(place.read(question, MOST) or b"")
        except (OSError, ValueError, RecursionError):
            continue  # cut off on its way; the PC asks again
        told = _answer(office, asked, office.now())
        try:
            place.put_answer(question, json.dumps(told))
            joined += "answer" in told
        except OSError as error:
            unwritten = str(error.strerror or error)
    return joined, unwritten


def _answer(office: Office, asked: object, now: datetime) -> dict[str, str]:
    certificate = certificate_for_card(office.home, office.settings, now)
    card = card_now(office.home, office.settings, office.key, certificate, now, next_key(office.home))
    try:
        return enrol(office.ledger, asked, card.sealed, now)
    except Refusal as refusal:
        return {"code": refusal.code}
