"""The province's own certificates: a CA that lives 30 years and is told to stations on the card, and what it signs.

Stations trust this CA alone and look at names, never at dates, because their own date may be wrong. So the server's
certificate may live as shortly as browsers like it, and is made anew without anybody being told. Certificate and key
stand in one file each, mode 0600, so that a power cut never leaves one of each kind.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError
from kiosk.export.files import trouble, write_whole
from kiosk.rules.trust import BUILT
from kiosk.translations import _

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CA_YEARS = 30
CA_LIFE, LIFE = timedelta(days=365 * CA_YEARS), timedelta(days=397)
RENEWED_BEFORE = timedelta(days=60)
DAY = timedelta(days=1)  # clocks of two machines differ
MOST_NAME = 64  # of a common name (RFC 5280, appendix A.1)


@dataclass(frozen=True)
class Authority:
    """The CA. `pem`: its certificate, as the card tells it."""

    pem: str
    certificate: "x509.Certificate"
    key: "ec.EllipticCurvePrivateKey"


def authority(path: Path, name: str, now: datetime) -> Authority:
    """The CA in a file, made where there is none. DamagedError for nonsense, KioskError: not written."""
    if not path.exists():
        _put(path, _new_authority(name, max(now, BUILT)))
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        certificate, key = _both(path)
        return Authority(certificate.public_bytes(Encoding.PEM).decode(), certificate, key)
    except (OSError, ValueError, TypeError, IndexError, x509.InvalidVersion):
        raise DamagedError(
            _("{path} is not the certificate of this province.", path=path),
            _("Put it back from a copy. Without it every station asks for the new one, by the card."),
        ) from None


def is_due(path: Path, names: list[str], by: Authority, now: datetime) -> bool:
    """Whether the server needs a new certificate: none, of another CA, a name is missing, or soon too old."""
    from cryptography import x509

    try:
        certificate, _key = _both(path)
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        certificate.verify_directly_issued_by(by.certificate)
    except Exception:  # a file that is not there, torn, or another's: cryptography has many words for it
        return True
    known = {*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))}
    return not set(names) <= known or now > certificate.not_valid_after_utc - RENEWED_BEFORE


def issue(path: Path, names: list[str], by: Authority, now: datetime) -> None:
    """A certificate for the server under these names and addresses, with a key of its own. KioskError: not written."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key, begins = ec.generate_private_key(ec.SECP256R1()), max(now, BUILT) - DAY
    built = (
        _begun(names[0], by.certificate.subject, key, begins, min(begins + LIFE, by.certificate.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_others=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        .sign(by.key, hashes.SHA256())
    )
    _put(path, _pem(built, key))


def _new_authority(name: str, now: datetime) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    begins = min(now, BUILT) - DAY
    built = (
        _begun(name, None, key, begins, now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_others=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pem(built, key)


def _begun(
    name: str, issuer: "x509.Name | None", key: "ec.EllipticCurvePrivateKey", begins: datetime, ends: datetime
) -> "x509.CertificateBuilder":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "kiosk")
    subject = x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, name[:MOST_NAME])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(signs_others: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_others, key_cert_sign=signs_others, crl_sign=signs_others,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _general(name: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _both(path: Path) -> tuple["x509.Certificate", "ec.EllipticCurvePrivateKey"]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = path.read_bytes()
    key = load_pem_private_key(content, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("another kind of key")
    return x509.load_pem_x509_certificates(content)[0], key


def _pem(certificate: "x509.Certificate", key: "ec.EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + private


def _put(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content, mode=0o600)
    except OSError as error:
        raise trouble(path.parent, error) from error
