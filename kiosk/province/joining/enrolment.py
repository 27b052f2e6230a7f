"""A PC joins by its code, or changes its key: what the province checks, keeps and answers.

Each is one transaction: when the answer is out, it is on the disk. An answer that was lost is given again to the same
key. A key whose place was taken by another (`retired`) still counts for what it signed, because that may lie on a
stick; a revoked one never does.
"""

import json
import re
import sqlite3
from datetime import datetime
from typing import Any

from kiosk.export.handshake import ALPHABET, FIND, NONCE_BYTES, asks, proved, welcomes
from kiosk.export.sealed import ROTATION, SealError, opened
from kiosk.export.signing import PUBLIC_BYTES, key_id
from kiosk.province.door.refusals import LATER, Refusal
from kiosk.province.joining.enrol_codes import Given, count_wrong, look_up, mark_used
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import KnownKey, add_key, deed, seconds, station_number
from kiosk.translations import _

_FIND = re.compile(f"[{ALPHABET}]{{{FIND}}}")
_PUBLIC, _NONCE = (re.compile(f"[0-9a-f]{{{2 * count}}}") for count in (PUBLIC_BYTES, NONCE_BYTES))
# Nobody changes the key of one PC so often in earnest.
MOST_KEYS = 200
STATION = "the station"  # who did it, in the book of deeds


def enrol(ledger: Ledger, asked: Any, card: str, now: datetime) -> dict[str, str]:
    """The answer to POST /v1/enrol; `asked` is its JSON, `card` the sealed card. Refusal: WRONG_CODE and the like."""
    find, public_text, nonce, mac = _fields(asked)
    public, at = bytes.fromhex(public_text), seconds(now)
    with ledger.writing() as db:
        given = look_up(db, find)
        wrong = _wrong(given, public, public_text, nonce, mac, at)
        if given is not None and wrong is not None and wrong.code == "WRONG_CODE":
            count_wrong(db, given, at)  # and it stays counted: the refusal is raised behind the transaction
        elif given is not None and wrong is None:
            wrong = _take(db, given, public, at)
    if wrong is not None or given is None:
        raise wrong or _wrong_code()
    told = {"site": given.site, "station": given.station, "key": key_id(public), "card": card}
    answer = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return {"answer": answer, "mac": welcomes(given.code, public_text, nonce, answer)}


def rotate(ledger: Ledger, body: bytes, now: datetime) -> dict[str, str]:
    """The answer to POST /v1/rotate, whose body the old key has sealed. Refusal where that does not count."""
    old, public = _rotation(ledger, body)
    new, at = key_id(public), seconds(now)
    known = ledger.key(new)
    if known is not None and known.station == old.station and known.state == "good":
        return {"key": new}
    if known is not None or old.state != "good":
        raise Refusal(403, "REPLACED", _("This key was replaced before; the PC must join again with a new code."))
    with ledger.writing() as db:
        if db.execute("SELECT count(*) FROM keys WHERE station = ?", (old.station,)).fetchone()[0] >= MOST_KEYS:
            raise Refusal(429, "TOO_MUCH", _("This PC has changed its key too often."), LATER)
        db.execute("DELETE FROM new_keys WHERE key = ?", (old.key,))
        _replace_unused(db, old.station, at)
        add_key(db, new, public, old.station, at)
        db.execute("INSERT INTO new_keys VALUES (?, ?)", (new, old.station))
        deed(db, at, STATION, "rotate", f"{old.site} {old.name}", f"{old.key} -> {new}")
    return {"key": new}


def first_use(ledger: Ledger, keys: set[str], now: datetime) -> None:
    """These keys have signed what was taken: those that are new take the place of the older ones of their PC."""
    if not keys:
        return
    marks = ",".join("?" * len(keys))
    with ledger.reading() as db:
        fresh = db.execute(f"SELECT key, station FROM new_keys WHERE key IN ({marks})", tuple(keys)).fetchall()
    if not fresh:
        return
    at = seconds(now)
    with ledger.writing() as db:
        for key, station in fresh:
            db.execute(
                """UPDATE keys SET state = 'retired', until = ?1, reason = 'replaced'
                   WHERE station = ?2 AND key <> ?3 AND state = 'good' AND key NOT IN (SELECT key FROM new_keys)
                   AND since <= (SELECT since FROM keys WHERE key = ?3)""",
                (at, station, key),
            )
            db.execute("DELETE FROM new_keys WHERE key = ?", (key,))


def _wrong(given: Given | None, public: bytes, public_text: str, nonce: str, mac: str, at: int) -> Refusal | None:
    """What is wrong with the code or its proof; None when nothing is."""
    if given is None:
        return _wrong_code()
    if given.locked:
        return Refusal(403, "LOCKED", _("This code is locked: it was tried wrongly too often."))
    if given.secret and not proved(mac, asks(given.code, public_text, nonce)):
        return _wrong_code()
    if given.public and (given.public != public or not given.secret):
        return Refusal(403, "USED", _("This code was used before; each is for one PC, once."))
    if not given.secret or at >= given.expires:
        return Refusal(403, "EXPIRED", _("This code is too old; please make a new one."))
    return None


def _take(db: sqlite3.Connection, given: Given, public: bytes, at: int) -> Refusal | None:
    """Enrol the key for the place of the code; again for the same key changes nothing."""
    if given.public:
        return None
    key, station = key_id(public), station_number(db, given.site, given.station, at)
    owner = db.execute("SELECT station, state FROM keys WHERE key = ?", (key,)).fetchone()
    if owner is not None and tuple(owner) != (station, "good"):
        return Refusal(403, "USED", _("This PC's key belongs to another place already; it needs a new key."))
    if owner is None:
        _replace_unused(db, station, at)
        add_key(db, key, public, station, at)
        db.execute("INSERT INTO new_keys VALUES (?, ?)", (key, station))
    mark_used(db, given, public, at)
    deed(db, at, STATION, "enrol", f"{given.site} {given.station}", f"{given.find} {key}")
    return None


def _replace_unused(db: sqlite3.Connection, station: int, at: int) -> None:
    """Keys of a PC that were enrolled and never used are over when it brings another."""
    db.execute(
        """UPDATE keys SET state = 'retired', until = ?, reason = 'never used' WHERE station = ?
           AND state = 'good' AND key IN (SELECT key FROM new_keys)""",
        (at, station),
    )
    db.execute("DELETE FROM new_keys WHERE station = ?", (station,))


def _rotation(ledger: Ledger, body: bytes) -> tuple[KnownKey, bytes]:
    """The key that sealed it, and the new public key."""
    try:
        named = json.loads(body)["key"]
        old = ledger.key(named) if isinstance(named, str) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _not_understood() from None
    if old is None:
        raise Refusal(403, "UNKNOWN_KEY", _("The province does not know this key."))
    try:
        told = opened(old.public, ROTATION, body)
    except SealError:
        raise Refusal(403, "SIGNATURE", _("The signature is not that of the PC.")) from None
    if old.state == "revoked":
        raise Refusal(403, "REVOKED_KEY", _("This key was revoked by the province."))
    public = told.get("public")
    if not isinstance(public, str) or not _PUBLIC.fullmatch(public):
        raise _not_understood()
    if (told.get("site"), told.get("station")) != (old.site, old.name):
        raise Refusal(403, "WRONG_SITE", _("This key belongs to another place."))
    return old, bytes.fromhex(public)


def _fields(asked: Any) -> tuple[str, str, str, str]:
    if not isinstance(asked, dict):
        raise _not_understood()
    forms = {"code": _FIND, "public": _PUBLIC, "nonce": _NONCE, "mac": _NONCE}
    texts = {name: str(asked.get(name)) for name in forms}
    if not all(form.fullmatch(texts[name]) for name, form in forms.items()):
        raise _not_understood()
    return texts["code"], texts["public"], texts["nonce"], texts["mac"]


def _not_understood() -> Refusal:
    return Refusal(400, "SCHEMA", _("That is not what is asked here."))


def _wrong_code() -> Refusal:
    return Refusal(403, "WRONG_CODE", _("The province does not know this code."))
