"""The province's keys. The root key names the other three and is needed only to change them: keep it off networks.

KEYS/root.pem                                 offline: on a stick in a safe, and a second stick somewhere else
KEYS/targets.pem, snapshot.pem, timestamp.pem   needed at every publishing
KEYS/1.root.json, 2.root.json, ...            public: which keys count; the newest also as root.json, for the stations

Ed25519 in PKCS#8, mode 0600, in a folder of mode 0700; with a passphrase where one was given.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root

from kiosk.content.files import no_room, write_whole
from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.translations import _, reason

ROOT = "root"
ROLES = ("targets", "snapshot", "timestamp")
# Long, because a station may be away for years: freshness is told by the date of publishing, not enforced by expiry.
ROOT_LASTS, OTHERS_LAST = timedelta(days=20 * 365), timedelta(days=10 * 365)


class Keys:
    """A folder of keys. `passphrase`: "" where the files are not locked."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self.folder, self._passphrase = folder, passphrase

    def there(self) -> bool:
        """Whether keys were made here."""
        return (self.folder / "root.json").is_file()

    def locked(self) -> bool:
        """Whether a passphrase is needed."""
        return any(b"ENCRYPTED" in path.read_bytes()[:80] for path in self.folder.glob("*.pem"))

    def make(self, now: datetime) -> None:
        """All four keys and the first root. RefusedError when there are some."""
        if self.there():
            raise RefusedError(
                _("There are keys in {folder} already.", folder=self.folder), _("Use them, or name another folder.")
            )
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chmod(self.folder, 0o700)
            signers = {role: self._new(role) for role in (ROOT, *ROLES)}
            root = Root(version=1, expires=now + ROOT_LASTS, consistent_snapshot=True)
            for role, signer in signers.items():
                root.add_key(signer.public_key, role)
            self._write_root(Metadata(root), [signers[ROOT]])
        except OSError as error:
            raise no_room(self.folder, error) from error

    def rotate(self, roles: Iterable[str], now: datetime) -> None:
        """New keys for these roles; the old ones count no more for stations that see the new root."""
        known = Metadata[Root].from_bytes(self.roots()[-1][1])
        signers = [self.signer(ROOT)]
        wanted = set(roles)
        for role in wanted:
            for keyid in list(known.signed.roles[role].keyids):
                known.signed.revoke_key(keyid, role)
            # The old root key must be there until the new root is signed by both.
            fresh = self._new(role, aside=True)
            known.signed.add_key(fresh.public_key, role)
            signers += [fresh] if role == ROOT else []
        known.signed.version += 1
        known.signed.expires = now + ROOT_LASTS
        try:
            # First the root that names the new keys, then their names: `signer` finds them under either.
            self._write_root(known, signers)
            for role in wanted:
                os.replace(self._pem(role, aside=True), self._pem(role))
        except OSError as error:
            raise no_room(self.folder, error) from error

    def roots(self) -> list[tuple[int, bytes]]:
        """Every version of the root, the newest last."""
        found = [(int(path.name.partition(".")[0]), path) for path in self.folder.glob("*.root.json")]
        if not found:
            raise KioskError(
                _("There are no keys in {folder}.", folder=self.folder), _("Make them: kiosk content keys FOLDER")
            )
        return [(number, path.read_bytes()) for number, path in sorted(found)]

    def signer(self, role: str) -> CryptoSigner:
        """What signs for a role. KioskError when its key is not here, is locked or damaged."""
        found = [self._loaded(path) for path in (self._pem(role), self._pem(role, aside=True)) if path.exists()]
        if not found:
            hint = _("Bring the root key back from where it is kept.") if role == ROOT else _("Look for its copy.")
            raise KioskError(_("The key {path} is not there.", path=self._pem(role)), hint)
        named = Metadata[Root].from_bytes(self.roots()[-1][1]).signed.roles[role].keyids
        return next((one for one in found if one.public_key.keyid in named), found[0])

    def _loaded(self, path: Path) -> CryptoSigner:
        try:
            key = load_pem_private_key(path.read_bytes(), self._passphrase.encode() or None)
        except OSError as error:
            raise KioskError(
                _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Allow it.")
            ) from None
        except (TypeError, ValueError):
            raise RefusedError(
                _("The key {path} does not open: the passphrase is wrong, or the file is damaged.", path=path),
                _("Type the passphrase that it was made with."),
            ) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise DamagedError(_("{path} is no key of kiosk.", path=path), _("Look for its copy."))
        return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))

    def _new(self, role: str, aside: bool = False) -> CryptoSigner:
        key = Ed25519PrivateKey.generate()
        lock: KeySerializationEncryption = NoEncryption()
        if self._passphrase:
            lock = BestAvailableEncryption(self._passphrase.encode())
        write_whole(self._pem(role, aside), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock), 0o600)
        return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))

    def _pem(self, role: str, aside: bool = False) -> Path:
        return self.folder / (f"{role}.new.pem" if aside else f"{role}.pem")

    def _write_root(self, root: "Metadata[Root]", signers: list[CryptoSigner]) -> None:
        for place, signer in enumerate(signers):
            root.sign(signer, append=place > 0)
        data = root.to_bytes()
        write_whole(self.folder / f"{root.signed.version}.root.json", data, 0o644)
        write_whole(self.folder / "root.json", data, 0o644)
