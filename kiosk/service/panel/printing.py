"""What staff do with jobs that wait to be printed: release or cancel one or all. The card refreshes itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, abort, g, make_response, redirect, request

from kiosk.errors import KioskError
from kiosk.service.face import Face
from kiosk.service.panel.print_card import print_card
from kiosk.service.panel.seen import ask
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say
from kiosk.web.words import known, says


def add_views(
    app: Flask,
    face: Face,
    page_with: Callable[[str], Any],
    unless_seen: Callable[..., Response],
    version: Callable[..., str],
) -> None:
    """`/s/<station>/printing`, and `/s/<station>/print/<action>`. `page_with` is the main page with a notice on it."""

    @app.get(f"{STATION}/printing", endpoint="printing")
    def printing() -> Response:
        found = seen_printing(g.state, version)
        if found["printing"] is None:
            abort(404)
        return unless_seen(found["printing_seen"], "panel/printing.html", **found)

    @app.post(f"{STATION}/print/<any(release, cancel):action>", endpoint="print_order")
    def print_order(action: str) -> Any:
        shown = print_card(g.state)
        if shown is None:
            abort(404)
        if request.form.get("session", "") != shown.session:
            return make_response(page_with(say("Things changed meanwhile. Please look again before you choose.")), 409)
        number = request.form.get("job", "")
        if action == "cancel" and not request.form.get("sure"):
            return ask(
                says("Shall job {n} not be printed?", n=number) if number else says("Shall nothing of it be printed?"),
                says("It is deleted. To have it printed after all, the person has to print it once more."),
                yes=says("Do not print"), fields=request.form, back="/",
            )  # fmt: skip
        try:
            face.print_order(action, g.who, int(number) if number.isascii() and number.isdecimal() else None)
        except KioskError as error:
            why = f"{known(language(), error.message)} {known(language(), error.hint)}"
            return make_response(page_with(why.strip()), 409)
        return redirect("/", 303)


def seen_printing(state: Mapping[str, Any], version: Callable[..., str]) -> dict[str, Any]:
    """What the card's template needs, with the short name of what it shows."""
    shown = print_card(state)
    return {"printing": shown, "printing_seen": version(shown)}
