"""Ed25519 (RFC 8032) as stations and province use it: what is signed is a context and the sha256 of the bytes.

The context says what a signature is for, so that one made for a bundle can never stand under something else. The
library is loaded when a key is used: a PC's service signs and checks in a child of a moment.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError, KioskError
from kiosk.export.files import write_whole
from kiosk.translations import _, reason

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BUNDLE = b"kiosk bundle 1\n"
SECRET_BYTES, PUBLIC_BYTES, SIGNATURE_BYTES = 32, 32, 64


def key_id(public: bytes) -> str:
    """How a public key is called: the first 16 hex digits of its sha256."""
    return sha256(public).hexdigest()[:16]


def signed_text(context: bytes, content: bytes) -> bytes:
    """The bytes that a signature is over."""
    return context + sha256(content).digest()


class Key:
    """A secret key. `sign(context, content)` gives 64 bytes, always the same for the same."""

    def __init__(self, secret: "Ed25519PrivateKey") -> None:
        self._secret = secret
        self.public = secret.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    @classmethod
    def make(cls) -> "Key":
        """A new one, which nobody has but who asked."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> "Key":
        """The one in a file that `save` wrote. DamagedError when that is none, KioskError when it cannot be read."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        try:
            text = path.read_text(encoding="ascii")
            return cls(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)))
        except OSError as error:
            raise KioskError(
                _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Allow it, or correct it.")
            ) from None
        except ValueError:
            raise DamagedError(
                _("{path} is not a key.", path=path), _("Put it back from a copy, or make a new key.")
            ) from None

    def save(self, path: Path) -> None:
        """Write it, readable by its owner alone. OSError when it cannot be written."""
        write_whole(path, self._secret.private_bytes_raw().hex().encode() + b"\n", mode=0o600)

    def sign(self, context: bytes, content: bytes) -> bytes:
        """The signature of `content` for that purpose."""
        return self._secret.sign(signed_text(context, content))


def verify(public: bytes, context: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the owner of that key signed `content` for that purpose."""
    from cryptography.exceptions import InvalidSignature

    try:
        _verifier(public)(signature, signed_text(context, content))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=16_384)  # every PC of a nation once; to read a key takes as long as half a check by it
def _verifier(public: bytes) -> Callable[[bytes, bytes], None]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public).verify
