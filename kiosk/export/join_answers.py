"""What the province answers to a code, over the network or on a stick: proved, then read."""

import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, RefusedError
from kiosk.export import asking, enrolment, join_by_stick
from kiosk.export.enrolment import Card
from kiosk.export.formats import SITE_CODE, STATION_NAME
from kiosk.export.handshake import NONCE_BYTES, Code, asks, proved, welcomes
from kiosk.export.join_refusals import refused
from kiosk.export.sealed import CARD, SealError, unproved
from kiosk.export.signing import Key
from kiosk.translations import _


def ask(url: str, code: Code, key: Key) -> tuple[str, str, Card]:
    """Site, station and card that the province proved to come from whoever knows the code."""
    by_stick = join_by_stick.is_stick(url)
    nonce = join_by_stick.nonce_of(key, code.find) if by_stick else secrets.token_hex(NONCE_BYTES)
    public = key.public.hex()
    asked = {"code": code.find, "public": public, "nonce": nonce, "mac": asks(code, public, nonce)}
    if by_stick:
        answer = join_by_stick.ask(Path(url), code.find, key, asked)
    else:
        answer = asking.post(url, "/v1/enrol", json.dumps(asked).encode(), asking.trusting_nobody())
    if answer.status == 403 and isinstance(answer.told.get("code"), str):
        if by_stick:
            join_by_stick.tidy(Path(url), code.find, key)  # the next try asks anew
        raise refused(answer.told["code"])
    text = answer.told.get("answer")
    if answer.status != 200 or not isinstance(text, str):
        raise asking.not_understood(url, answer)
    if not proved(answer.told.get("mac"), welcomes(code, public, nonce, text)):
        raise RefusedError(
            _("The answer does not come from whoever made this code: somebody may stand in between."),
            _("Nothing was changed. Try another network, and tell the province."),
        )
    return _read(url, text, key)


def _read(url: str, text: str, key: Key) -> tuple[str, str, Card]:
    try:
        told: dict[str, Any] = json.loads(text)
        site, station, sealed = told["site"], told["station"], told["card"]
        fits = SITE_CODE.fullmatch(site) and STATION_NAME.fullmatch(station) and told["key"] == key.id
        card = enrolment.card_in((enrolment.card_of(unproved(sealed, CARD), sealed).key,), sealed)
        card = replace(card, urls=tuple(asking.whole(one) for one in card.urls))
        if card.certificate:
            asking.trusting(card.certificate)
    except (ValueError, KeyError, TypeError, RecursionError, OSError, SealError, KioskError):
        fits = None
    if not fits:
        raise KioskError(
            _("The province's server answered something that this version of kiosk does not understand."),
            _("Tell the province which version runs here: kiosk --version."),
        )
    return site, station, card
