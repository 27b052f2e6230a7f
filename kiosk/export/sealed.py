"""A signed text: what the province says to a station, and a station says of its own key.

    {"payload": "<JSON text>", "key": "<key id>", "signature": "<128 hex digits>"}

The payload is kept as the text that was signed, so nobody has to agree on how JSON is spelled. It always says in
`spec` what it is, and the context of its signature says so too.
"""

import json
from typing import Any

from kiosk.export.signing import Key, key_id, verify

Payload = dict[str, Any]

RECEIPT, MARKS, CARD, ROTATION = "kiosk-receipt/1", "kiosk-marks/1", "kiosk-province/1", "kiosk-rotation/1"
MAX = 1 << 20


class SealError(ValueError):
    """It is not what it should be, or not from whom it should be."""


def seal(key: Key, spec: str, payload: Payload) -> str:
    """`payload`, which says `spec`, signed by `key`: one line of JSON."""
    text = json.dumps({"spec": spec} | payload, ensure_ascii=False, separators=(",", ":"))
    signature = key.sign(_context(spec), text.encode())
    return json.dumps({"payload": text, "key": key.id, "signature": signature.hex()}, separators=(",", ":"))


def opened(public: bytes, spec: str, sealed: str | bytes) -> Payload:
    """What the owner of `public` signed. SealError when it is not whole, by somebody else, or something else."""
    text, named, signature = _parts(sealed)
    if named != key_id(public) or not verify(public, _context(spec), text.encode(), signature):
        raise SealError("the signature is not that of the key")
    return _payload(text, spec)


def unproved(sealed: str | bytes, spec: str) -> Payload:
    """What it says, not checked against any key: only for finding out which key to ask for."""
    return _payload(_parts(sealed)[0], spec)


def _context(spec: str) -> bytes:
    return spec.encode() + b"\n"


def _parts(sealed: str | bytes) -> tuple[str, str, bytes]:
    if len(sealed) > MAX:
        raise SealError("longer than such a text may be")
    try:
        parts = json.loads(sealed)
        text, key, signature = parts["payload"], parts["key"], bytes.fromhex(parts["signature"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SealError("not a signed text") from None
    if not isinstance(text, str) or not isinstance(key, str):
        raise SealError("not a signed text")
    return text, key, signature


def _payload(text: str, spec: str) -> Payload:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise SealError("not a signed text") from None
    if not isinstance(payload, dict) or payload.get("spec") != spec:
        raise SealError("another kind of text")
    return payload
