"""The province changes the key that signs its receipts, so that no station ever doubts one.

First the new key is made and told on the card, which the old one seals: from then on stations take receipts by either.
When they have had time to hear of it, the province goes over: the new key seals the card and signs. Who was away all
that time asks for the last card of the key they know (GET /v1/card?by=KEY), and follows from there.
"""

from datetime import datetime
from typing import Any

from kiosk.errors import RefusedError
from kiosk.export.files import trouble
from kiosk.export.sealed import CARD, unproved
from kiosk.export.signing import Key
from kiosk.province.door.card import card_now, kept_card
from kiosk.province.door.tls import certificate_for_card
from kiosk.province.home import Home
from kiosk.province.memory.rows import deed, seconds
from kiosk.province.orders import Office
from kiosk.province.settings import Settings
from kiosk.translations import _

NEXT = "next.key"
# A station that was away for a month has heard of the next key when it is used.
DAYS = 35


def rotate(office: Office, switch: bool = False, hurry: bool = False, reason: str = "") -> dict[str, Any]:
    """Make and announce the next key; with `switch` go over to the one that was announced.

    RefusedError: it was announced already; or none was, or not long enough ago (`hurry` does it nevertheless).
    """
    now = office.now()
    if not switch:
        following = _to_announce(office.home)
        with office.ledger.writing() as db:  # first: a key without it could be gone over to at once
            deed(db, seconds(now), office.who, "next key", following.id, reason)
        _save(following, office.home)
    else:
        following = _announced(office, now, hurry)
        with office.ledger.writing() as db:
            deed(db, seconds(now), office.who, "change key", f"{office.key.id} -> {following.id}", reason)
        go_over(office.home, office.settings, following, now)
        office.intake.key = following
    card = card_now(office.home, office.settings, office.key, certificate_for_card(office.home, office.settings, now),
                    now, None if switch else following)  # fmt: skip
    office.changed()
    return {"key": office.key.id, "next_key": None if switch else following.id, "card": card.version}


def next_key(home: Home) -> Key | None:
    """The key that was announced; None where none was."""
    return Key.load(home.keys / NEXT) if (home.keys / NEXT).exists() else None


def go_over(home: Home, settings: Settings, following: Key, now: datetime) -> None:
    """The card by the new key first, then the key: `finish` does the second where a power cut came in between."""
    card_now(home, settings, following, certificate_for_card(home, settings, now), now)
    finish(home)


def finish(home: Home) -> None:
    """Where the card is sealed by the next key already, that one is the key."""
    following, card = next_key(home), kept_card(home)
    if following is None or card is None or card.by != following.id:
        return
    try:
        following.save(home.key)
        (home.keys / NEXT).unlink()
    except OSError as error:
        raise trouble(home.keys, error) from error


def _to_announce(home: Home) -> Key:
    """A new key, or the one that no card has told yet, because something came in between."""
    following, card = next_key(home), kept_card(home)
    if following is None:
        return Key.make()
    if card is not None and unproved(card.sealed, CARD).get("next_key") == following.public.hex():
        raise RefusedError(
            _("The next key is announced already."), _("Go over to it with: kiosk province key rotate --switch")
        )
    return following


def _announced(office: Office, now: datetime, hurry: bool) -> Key:
    following = next_key(office.home)
    if following is None:
        raise RefusedError(
            _("No next key was announced."),
            _("First make one, and let the stations hear of it: kiosk province key rotate"),
        )
    with office.ledger.reading() as db:
        row = db.execute(
            "SELECT max(at) FROM deeds WHERE deed = 'next key' AND subject = ?", (following.id,)
        ).fetchone()
    days = 0 if row[0] is None else (seconds(now) - row[0]) // 86_400
    if days < DAYS and not hurry:
        raise RefusedError(
            _("The next key was announced {n} days ago; stations that were away may not know it yet.", n=days),
            _("Wait until {total} days have passed, or add --now where the old key is in wrong hands.", total=DAYS),
        )
    return following


def _save(key: Key, home: Home) -> None:
    try:
        key.save(home.keys / NEXT)
    except OSError as error:
        raise trouble(home.keys, error) from error
