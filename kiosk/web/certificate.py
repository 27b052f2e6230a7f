"""The certificate of a web face: where it lies, what it says, when it must be made anew, and the TLS context with it.

Certificate and key stand in ONE file, so that a power cut never leaves one of each kind. What it says is told in its
first line, because the standard library cannot read it back; the library that can (40 MB) is loaded by a child of a
moment only (making_certificates.py).
"""

import hashlib
import json
import os
import ssl
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.rules.trust import BUILT
from kiosk.translations import _

MARK = "# kiosk "
CHILD = ("-P", "-m", "kiosk.web.making_certificates")
CHILD_SECONDS = 60
# Old PCs have dead clock batteries: a certificate's days count from the day the software was made, never from a
# clock that nobody vouches for, and last longer than the PC.
VALID = timedelta(days=20 * 365)
RENEWED_BEFORE = timedelta(days=365)


@dataclass(frozen=True)
class Certificate:
    """What is known of a certificate. `fingerprint`: SHA-256, as a browser shows it, for comparing by eye."""

    names: tuple[str, ...]
    until: datetime
    fingerprint: str


def tls_context() -> ssl.SSLContext:
    """A context without a certificate yet; `put_in` may give it another one while it is used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def put_in(context: ssl.SSLContext, certificate: Path, key: Path | None = None) -> None:
    """Shake hands with this from now on. KioskError when it cannot be read, or the key is another's."""
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise KioskError(
            _("The certificate {path} cannot be used.", path=certificate),
            _("Check that certificate and key belong together and that the user kiosk may read both."),
        ) from error


def read(path: Path) -> Certificate | None:
    """What our own file says of itself; None where there is none, or none of ours."""
    try:
        with open(path, encoding="ascii") as file:
            first, rest = file.readline(), file.read()
        told = json.loads(first.removeprefix(MARK))
        return Certificate(tuple(told["names"]), datetime.fromisoformat(told["until"]), fingerprint(rest))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_due(found: Certificate | None, names: list[str], now: Reading) -> bool:
    """Whether a new one must be made: none, a name or address is missing, or its time is nearly over."""
    if found is None or not set(names) <= set(found.names):
        return True
    return now.trusted and now.wall > found.until - RENEWED_BEFORE


def make(path: Path, names: list[str], now: Reading) -> None:
    """Make key and certificate in a child, as whoever we are. KioskError, and the old one stays, when it cannot be."""
    begins = BUILT - timedelta(days=1)
    ends = max(BUILT, now.wall if now.trusted else BUILT) + VALID
    asked = json.dumps({"path": str(path), "names": names, "from": begins.isoformat(), "until": ends.isoformat()})
    _child("make", asked, _("The certificate of the panel could not be made."))


def look_at(certificate: Path) -> Certificate:
    """What a file that is not ours says. KioskError when it says nothing."""
    answer = _child("look", str(certificate), _("The certificate {path} cannot be read.", path=certificate))
    told = json.loads(answer)
    return Certificate(tuple(told["names"]), datetime.fromisoformat(told["until"]), told["fingerprint"])


def fingerprint(pem: str) -> str:
    """SHA-256 of the first certificate of a PEM text, in pairs of capital digits."""
    begin = pem.index(ssl.PEM_HEADER)
    end = pem.index(ssl.PEM_FOOTER, begin) + len(ssl.PEM_FOOTER)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[begin:end])).hexdigest().upper()
    return ":".join(digest[place : place + 2] for place in range(0, 64, 2))


def _child(verb: str, asked: str, sentence: str) -> str:
    try:
        done = subprocess.run(
            [sys.executable, *CHILD, verb], input=asked, capture_output=True, text=True, timeout=CHILD_SECONDS,
            env={**os.environ, "PYTHONUTF8": "1"}, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise KioskError(sentence, _("Look at the last lines of its log, then try again.")) from error
    if done.returncode:
        raise KioskError(sentence, done.stderr.strip()[-300:])
    return done.stdout


def _no_password() -> str:
    """Nobody is there to type one; without this OpenSSL would ask the terminal."""
    raise ValueError("the key is locked by a password")
