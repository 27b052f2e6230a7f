"""What `kiosk check` says of the date: as the running service knows it, else as far as the machine alone can tell."""

from collections.abc import Iterator

from kiosk.errors import KioskError
from kiosk.service import client
from kiosk.service.dating import Witness
from kiosk.service.doctor.findings import Finding
from kiosk.service.words import clock_lines
from kiosk.settings import Paths
from kiosk.translations import _


def clock(paths: Paths, machine: Witness) -> Iterator[Finding]:
    """Whether the date can be trusted, and what has none."""
    if client.running(paths):
        try:
            state = client.ask(paths, "status")["clock"]
        except KioskError as error:
            yield Finding("clock", "warn", error.message, error.hint)
            return
        _said, *more = clock_lines(state)  # whether the date is trusted, health.py says
        yield from (Finding("clock", "warn", line, _("They are counted; confirm the date sooner.")) for line in more)
    elif machine.synchronised():
        yield Finding("clock", "good", _("The clock is synchronised."))
    elif machine.hardware() is not None:
        text = _("The clock is not synchronised, but there is a hardware clock; kiosk judges it at the next start.")
        yield Finding("clock", "good", text)
    else:
        text = _("The clock is not synchronised, and this PC shows no hardware clock.")
        yield Finding(
            "clock", "warn", text, _("Allow time synchronisation, or confirm the date on the panel after a start.")
        )
