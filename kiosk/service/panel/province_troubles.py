"""What went wrong on the way to the province, for who stands at the panel: no commands, no files of settings.

The sentences of the way up are written for a technician at a terminal. Where they name something that a clerk does not
have, another one stands in its place: what to do on the panel, or whom to call.
"""

import re
from collections.abc import Mapping

from kiosk.translations import Said, _, together

_TERMINAL = re.compile(r"\bkiosk [a-z]+\b|(^| )--[a-z]|\.toml\b|\bits log\b|\bFOLDER\b")
_PART = re.compile(r"s\d+")


def for_clerks(said: str) -> str:
    """The same, with everything that needs a terminal said otherwise."""
    return _otherwise(said, _instead())


def on_the_way(said: str) -> str:
    """A trouble of sending: nobody here typed an address, and this computer tries again by itself."""
    return _otherwise(said, _sending() | _instead())


def _otherwise(said: str, instead: Mapping[str, str]) -> str:
    if not isinstance(said, Said):
        return said
    if said.values and all(_PART.fullmatch(name) for name in said.values):
        return together(*(_otherwise(one, instead) for one in said.values.values() if isinstance(one, str)))
    for begins, words in instead.items():
        if said.text.startswith(begins):
            return words
    return _("Please call the technician.") if _TERMINAL.search(said.text) else said


def _sending() -> dict[str, str]:
    """By how the sentence begins for whoever typed an address."""
    silent, later = _("The province's server does not answer."), _("If it stays so for days, tell the province.")
    return {
        "Nobody answers at {where}": silent,
        "{where} does not answer": silent,
        "Check the address and the number behind the colon": later,
        "{where} cannot be found": _("The province's server cannot be found: perhaps there is no network here."),
        "Check the cable or the Wi-Fi and the address": _("Check the cable or the Wi-Fi, then try again."),
        "The connection to {where} was cut off": _("The connection to the province was cut off."),
        "What answers at {where}": _("What answers is not the province's server that this computer knows."),
        "Plug in the stick or connect the share": _(
            "Plug in the stick or connect the shared folder; if it stays so, please call the technician."
        ),
    }


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
        "Send them first, or bring them there by stick": _(
            "Send them first, or bring them to the province by stick and its receipts back. If that cannot be, tick the"
            " box below the code: they then stay in this computer, and are counted nowhere."
        ),
        "Look at the last lines of its log": _("Try again; if it stays so, please call the technician."),
        "Install the package it names": place,
        "Check [export] to": place,
        "Allow it, or": _("Please call the technician: kiosk may not read or write there."),
    }
