"""The card: what the province says of itself, sealed by its key; a new version whenever anything in it changes.

Kept beside the keys, so that its version never falls. Versions are seconds since 1970, or the last one plus one: also a
home that was restored from an old copy makes cards that are newer than those it gave out before.

A station believes a card by the key that it has pinned, or by the next one that an earlier card named. For those that
were away while the key changed, the last card of each earlier key is kept and told to whoever asks by that key.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.errors import DamagedError
from kiosk.export.files import put
from kiosk.export.sealed import CARD, SealError, opened, seal, unproved
from kiosk.export.signing import Key
from kiosk.province.home import Home
from kiosk.province.settings import Settings
from kiosk.translations import _

FILE = "card.json"


@dataclass(frozen=True)
class Card:
    """`sealed`: as it is sent; `by`: the id of the key that sealed it; `earlier`: by key, the last card of it."""

    version: int
    sealed: str
    by: str
    earlier: Mapping[str, str] = field(default_factory=dict)


def card_now(
    home: Home, settings: Settings, key: Key, certificate: str, now: datetime, following: Key | None = None
) -> Card:
    """The card that is in force: the kept one where it still says what is true, else a new one, written first."""
    before = kept_card(home)
    told: dict[str, Any] = {
        "name": settings.province.name,
        "key": key.public.hex(),
        "next_key": None if following is None else following.public.hex(),
        "urls": list(settings.province.urls),
        "certificate": certificate,
    }
    if before is not None and before.by == key.id and _says(before, key, told):
        return before
    version = int(now.timestamp()) if before is None else max(before.version + 1, int(now.timestamp()))
    earlier = dict(before.earlier) if before is not None else {}
    if before is not None and before.by != key.id:
        earlier[before.by] = before.sealed
    made = Card(version, seal(key, CARD, told | {"version": version}), key.id, earlier)
    put(home.keys / FILE, json.dumps({"card": made.sealed, "earlier": earlier}, indent=1).encode() + b"\n")
    return made


def kept_card(home: Home) -> Card | None:
    """The card of the home; None where none was made. DamagedError for nonsense."""
    try:
        told = json.loads((home.keys / FILE).read_bytes())
        sealed, earlier = told["card"], told["earlier"]
        return Card(int(unproved(sealed, CARD)["version"]), sealed, json.loads(sealed)["key"], earlier)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise DamagedError(
            _("{path} is damaged.", path=home.keys / FILE), _("Put it back from a copy: kiosk province restore.")
        ) from None


def _says(card: Card, key: Key, told: dict[str, Any]) -> bool:
    try:
        said = opened(key.public, CARD, card.sealed)
    except SealError:
        return False
    return {name: said.get(name) for name in told} == told
