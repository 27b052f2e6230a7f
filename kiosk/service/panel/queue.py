"""Waiting numbers on the panel: a small part beside today's card, a page with all of them, and a slip for the citizen.

Each form carries the number that its page showed, so that a second touch, or two people, never call two.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.rules.queue import MOST, Act
from kiosk.service.face import Face
from kiosk.web.pages import language
from kiosk.web.words import known

# Where a touch leads back to: the page that it was made on.
ALL = "all"


def add_views(app: Flask, face: Face, page_with: Callable[[str], Any]) -> None:
    """`/queue`, `/queue/<act>`, `/queue/slip/<number>`: the site's, whatever PC is free. `page_with` is the main page
    with a notice.
    """

    def page(notice: str = "") -> str:
        return render_template("panel/queue_all.html", queue=numbers_of(g.state), notice=notice)

    @app.get("/queue", endpoint="queue")
    def queue() -> str:
        return page()

    @app.post("/queue/<any(give, call, skip, back, take_off, clear, undo):act>", endpoint="queue_order")
    def order(act: Act) -> Any:
        here = request.form.get("page") == ALL
        try:
            face.numbers(act, _number(request.form.get("number", "")))
        except KioskError as error:
            why = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
            g.state = face.status()
            return make_response(page(why) if here else page_with(why), 409)
        return redirect(url_for("queue") if here else "/", 303)

    @app.get("/queue/slip/<int:number>", endpoint="queue_slip")
    def slip(number: int) -> Any:
        if not 1 <= number <= MOST:
            abort(404)
        return render_template("panel/queue_slip.html", number=number)


def numbers_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The waiting numbers of the state message; none where it tells of none."""
    nothing: dict[str, Any] = {
        "next": None,
        "called": None,
        "waiting": 0,
        "numbers": [],
        "last": None,
        "new": 1,
        "undo": False,
    }
    return {**nothing, **(state.get("queue") or {})}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 2 else None
