"""Where a province is, as people type it or a scanner does: its address, and the code that may stand behind it."""

import ipaddress
import re
from urllib.parse import urlsplit

from kiosk.errors import UsageError
from kiosk.export.handshake import Code, code_in
from kiosk.translations import _

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[!-~]*)?")


def whole(url: str) -> str:
    """An address as it is kept: with https where nothing was said, no slash at its end. UsageError where it is none."""
    text = url.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        fits = _ADDRESS.fullmatch(text.partition("?")[0]) and parts.hostname and (parts.port or 443) > 0
    except ValueError:
        fits = False
    if not fits or parts.query:
        raise UsageError(
            _("{url} is not the address of a province.", url=url.strip()[:200]),
            _("It stands on the sheet with the code, such as https://province.example.vn:8443."),
        )
    if parts.scheme == "http" and not _this_pc(parts.hostname or ""):
        raise UsageError(
            _("{url} is not protected: it must begin with https.", url=url.strip()[:200]),
            _("It stands on the sheet with the code, such as https://province.example.vn:8443."),
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def address_and_code(url: str, code: str = "") -> tuple[str, Code]:
    """What was typed or scanned: address and code in two fields, or in one, the code behind a # or a space.

    A folder, such as a stick's, stands for itself.
    """
    address, mark, behind = url.strip().partition("#")
    if not mark:
        address, _space, behind = address.partition(" ")
    try:
        codes = {code_in(one) for one in (code, behind) if one.strip()} or {code_in("")}
        (found,) = codes
    except ValueError:
        raise UsageError(
            _("That is not a code: it has 20 letters and digits in five groups."),
            _("Type it as it stands on the sheet, such as 7K2M-9QRT-4XWB-0C3D-8FGH."),
        ) from None
    return (address if address.startswith("/") else whole(address)), found


def _this_pc(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
