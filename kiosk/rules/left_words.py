"""Why a PC is out of order, in words for staff: theirs, and what could not be wiped of the last session.

What is left comes as the supervisor tells it (`Ended`, `NotClean`): a code, and for files the places in which they lie.
It is tried again by itself, and at once by Repaired on the panel and by a restart (supervisor/ending.py).
"""

from collections.abc import Callable, Mapping

from kiosk.rules.station_state import Station
from kiosk.translations import Said, _, together

_LEFT: Mapping[str, Callable[[str], str]] = {
    "files": lambda where: _("Files of the last session cannot be removed ({where}).", where=where or "?"),
    "hangs": lambda _where: _("To remove the files of the last session takes too long: something hangs."),
    "processes": lambda _where: _("A program of the last session cannot be ended."),
    "room": lambda why: _("The walls around a session cannot be built ({why}).", why=why or "?"),
    "display": lambda _where: _("What the last session left on the screen cannot be removed."),
}


def left_words(left: str) -> Said:
    """What is left, and what helps."""
    code, _space, where = left.partition(" ")
    said = _LEFT.get(code)
    what = said(where) if said else _("Something of the last session could not be removed.")
    nobody = (
        _("Nobody can start here before they stand. The computer tries again by itself; Repaired tries at once.")
        if code == "room"
        else _("Nobody can start here before it is gone. The computer tries again by itself; Repaired tries at once.")
    )
    return together(
        what,
        nobody,
        _("If it stays, restart the computer; if that does not help, call the technician."),
    )


def why_out(station: Station) -> str:
    """The reason that staff gave, and what is not clean; "" where it is neither."""
    if not station.left:
        return station.reason
    return together(station.reason, left_words(station.left))
