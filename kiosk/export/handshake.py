"""How a station and its province come to know each other by a one-time code: what both ends compute. Standard library.

A code is 20 signs of Crockford's base32 in groups of four. Its first four find it at the province; the other sixteen,
80 bits, are a secret that never travels: each side proves with it that it knows the code, so neither needs a trusted
certificate yet. What is proved are the texts of the messages as they stand: `public` and `nonce` are hex digits.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIND, SECRET = 4, 16
GROUP = 4
NONCE_BYTES = 32
# On a stick the messages lie in files of this folder (join_by_stick.py).
FOLDER, QUESTION, ANSWER = "enrol", ".json", ".answer.json"
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.]+")


class CodeError(ValueError):
    """It is no such code."""


@dataclass(frozen=True)
class Code:
    """`find` is told to the province, `secret` is not."""

    find: str
    secret: str

    @property
    def shown(self) -> str:
        """In groups of four, as it stands on paper."""
        whole = self.find + self.secret
        return "-".join(whole[place : place + GROUP] for place in range(0, len(whole), GROUP))


def code_in(typed: str) -> Code:
    """The code that somebody typed: small letters, spaces, dots and missing dashes are forgiven, O is 0, I and L are 1.

    CodeError when it has another number of signs, or one that no code has.
    """
    text = _BETWEEN.sub("", typed).upper().translate(_LOOKS_LIKE)
    if len(text) != FIND + SECRET or not set(text) <= set(ALPHABET):
        raise CodeError("not a code")
    return Code(text[:FIND], text[FIND:])


def asks(code: Code, public: str, nonce: str) -> str:
    """The station's proof, hex."""
    return _mac(code, b"kiosk enrol 1\n", code.find + public + nonce)


def welcomes(code: Code, public: str, nonce: str, answer: str) -> str:
    """The province's proof, hex, over the text of its answer."""
    return _mac(code, b"kiosk welcome 1\n", nonce + public + answer)


def proved(mac: object, right: str) -> bool:
    """Whether a proof that came is the right one, compared in constant time."""
    return isinstance(mac, str) and mac.isascii() and hmac.compare_digest(mac, right)


def with_code(url: str, code: Code) -> str:
    """What stands in a QR: the address with the code in its fragment, which no browser sends on."""
    return f"{url.rstrip('/')}/#{code.shown}"


def _mac(code: Code, purpose: bytes, text: str) -> str:
    return hmac.new(code.secret.encode("ascii"), purpose + text.encode(), sha256).hexdigest()
