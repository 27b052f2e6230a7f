"""What a page of the panel shows when the station's memory cannot be asked: what is wrong and what to do, never a 500.

The frame of the page, its tabs and the page of now need no memory: so the panel opens and leads on, whatever the disk
does.
"""

from typing import Any

from flask import Flask, g, make_response, render_template, request

from kiosk.errors import DamagedError, KioskError
from kiosk.store.failures import StoreFull, StoreReadOnly, StoreUnreadable
from kiosk.web.pages import LOG, language
from kiosk.web.words import Sentence, known, says

# In a clerk's words; what the error itself says stands small below, for the technician on the phone.
WHAT: dict[type[KioskError], tuple[Sentence, Sentence]] = {
    StoreFull: (
        says("The disk of this computer is full, so this page cannot be shown."),
        says("Please have the technician remove what is not needed; what is counted waits, and nothing of it is lost."),
    ),
    StoreReadOnly: (
        says("The disk of this computer takes no writing, so this page cannot be shown."),
        says("Please leave the computer on and call the technician."),
    ),
    DamagedError: (
        says("The memory of this computer is damaged, so this page cannot be shown."),
        says("It restores its newest copy by itself within a minute; if this comes again, call the technician."),
    ),
    StoreUnreadable: (
        says("The disk of this computer reports errors, so this page cannot be shown."),
        says("Please leave the computer on and call the technician: disk or cable must be changed."),
    ),
}


def add(app: Flask) -> None:
    """Shows errors of the house as a page of the panel."""
    app.register_error_handler(KioskError, shown)


def shown(error: KioskError) -> Any:
    """The page: what is wrong, what to do. 503, for it may be well the next time."""
    LOG.warning("a page could not be shown endpoint=%s error=%s", request.endpoint, type(error).__name__)
    if request.headers.get("HX-Request"):
        return make_response("", 503)
    what, told = words(error)
    page = render_template("panel/trouble.html", what=what, told=told, staff=bool(g.get("who")))
    return make_response(page, 503, {"Retry-After": "30"})


def words(error: KioskError) -> tuple[tuple[Sentence, Sentence] | None, str]:
    """What is wrong and what to do, as a clerk reads it, where that is known; and what the error says itself."""
    found = next((pair for kind, pair in WHAT.items() if isinstance(error, kind)), None)
    return found, f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
