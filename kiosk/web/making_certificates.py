"""A process of a moment: makes the panel's certificate, or says what one says. Only it loads `cryptography` for that.

`make` reads a JSON object (path, names, from, until) on its standard input and writes one file with mode 0600, whole or
not at all. `look` reads a path and prints JSON.
"""

import ipaddress
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.web.certificate import MARK

MOST_NAME = 64  # of a common name (RFC 5280, appendix A.1)


def made(names: list[str], begins: datetime, ends: datetime, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A certificate that its own key signs, for these names and addresses, and for nothing but a web server."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "kiosk"),
            x509.NameAttribute(NameOID.COMMON_NAME, names[0][:MOST_NAME]),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def make(path: Path, names: list[str], begins: datetime, ends: datetime) -> None:
    """One file: what it says in a line, the certificate, the key. A key that is there already is kept."""
    key = _key_of(path) or ec.generate_private_key(ec.SECP256R1())
    told = MARK + json.dumps({"names": names, "until": ends.isoformat()}) + "\n"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate = made(names, begins, ends, key).public_bytes(Encoding.PEM)
    _write(path, told.encode("ascii") + certificate + private)


def look(path: Path) -> dict[str, Any]:
    """Names, last moment and fingerprint of the first certificate of a PEM file."""
    found = x509.load_pem_x509_certificates(path.read_bytes())[0]
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = x509.SubjectAlternativeName([])
    digest = found.fingerprint(hashes.SHA256()).hex(":").upper()
    said = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return {"names": said, "until": found.not_valid_after_utc.isoformat(), "fingerprint": digest}


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_of(path: Path) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and at no moment readable by others."""
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def main(verb: str, asked: str) -> int:
    """Do one thing; a failure is one line on standard error, without a path into our code."""
    try:
        if verb == "look":
            print(json.dumps(look(Path(asked))))
        else:
            told = json.loads(asked)
            begins, ends = (datetime.fromisoformat(told[name]) for name in ("from", "until"))
            make(Path(told["path"]), told["names"], begins, ends)
    except (OSError, ValueError, KeyError, IndexError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin.read()))
