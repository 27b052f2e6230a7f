"""What a bundle is worth, as far as its own bytes, its key and the date say it. Pure: nothing is kept or looked up.

The order is part of the promise: nothing is unpacked or parsed before the signature is right.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from kiosk.clock import LOCAL
from kiosk.export.batch import Signed
from kiosk.export.formats import BundleError, Manifest, read
from kiosk.export.signing import BUNDLE, verify
from kiosk.province.memory.rows import KnownKey

FIRST_DAY = "2020-01-01"
# Verdicts about who has signed: the same bytes may come again with a right signature, and are taken then.
UNPROVED = frozenset({"SIGNATURE", "UNKNOWN_KEY", "REVOKED_KEY"})


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What was found on a stick and is no signed bundle: its bytes, the code and what is wrong with it."""

    content: bytes
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Code and detail of a fault ("" where there is none), and what could be read."""

    code: str
    detail: str = ""
    manifest: Manifest | None = None


def proof(bundle: Signed, key: KnownKey | None) -> Verdict:
    """Whether somebody we know has signed it. Looks at nothing but the bytes as they are."""
    if key is None:
        return Verdict("UNKNOWN_KEY", "no station has this key")
    if key.state == "revoked":
        return Verdict("REVOKED_KEY", "the key was revoked")
    if not verify(key.public, BUNDLE, bundle.content, bundle.signature):
        return Verdict("SIGNATURE", "the signature is not that of the key")
    return Verdict("")


def content(bundle: Signed, key: KnownKey, latest: str) -> Verdict:
    """What a proved bundle says, if it may say that; `latest` as by last_day."""
    try:
        manifest = read(bundle.content).manifest
    except BundleError as error:
        return Verdict(error.code, error.detail)
    if (manifest.site, manifest.station) != (key.site, key.name):
        detail = f"of {manifest.site} {manifest.station}, by the key of {key.site} {key.name}"
        return Verdict("WRONG_SITE", detail, manifest)
    if manifest.day > latest:
        return Verdict("FUTURE_DAY", f"of {manifest.day}, received before that", manifest)
    if manifest.day < FIRST_DAY:
        return Verdict("RANGE", f"of {manifest.day}, before there was any", manifest)
    return Verdict("", manifest=manifest)


def comes_late(key: KnownKey, day: str) -> bool:
    """Whether a key tells of a day on which another PC had taken its place: both count on, under one name."""
    return (
        key.state == "retired"
        and key.until is not None
        and day > last_day(datetime.fromtimestamp(key.until, timezone.utc))
    )


def last_day(now: datetime) -> str:
    """The latest day that a bundle may be of: tomorrow in Vietnam, for a PC whose clock is a little fast."""
    return (now.astimezone(LOCAL).date() + timedelta(days=1)).isoformat()
