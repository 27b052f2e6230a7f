"""A station joins its province by a one-time code (handshake.py), changes its key, or leaves. Run in a short process.

The order is what makes a power cut harmless: the key is on the disk before it is told to the province, and asked with
again where the answer was lost; the enrolment is one file, written whole when the province's proof was right. What lies
beside it is tidied afterwards.
"""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.export import asking, enrolment, join_by_stick
from kiosk.export.asking import Answer
from kiosk.export.enrolment import Card, Enrolled
from kiosk.export.formats import SITE_CODE, STATION_NAME
from kiosk.export.handshake import NONCE_BYTES, Code, asks, proved, welcomes
from kiosk.export.join_refusals import not_written, of_another_place, refused
from kiosk.export.sealed import CARD, ROTATION, SealError, seal, unproved
from kiosk.export.signing import Key
from kiosk.settings import Paths
from kiosk.translations import _


@dataclass(frozen=True)
class Here:
    """Who the station is before it joins. `unnamed`: its site and number are still the shipped ones."""

    site: str
    station: str
    unnamed: bool
    now: str  # UTC, ISO 8601; a date that nobody trusts is no obstacle


def join(
    paths: Paths, url: str, code: str, here: Here, take_over: bool, rename: Callable[[str, str], None]
) -> tuple[Enrolled, bool]:
    """The enrolment that the code brings, and whether the station got another name by it (`rename(site, station)`).

    UsageError for what was mistyped, RefusedError for what the province or this station refuses, KioskError else:
    nothing is changed then, and asking again is right.
    """
    address, wanted = asking.address_and_code(url, code)
    key = _asked_with(paths, wanted)
    try:
        site, station, card = _ask(address, wanted, key)
    except RefusedError:
        if (joined := _joined_by(paths, wanted)) is not None:
            return joined, False  # asked twice: the province has erased the code since
        raise
    renamed = (site, station) != (here.site, here.station)
    if renamed and not (here.unnamed or take_over):
        raise of_another_place(site, station, here.site, here.station)
    way = "file" if join_by_stick.is_stick(address) else "https"
    enrolled = Enrolled(site, station, key.id, here.now, way, card, wanted.find)
    try:
        if renamed:
            rename(site, station)
        enrolment.put(paths, enrolled)
        tidy(paths, enrolled)
    except OSError as error:
        raise not_written(error) from None
    if way == "file":
        join_by_stick.tidy(Path(address), wanted.find, key)
    return enrolled, renamed


def rotate(paths: Paths, now: str) -> Enrolled:
    """Give the station another key: the old one signs for it, and counts until the province said yes."""
    enrolled = known(paths)
    old, beside = enrolment.station_key(paths, enrolled), paths.enrolment / enrolment.ROTATED
    key = _kept(beside)
    told = {"site": enrolled.site, "station": enrolled.station, "public": key.public.hex(), "at": now}
    answer = _first_that_answers(enrolled, "/v1/rotate", seal(old, ROTATION, told).encode())
    if answer.status != 200 or answer.told.get("key") != key.id:
        raise RefusedError(
            _("The province did not take the new key."),
            _("The old one still counts. Ask the province, then try again."),
        )
    changed = replace(enrolled, key=key.id)  # its code is still its own: typed again, it is not another's
    try:
        enrolment.put(paths, changed)
        tidy(paths, changed)
    except OSError as error:
        raise not_written(error) from None
    return changed


def forget(paths: Paths) -> Enrolled | None:
    """Leave the province; what was enrolled. The key is gone then: to join again takes a new code."""
    found: Enrolled | None = None
    with suppress(DamagedError):
        found = enrolment.load(paths)
    try:
        (paths.enrolment / enrolment.FILE).unlink(missing_ok=True)
        for path in paths.enrolment.glob("*.key"):
            path.unlink()
        _sync(paths.enrolment)
    except OSError as error:
        raise not_written(error) from None
    return found


def known(paths: Paths) -> Enrolled:
    """The enrolment. RefusedError where there is none."""
    enrolled = enrolment.load(paths)
    if enrolled is None:
        raise RefusedError(
            _("This station has not joined a province."), _("Ask the province for a code, then: kiosk enrol URL CODE.")
        )
    return enrolled


def tidy(paths: Paths, enrolled: Enrolled) -> None:
    """The enrolment's key under its own name, every other key gone: also what a power cut kept from being done."""
    key = enrolment.station_key(paths, enrolled)
    key.save(paths.enrolment / enrolment.KEY)
    for path in paths.enrolment.glob("*.key"):
        if path.name != enrolment.KEY:
            path.unlink()


def _asked_with(paths: Paths, code: Code) -> Key:
    """The key for this code: the one of an earlier try, whose answer may have been lost, else a new one, kept first."""
    with suppress(DamagedError):
        if (joined := _joined_by(paths, code)) is not None:
            return enrolment.station_key(paths, joined)
    beside = paths.enrolment / enrolment.ASKED.format(code=code.find)
    try:
        for path in paths.enrolment.glob(enrolment.ASKED.format(code="*")):
            if path != beside:
                path.unlink()
        return _kept(beside)
    except OSError as error:
        raise not_written(error) from None


def _joined_by(paths: Paths, code: Code) -> Enrolled | None:
    with suppress(DamagedError):
        joined = enrolment.load(paths)
        return joined if joined is not None and joined.code == code.find else None
    return None


def _kept(path: Path) -> Key:
    with suppress(KioskError):
        return Key.load(path)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    key = Key.make()
    key.save(path)
    return key


def _ask(url: str, code: Code, key: Key) -> tuple[str, str, Card]:
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


def _first_that_answers(enrolled: Enrolled, path: str, body: bytes) -> Answer:
    trouble: KioskError | None = None
    for url in enrolled.urls:
        try:
            answer = asking.post(url, path, body, asking.trusting(enrolled.certificate))
            if answer.status in (200, 403):
                return answer
            trouble = trouble or asking.not_understood(url, answer)
        except KioskError as error:
            trouble = trouble or error
    assert trouble is not None, "a card has an address"
    raise trouble


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
