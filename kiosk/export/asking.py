"""One question to a province over HTTPS, and its answer: bounded in time and size, no redirects, no proxies.

For a process of a moment (it loads http and ssl). Plain http goes to this PC alone, for tests and for a tunnel.
"""

import errno
import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kiosk.errors import KioskError, RefusedError
from kiosk.export.addresses import address_and_code as address_and_code
from kiosk.export.addresses import whole as whole
from kiosk.translations import _

WITHIN = 20.0  # seconds for each step of the connection
MOST = 1 << 20  # bytes of an answer
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: this PC's own date may be wrong


@dataclass(frozen=True)
class Answer:
    """`told`: the JSON object of the body; empty where it is none."""

    status: int
    told: dict[str, Any]


def trusting(certificate: str) -> ssl.SSLContext:
    """Only this CA (PEM), or the system's where it is empty. Names are checked, dates are not: ours may be wrong."""
    context = ssl.create_default_context(cadata=certificate or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= NO_CHECK_TIME
    return context


def trusting_nobody() -> ssl.SSLContext:
    """Kept from prying eyes alone: for what is proved by other means."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def post(url: str, path: str, body: bytes, context: ssl.SSLContext, within: float = WITHIN) -> Answer:
    """Send a JSON body, read the answer. KioskError with a sentence for whatever kept it from coming."""
    parts = urlsplit(url)
    try:
        connection = _connection(parts, context, within)
        try:
            connection.request("POST", parts.path + path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            raw = answer.read(MOST + 1)
            if answer.length and len(raw) <= MOST:
                raise ConnectionResetError("fewer bytes than were announced")
            return Answer(answer.status, _object(raw) if len(raw) <= MOST else {})
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise unreached(url, error) from None


def unreached(url: str, error: Exception) -> KioskError:
    """Why nothing came, in words."""
    where = urlsplit(url).netloc
    if isinstance(error, ssl.SSLCertVerificationError):
        return RefusedError(
            _("What answers at {where} is not the province's server that this computer knows.", where=where),
            _("Try another network. If it stays so, ask the province; nothing was sent."),
        )
    cut = isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, http.client.IncompleteRead, ConnectionError))
    if isinstance(error, (ssl.SSLError, http.client.HTTPException)) and not cut:
        return _no_province(where)
    if isinstance(error, socket.gaierror):
        return KioskError(
            _("{where} cannot be found: there is no network here, or the address is mistyped.", where=where),
            _("Check the cable or the Wi-Fi and the address, then try again."),
        )
    if isinstance(error, TimeoutError):
        return KioskError(
            _("{where} does not answer.", where=where), _("The network may be slow or cut off; try again later.")
        )
    if isinstance(error, ConnectionRefusedError):
        return KioskError(
            _("Nobody answers at {where}.", where=where),
            _("Check the address and the number behind the colon; the province's server may be switched off."),
        )
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return KioskError(_("There is no network here."), _("Check the cable or the Wi-Fi, then try again."))
    return KioskError(
        _("The connection to {where} was cut off.", where=where), _("Try again: nothing is lost by asking twice.")
    )


def not_understood(url: str, answer: Answer) -> KioskError:
    """For an answer that is no yes: what it says of itself."""
    where = urlsplit(url).netloc
    if answer.status in (429, 503, 507):
        return KioskError(_("The province's server is busy."), _("Try again in a few minutes."))
    if answer.status >= 500:
        return KioskError(
            _("The province's server has a fault."), _("Tell the province, and try again later; nothing is lost.")
        )
    return _no_province(where)


def _no_province(where: str) -> KioskError:
    return KioskError(
        _("What answers at {where} is not a province's server.", where=where),
        _("Check the address. A network that asks for a sign-in page first must let this computer through."),
    )


def _connection(parts: SplitResult, context: ssl.SSLContext, within: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port or 80, timeout=within)
    return http.client.HTTPSConnection(host, parts.port or 443, timeout=within, context=context)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
