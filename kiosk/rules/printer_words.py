"""What keeps a printer from printing, by code, in words: the codes of the supervisor's printing, and what helps."""

from collections.abc import Callable, Mapping

from kiosk.translations import _

_TROUBLES: Mapping[str, Callable[[], str]] = {
    "paper": lambda: _("The printer is out of paper."),
    "jam": lambda: _("Paper is stuck in the printer."),
    "cover": lambda: _("A cover of the printer is open."),
    "ink": lambda: _("The printer is out of ink or toner."),
    "offline": lambda: _("The printer does not answer."),
    "stopped": lambda: _("The printer was stopped."),
    "refused": lambda: _("The printer did not take the job."),
    "no_printer": lambda: _("No printer is set up on this computer."),
    "no_cups": lambda: _("The printing service of this computer (CUPS) does not run."),
    "not_installed": lambda: _("The printing service (CUPS) is not installed."),
    "open": lambda: _("The printer cannot be closed to citizens."),
}

WHAT_TO_DO: Mapping[str, Callable[[], str]] = {
    "paper": lambda: _("Put paper into its tray."),
    "jam": lambda: _("Switch it off, take the paper out slowly, and switch it on again."),
    "cover": lambda: _("Close it until it clicks."),
    "ink": lambda: _("Put in a new cartridge."),
    "offline": lambda: _("Look whether it is switched on and its cable is in."),
    "stopped": lambda: _("Have the technician start it in CUPS (http://localhost:631)."),
    "no_printer": lambda: _("Have the technician set it up in CUPS (http://localhost:631)."),
    "no_cups": lambda: _("Have the technician start it: sudo systemctl enable --now cups"),
    "not_installed": lambda: _("Have the technician install it: sudo apt install cups"),
    "desk": lambda: _("Have the technician run kiosk check."),
}


def trouble_words(code: str) -> str:
    """A code as a sentence."""
    said = _TROUBLES.get(code)
    return said() if said else _("Printing cannot start on this computer.")
