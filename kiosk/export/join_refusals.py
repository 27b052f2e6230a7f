"""Why a station could not join its province, in words."""

from kiosk.errors import ANOTHER_PLACE, STAYS_BEHIND, KioskError, RefusedError
from kiosk.translations import _, reason


def refused(code: str) -> RefusedError:
    """What the province said of a code. One of a later version is shown as it stands."""
    anew = _("Ask the province for a new code.")
    told = {
        "WRONG_CODE": (_("The province does not know this code."),
                       _("Compare every group with the sheet. After ten wrong tries a code is locked.")),
        "LOCKED": (_("This code is locked: it was typed wrongly too often."), anew),
        "USED": (_("This code was used already, by another computer."), anew),
        "EXPIRED": (_("This code is too old."), anew),
    }  # fmt: skip
    message, hint = told.get(code, (_("The province refused: {code}.", code=code[:40]), anew))
    return RefusedError(message, hint)


def of_another_place(site: str, station: str, own: str, number: str) -> RefusedError:
    """The code is for another place than ours (`own`, `number`)."""
    return RefusedError(
        _("The code is for site {site}, computer {station}; this is site {own}, computer {number}.",
          site=site, station=station, own=own, number=number),
        _("Take the code of this computer. If the computer has moved there, send first what still waits, then join with"
          " --take-over (on the panel: tick it): from then on it counts for that place, and what it counted until now"
          " stays with the old one."),
        ANOTHER_PLACE,
    )  # fmt: skip


def would_stay_behind(days: int, own: str, number: str) -> RefusedError:
    """So many days wait under the name (`own`, `number`) that the station would give up."""
    return RefusedError(
        _("Days that this computer counted for site {site}, computer {station}, and no province has confirmed: {n}.",
          site=own, station=number, n=days),
        _("Send them first, or bring them there by stick and its receipts back. If that cannot be, join with"
          " --leave-behind (on the panel: tick it): they then stay in this computer, and are counted nowhere."),
        STAYS_BEHIND,
    )  # fmt: skip


def not_written(error: OSError) -> KioskError:
    """The disk did not take it: asking again with the same code is right."""
    return KioskError(
        _("The enrolment cannot be written: {reason}.", reason=reason(error)),
        _("Free some disk space, then try again with the same code."),
    )
