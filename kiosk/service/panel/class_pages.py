"""A training class on this PC: begun with a title, ended with the number of people, which the journal keeps."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import KioskError
from kiosk.rules.journal_entry import WrongEntry
from kiosk.service.desk import LONGEST_TITLE, Desk
from kiosk.service.panel.card import card
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language
from kiosk.web.words import known

FIELDS = ("words", "people", "begin", "end")


def add_views(app: Flask, desk: Desk, page_with: Callable[[str], Any]) -> None:
    """`/s/<station>/class`, `…/class/end`, `…/class/write`. `page_with`: the main page with a notice."""

    def refused(error: KioskError) -> Any:
        why = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
        return make_response(page_with(why), 409)

    def write(fields: dict[str, str]) -> Any:
        """Written down, or back to the form with what was typed and the wrong fields named."""
        try:
            desk.write_class(g.who, fields)
        except WrongEntry as error:
            g.state = desk.status()
            wrong = {name: known(language(), said) for name, said in error.problems.items()}
            return _form("class_write", fields, wrong)
        except KioskError as error:
            return refused(error)
        return redirect("/", 303)

    @app.route(f"{STATION}/class", methods=["GET", "POST"], endpoint="class_begin")
    def class_begin() -> Any:
        shown = card(g.state)
        if request.method == "GET":
            if "class_begin" not in shown.more:
                return redirect("/", 303)
            return render_template("panel/class_begin.html", card=shown, longest=LONGEST_TITLE)
        try:
            desk.begin_class(g.who, request.form.get("title", ""))
        except KioskError as error:
            return refused(error)
        return redirect("/", 303)

    @app.route(f"{STATION}/class/end", methods=["GET", "POST"], endpoint="class_end")
    def class_end() -> Any:
        if request.method == "GET":
            return _form("class_end", {}, {}) if "class_end" in card(g.state).actions else redirect("/", 303)
        try:
            desk.end_class(g.who, request.form.get("session", ""))
        except KioskError as error:
            return refused(error)
        # The class is over in any case; what was typed of it may still have to be mended.
        return redirect("/", 303) if request.form.get("later") else write(_typed())

    @app.route(f"{STATION}/class/write", methods=["GET", "POST"], endpoint="class_write")
    def class_write() -> Any:
        if not (g.state.get("class") or {}).get("ended"):
            return redirect("/", 303)
        if request.method == "GET":
            return _form("class_write", {}, {})
        if request.form.get("forget"):
            desk.forget_class(g.who)
            return redirect("/", 303)
        return write(_typed())


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:400] for name in FIELDS}


def _form(endpoint: str, typed: dict[str, str], wrong: dict[str, str]) -> Any:
    known_class = g.state.get("class") or {}
    given = {
        "words": known_class.get("title", ""),
        "people": "",
        "begin": known_class.get("began", ""),
        "end": known_class.get("ended") or g.clock,
        **typed,
    }
    page = render_template(
        "panel/class_over.html", card=card(g.state), given=given, wrong=wrong, to=endpoint, longest=LONGEST_TITLE
    )
    return make_response(page, 400 if wrong else 200)
