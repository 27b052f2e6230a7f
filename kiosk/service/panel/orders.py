"""What staff order: each a POST of our own page, asked about first where it hurts, refused in words where it cannot be.

A form carries the session and the minutes that its page showed. An order for another session than the reader saw, or
a second touch of "add minutes", is not obeyed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import KioskError
from kiosk.service.face import Face
from kiosk.service.panel.card import card, extension_minutes
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say
from kiosk.web.words import known, says

ORDERS = ("helped", "start", "extend", "finish", "out_of_order", "in_service", "accessible", "not_accessible")
QUESTIONS = ("finish", "out_of_order")
REASONS = (
    says("No picture on the screen"),
    says("Does not switch on"),
    says("Keyboard or mouse is broken"),
    says("No Internet"),
    says("Very slow"),
)
LONGEST_REASON = 200


def add_views(app: Flask, face: Face, page_with: Callable[[str], Any]) -> None:
    """`/s/<station>/<action>`, each an endpoint of its own, so that the table of roles has a line for each; `/waiting`.

    `page_with` is the main page with a notice on it.
    """

    def ask(action: str) -> Any:
        shown = card(g.state)
        if action not in shown.actions:
            return redirect("/", 303)
        return render_template(f"panel/{action}.html", card=shown, reasons=REASONS, longest=LONGEST_REASON)

    def order(action: str) -> Any:
        if not _still_true(action, g.state):
            return make_response(page_with(say("Things changed meanwhile. Please look again before you choose.")), 409)
        minutes = float(extension_minutes(g.state)) if action == "extend" else None
        return _obey(action, minutes, _reason() if action == "out_of_order" else "")

    for action in QUESTIONS:
        app.add_url_rule(f"{STATION}/{action}", f"ask_{action}", partial(ask, action), methods=["GET"])
    for action in ORDERS:
        app.add_url_rule(f"{STATION}/{action}", f"order_{action}", partial(order, action), methods=["POST"])

    @app.post("/waiting", endpoint="waiting")
    def waiting() -> Any:
        return _obey("waiting" if request.form.get("waiting") == "1" else "not_waiting")

    def _obey(action: str, minutes: float | None = None, reason: str = "") -> Any:
        try:
            face.staff(action, g.who, minutes, reason)
        except KioskError as error:
            why = f"{known(language(), error.message)} {known(language(), error.hint)}"
            return make_response(page_with(why.strip()), 409)
        return redirect("/", 303)


def _still_true(action: str, state: Mapping[str, Any]) -> bool:
    """Whether the session and minutes that the form was made for are still those of the station."""
    if action not in ("extend", "finish", "accessible", "not_accessible"):
        return True
    shown = card(state)
    same_session = request.form.get("session", "") == shown.session
    return same_session and (action != "extend" or request.form.get("granted", "") == str(shown.granted))


def _reason() -> str:
    """The reason typed, else the one chosen; one line, not too long."""
    words = request.form.get("words", "").strip() or request.form.get("reason", "").strip()
    return " ".join(words.split())[:LONGEST_REASON]
