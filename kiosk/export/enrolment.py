"""That this station belongs to a province: home/enrolment/, the service's alone.

    station.key      the station's secret key (signing.py), mode 0600
    enrolment.json   site, station, the key's id, the province's sealed card, when and how: written whole or not at all

The card stands in the same file as the rest, so that a power cut never leaves one province's card beside another's
site. `load` proves nothing and loads no cryptography: who may write here is the service itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import DamagedError, KioskError
from kiosk.export.files import write_whole
from kiosk.export.sealed import CARD, Payload, SealError, opened, unproved
from kiosk.export.signing import PUBLIC_BYTES, Key
from kiosk.settings import Paths
from kiosk.translations import _, reason

FILE, KEY = "enrolment.json", "station.key"
# Keys that the province was told of and has not confirmed yet, as far as this station knows.
ROTATED, ASKED = "rotated.key", "asked-{code}.key"
MOST_URLS = 8
PEM = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Card:
    """What a province says of itself. `key`: its public key; `next_key`: the one that it will go over to.

    `certificate`: PEM of its own CA, the only one trusted; empty where the system's are. `sealed`: the text as it came.
    """

    name: str
    version: int
    key: bytes
    next_key: bytes | None
    urls: tuple[str, ...]
    certificate: str
    sealed: str = field(repr=False)

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Whose signatures count."""
        return (self.key,) if self.next_key is None else (self.key, self.next_key)


@dataclass(frozen=True)
class Enrolled:
    """A station that belongs to a province. `key`: id of the station's own; `at`: UTC; `way`: https or file.

    `code`: the first four signs of the code that brought it, which may be typed again.
    """

    site: str
    station: str
    key: str
    at: str
    way: str
    card: Card
    code: str = ""

    @property
    def name(self) -> str:
        """The province's name."""
        return self.card.name

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it is reached, in the order in which they are tried; without a slash at the end."""
        return self.card.urls

    @property
    def province(self) -> tuple[bytes, ...]:
        """Its public keys: a receipt of any of them counts."""
        return self.card.keys

    @property
    def certificate(self) -> str:
        """PEM of its CA, or empty: the system's."""
        return self.card.certificate

    @property
    def version(self) -> int:
        """Of the card."""
        return self.card.version


def load(paths: Paths) -> Enrolled | None:
    """The enrolment; None where there is none. DamagedError for nonsense, KioskError where it is closed."""
    path = paths.enrolment / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise _damaged(path) from None
        raise KioskError(
            _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Allow it, or correct it.")
        ) from None
    try:
        told = json.loads(text)
        site, station, key, at, way, sealed = (told[name] for name in ("site", "station", "key", "at", "way", "card"))
        if not all(isinstance(one, str) for one in (site, station, key, at, way, sealed)):
            raise _damaged(path)
        return Enrolled(site, station, key, at, way, card_of(unproved(sealed, CARD), sealed), str(told.get("code", "")))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(path) from None


def put(paths: Paths, enrolled: Enrolled) -> None:
    """Write the enrolment down: the moment from which it is the one. OSError when it cannot be."""
    told = {"site": enrolled.site, "station": enrolled.station, "key": enrolled.key, "at": enrolled.at,
            "way": enrolled.way, "code": enrolled.code, "card": enrolled.card.sealed}  # fmt: skip
    write_whole(paths.enrolment / FILE, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n", mode=0o600)


def station_key(paths: Paths, enrolled: Enrolled) -> Key:
    """The key that the enrolment names, also where a power cut left it under another name. Loads cryptography.

    DamagedError where there is none.
    """
    folder = paths.enrolment
    for path in (folder / KEY, *sorted(one for one in folder.glob("*.key") if one.name != KEY)):
        try:
            found = Key.load(path)
        except KioskError:
            continue
        if found.id == enrolled.key:
            return found
    raise DamagedError(
        _("The key of this station is missing or damaged."),
        _("Ask the province for a new code and join again: nothing that was counted is lost."),
    )


def card_in(keys: Sequence[bytes], sealed: str) -> Card:
    """The card that the owner of one of these keys sealed. SealError where none of them did. Loads cryptography."""
    for key in keys:
        try:
            return card_of(opened(key, CARD, sealed), sealed)
        except SealError:
            continue
    raise SealError("not by a key of this province")


def card_of(payload: Payload, sealed: str) -> Card:
    """A card's payload as a Card; SealError where a field is missing or of another kind."""
    try:
        name, version, urls, pem = (payload[key] for key in ("name", "version", "urls", "certificate"))
        key, following = _public(payload["key"]), payload.get("next_key")
        next_key = None if following is None else _public(following)
    except (KeyError, TypeError, ValueError):
        raise SealError("not a card") from None
    if not isinstance(name, str) or isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise SealError("not a card")
    if not isinstance(urls, list) or not 1 <= len(urls) <= MOST_URLS or not all(isinstance(url, str) for url in urls):
        raise SealError("not a card")
    if not isinstance(pem, str) or (pem and PEM not in pem):
        raise SealError("not a card")
    return Card(name, version, key, next_key, tuple(url.rstrip("/") for url in urls), pem, sealed)


def _public(text: Any) -> bytes:
    public = bytes.fromhex(text)
    if len(public) != PUBLIC_BYTES:
        raise ValueError("not a public key")
    return public


def _damaged(path: Path) -> DamagedError:
    return DamagedError(
        _("{path} is damaged, so it is not known any more to which province this station belongs.", path=path),
        _("Ask the province for a new code and join again: nothing that was counted is lost."),
    )
