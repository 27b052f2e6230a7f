"""What went wrong on the way to the province, for who stands at the panel: no commands, no files of settings.

The sentences of the way up are written for a technician at a terminal. Where they name something that a clerk does not
have, another one stands in its place: what to do on the panel, or whom to call.
"""

import re

from kiosk.translations import Said, _, together

_TERMINAL = re.compile(r"\bkiosk [a-z]+\b|(^| )--[a-z]|\.toml\b|\bits log\b|\bFOLDER\b")
_PART = re.compile(r"s\d+")


def for_clerks(said: str) -> str:
    """The same, with everything that needs a terminal said otherwise."""
    if not isinstance(said, Said):
        return said
    if said.values and all(_PART.fullmatch(name) for name in said.values):
        return together(*(for_clerks(str(one) if not isinstance(one, str) else one) for one in said.values.values()))
    for begins, instead in _instead().items():
        if said.text.startswith(begins):
            return instead
    return _("Please call the technician.") if _TERMINAL.search(said.text) else said


def _instead() -> dict[str, str]:
    """By how the sentence for a terminal begins."""
    place = _("Please call the technician: the place to which this computer copies must be looked at.")
    return {
        "Ask the province for a code, then:": _("Ask the province for a code, then join with it here."),
        "Write to a stick:": _("Copy to a USB stick here instead."),
        "Tell the province which version runs here:": _(
            "Tell the province which version of kiosk runs here; it stands on the page of equipment."
        ),
        "Take the code of this computer.": _(
            "Take the code of this computer. If it has moved there, first send what still waits, then tick the box"
            " below the code and join again."
        ),
        "Look at the last lines of its log": _("Try again; if it stays so, please call the technician."),
        "Install the package it names": place,
        "Check [export] to": place,
        "Allow it, or": _("Please call the technician: kiosk may not read or write there."),
    }
