"""What the codes of the quarantine mean, in words an officer can act on."""

from kiosk.province.intake.quarantine import Held
from kiosk.translations import _


def meaning(code: str) -> str:
    """What is wrong with a bundle of that code."""
    words = {
        "SIGNATURE": _("it was altered on its way, or its signature is missing"),
        "UNKNOWN_KEY": _("no PC that has joined this province has signed it"),
        "REVOKED_KEY": _("it is signed by a key that was revoked"),
        "TRUNCATED": _("it is cut off"),
        "TOO_BIG": _("it is larger than a bundle may be"),
        "SCHEMA": _("it does not follow the format"),
        "ROWCOUNT": _("lines are missing in it"),
        "RANGE": _("it says counts or a day that cannot be"),
        "FUTURE_DAY": _("its day had not come yet; the clock of the PC is ahead"),
        "WRONG_SITE": _("a PC sent it under the name of another one"),
        "REVISION_CONFLICT": _("another bundle was here before it; perhaps the disk of a PC was copied"),
    }
    return words.get(code, code)


def line_of(one: Held) -> str:
    """One of them as a line of the terminal."""
    sender = f"{one.site} {one.station}" if one.site else one.key
    decided = "" if one.decided is None else " · " + _("decided {at}", at=one.decided)
    return f"{one.id}  {one.received}  {sender}  {one.code}: {meaning(one.code)} ({one.detail}){decided}"
