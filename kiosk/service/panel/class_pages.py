"""A training class on this PC: begun with a title, ended with the number of people, which the journal keeps."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.rules.journal_entry import WrongEntry
from kiosk.service.desk import LONGEST_TITLE, Desk
from kiosk.service.panel.card import card
from kiosk.service.panel.journal_words import line as counted
from kiosk.service.panel.seen import ask
from kiosk.service.panel.stations import STATION
from kiosk.service.refusals import Gone
from kiosk.web.pages import language, say
from kiosk.web.words import known, says

FIELDS = ("words", "people", "begin", "end")


WRITTEN = says("Somebody has written this class down already: {words}. What is wrong there is changed in the journal.")
NOT_WRITTEN = says(
    "Somebody has decided meanwhile that this class is not written down. Write it in the journal if it was one."
)


def add_views(app: Flask, desk: Desk, page_with: Callable[[str], Any]) -> None:
    """`/s/<station>/class`, `…/class/end`, `…/class/write`. `page_with`: the main page with a notice.

    Each form of a class that is over carries which one its page showed: two people never write, or forget, two.
    """

    def refused(error: KioskError) -> Any:
        why = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
        return make_response(page_with(why), 409)

    def gone(key: str) -> Any:
        """The second of two is told what the first has written."""
        line = desk.written_class(key)
        if line is None:
            return make_response(page_with(say(NOT_WRITTEN)), 409)
        title = line.words.get("words", "")
        words = f"“{title}”, {counted(line)}" if title else counted(line)
        return make_response(page_with(say(WRITTEN.text, words=words)), 409)

    def write(key: str, fields: dict[str, str]) -> Any:
        """Written down, or back to the form with what was typed and the wrong fields named."""
        try:
            desk.write_class(g.who, key, fields)
        except WrongEntry as error:
            g.state = desk.status()
            wrong = {name: known(language(), said) for name, said in error.problems.items()}
            return _form("class_write", fields, wrong)
        except Gone:
            return gone(key)
        except KioskError as error:
            return refused(error)
        return redirect(url_for("class_begin", title=_then()) if "then" in request.form else "/", 303)

    @app.route(f"{STATION}/class", methods=["GET", "POST"], endpoint="class_begin")
    def class_begin() -> Any:
        title = request.values.get("title", "")[:LONGEST_TITLE]
        if _waits(g.state):
            # A new one would take its place: it is written down first, and then the new one is begun.
            return redirect(url_for("class_write", then=title), 303)
        shown = card(g.state)
        if request.method == "GET":
            if "class_begin" not in shown.more:
                return redirect("/", 303)
            return render_template("panel/class_begin.html", card=shown, longest=LONGEST_TITLE, title=title)
        try:
            desk.begin_class(g.who, title)
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
        return redirect("/", 303) if request.form.get("later") else write(_key(), _typed())

    @app.route(f"{STATION}/class/write", methods=["GET", "POST"], endpoint="class_write")
    def class_write() -> Any:
        if request.method == "GET":
            return _form("class_write", {}, {}) if _waits(g.state) else redirect("/", 303)
        key = _key()
        if (g.state.get("class") or {}).get("key") != key:
            return gone(key)
        if not _waits(g.state):
            return redirect("/", 303)
        if request.form.get("change"):
            return _form("class_write", _typed(), {})
        return forget(key) if request.form.get("forget") else write(key, _typed())

    def forget(key: str) -> Any:
        """Asked about once: nobody else knows how many came."""
        if not request.form.get("sure"):
            title = (g.state.get("class") or {}).get("title", "")
            return ask(
                says("Shall the class “{title}” not be written down?", title=title) if title
                else says("Shall this class not be written down?"),
                says("It will stand neither in the journal nor in the report."),
                yes=says("Do not write it down"), fields=request.form,
            )  # fmt: skip
        try:
            desk.forget_class(g.who, key)
        except Gone:
            return gone(key)
        return redirect(url_for("class_begin", title=_then()) if "then" in request.form else "/", 303)


def _waits(state: Mapping[str, Any]) -> bool:
    """Whether a class is over and not written down yet."""
    return bool((state.get("class") or {}).get("ended"))


def _key() -> str:
    return request.form.get("class", "")[:60]


def _then() -> str:
    """The title of the class that is to be begun afterwards."""
    return request.values.get("then", "")[:LONGEST_TITLE]


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:400] for name in FIELDS}


def _form(endpoint: str, typed: dict[str, str], wrong: dict[str, str]) -> Any:
    known_class = g.state.get("class") or {}
    posted = request.method == "POST"
    given = {
        "words": known_class.get("title", ""),
        "people": "",
        "begin": known_class.get("began", ""),
        "end": known_class.get("ended") or g.clock,
        **typed,
    }
    page = render_template(
        "panel/class_over.html", card=card(g.state), given=given, wrong=wrong, to=endpoint,
        key=_key() if posted else known_class.get("key", ""), then=_then() if "then" in request.values else None,
        session=request.form.get("session", "") if posted else card(g.state).session,
    )  # fmt: skip
    return make_response(page, 400 if wrong else 200)
