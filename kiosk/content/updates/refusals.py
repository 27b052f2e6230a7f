"""Why an update was not taken, or not to its end."""

from kiosk.content.updates.sources import Source
from kiosk.errors import DamagedError, KioskError
from kiosk.translations import _


class Interrupted(KioskError):
    """The source went away. What came is kept, and the next update goes on from there."""


def cut_off(source: Source, why: str) -> Interrupted:
    """It could not be read to its end."""
    return Interrupted(
        _("{source} could not be read to its end: {reason}.", source=source.name, reason=why),
        _("What came is kept; the next update goes on from there."),
    )


def not_taken(source: Source, why: str) -> DamagedError:
    """What is there is not what it should be."""
    return DamagedError(
        _("The update from {source} was not taken: {reason}.", source=source.name, reason=why),
        _("The library stays as it was. Tell the province."),
    )
