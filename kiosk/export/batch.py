"""Many signed bundles in one body, as stations send them; on a stick each lies in a file, its line in a file beside it.

Each bundle is a line of ASCII, then its bytes, nothing between or behind:

    kiosk-bundle/1 <key id> <signature, 128 hex digits> <bytes that follow, decimal>\\n
    <the bytes of the .jsonl.gz>

The signature is over the bytes as they are (signing.py), so it is checked before anything is unpacked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from kiosk.export.formats import MAX_COMPRESSED
from kiosk.export.signing import BUNDLE, SIGNATURE_BYTES, Key

SPEC = "kiosk-bundle/1"
# Bytes of one body; a bundle has at most 2 kB as a rule, so some five hundred go into it.
MAX_BODY, MAX_BUNDLES = 1_000_000, 2_000
SUFFIX = ".sig"  # of the file beside a bundle on a stick
_LINE = re.compile(rb"kiosk-bundle/1 ([0-9a-f]{16}) ([0-9a-f]{128}) ([0-9]{1,9})\n")
_LONGEST = 172


class BatchError(ValueError):
    """Not such a body; `code` as in the province's quarantine."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """A bundle as it came: who is said to have signed it, the signature, the bytes. Nothing of it is proved."""

    key: str
    signature: bytes
    content: bytes

    @property
    def sha256(self) -> str:
        """What names the bytes."""
        return sha256(self.content).hexdigest()

    @property
    def line(self) -> bytes:
        """The line before the bytes, or in the file beside them."""
        return f"{SPEC} {self.key} {self.signature.hex()} {len(self.content)}\n".encode()


def signed(key: Key, content: bytes) -> Signed:
    """A bundle's bytes with the signature of a station."""
    return Signed(key.id, key.sign(BUNDLE, content), content)


def pack(bundles: Iterable[Signed]) -> bytes:
    """The body of a request."""
    return b"".join(part for one in bundles for part in (one.line, one.content))


def unpack(body: bytes) -> list[Signed]:
    """What is in a body. BatchError: TRUNCATED when it is cut or no such body, TOO_BIG when it is more than may be."""
    if len(body) > MAX_BODY:
        raise BatchError("TOO_BIG", "more bytes than a body may have")
    found: list[Signed] = []
    place = 0
    while place < len(body):
        if len(found) == MAX_BUNDLES:
            raise BatchError("TOO_BIG", "more bundles than a body may have")
        line = _LINE.match(body, place, min(len(body), place + _LONGEST + 10))
        if line is None:
            raise BatchError("TRUNCATED", "no line of a bundle where one must be")
        end = line.end() + int(line[3])
        if end > len(body):
            raise BatchError("TRUNCATED", "fewer bytes than its line says")
        found.append(Signed(line[1].decode(), bytes.fromhex(line[2].decode()), body[line.end() : end]))
        place = end
    return found


def beside(line: bytes, content: bytes) -> Signed:
    """The bundle of a file and of the line in the file beside it. BatchError when they do not belong together."""
    if len(content) > MAX_COMPRESSED:
        raise BatchError("TOO_BIG", "more bytes than a bundle may have")
    found = _LINE.fullmatch(line)
    if found is None or int(found[3]) != len(content):
        raise BatchError("TRUNCATED", "cut off, or the file beside it is another one's")
    assert len(found[2]) == 2 * SIGNATURE_BYTES
    return Signed(found[1].decode(), bytes.fromhex(found[2].decode()), content)
