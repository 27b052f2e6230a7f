"""Why nothing goes up, in words: what this computer itself stands in the way of."""

from collections.abc import Sequence

from kiosk.errors import DamagedError, RefusedError
from kiosk.export.enrolment import Enrolled
from kiosk.service.words import date_words
from kiosk.translations import _

FEW = 5


def no_line(enrolled: Enrolled | None) -> RefusedError:
    """There is no way over the network."""
    if enrolled is None:
        return RefusedError(
            _("This station has not joined a province."), _("Ask the province for a code, then: kiosk enrol URL CODE.")
        )
    return RefusedError(
        _("This station sends by stick, not over the network."), _("Write to a stick: kiosk export write --to FOLDER.")
    )


def damaged(days: Sequence[str]) -> DamagedError:
    """What neither the outbox nor the memory has whole any more."""
    shown = ", ".join(date_words(day) for day in days[:FEW]) + (" …" if len(days) > FEW else "")
    return DamagedError(
        _("The numbers of {days} are damaged on the disk of this computer and cannot be sent.", days=shown),
        _("Please leave the computer on and call the technician: the disk must be looked at."),
    )
