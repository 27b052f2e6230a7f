"""What staff do at the desk with a page of its own: sign somebody in, write to them, restart the PC. class_pages.py
has the classes. Each form carries whom its page showed, and is refused in words where somebody else is there by now.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import KioskError
from kiosk.rules.notes import LONGEST
from kiosk.rules.questions import BadAnswer
from kiosk.service.desk import MOST_MINUTES, Desk
from kiosk.service.panel.card import card
from kiosk.service.panel.settings_values import both
from kiosk.service.panel.stations import STATION
from kiosk.translations import translate
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, known, says

# What a clerk often writes; any other words may be typed.
READY = (
    says("Please come to the desk for a moment."),
    says("Please lower the sound."),
    says("We close soon. Please save your work."),
    says("Someone is waiting. Please finish when your work is done."),
    says("Your print is ready at the desk."),
)
POWERS = {"restart": says("Restart"), "power_off": says("Shut down")}


def add_views(app: Flask, desk: Desk, page_with: Callable[[str], Any]) -> None:
    """`/s/<station>/sign-in-for`, `…/message`, `…/take-back`, `…/power`. `page_with`: the main page with a notice."""

    @app.route(f"{STATION}/sign-in-for", methods=["GET", "POST"], endpoint="sign_in_for")
    def sign_in_for() -> Any:
        if request.method == "GET":
            return _asked() if "start" in card(g.state).actions else redirect("/", 303)
        given = {one["id"]: _codes(one["id"]) for one in g.state.get("questions") or []}
        answers = {} if request.form.get("skip") else {name: codes for name, codes in given.items() if codes}
        minutes, wrong = _minutes()
        if wrong is not None:
            return _asked(given, {"minutes": wrong})
        try:
            desk.start(g.who, answers, minutes)
        except BadAnswer as error:
            name = next((one for one in given if f"question {one}" in str(error)), "")
            return _asked(given, {name: says("These answers cannot stand together. Please ask once more.")})
        except KioskError as error:
            return _refused(page_with, error)
        return redirect("/", 303)

    @app.route(f"{STATION}/message", methods=["GET", "POST"], endpoint="message")
    def message() -> Any:
        shown = card(g.state)
        if request.method == "GET":
            return _message(shown) if "message" in shown.more else redirect("/", 303)
        text = request.form.get("text", "").strip() or request.form.get("ready", "").strip()
        if not text:
            return _message(shown, says("Please choose a sentence or write one."))
        if len(text) > LONGEST:
            return _message(shown, says("At most {n} letters can be shown. Please write less.", n=LONGEST))
        try:
            desk.tell(g.who, request.form.get("session", ""), text)
        except KioskError as error:
            # What was typed stays, and stays meant for whom it was written.
            return _message(shown, both(*[_why(error)] * 2), 409)
        return redirect("/", 303)

    @app.post(f"{STATION}/message/back", endpoint="message_back")
    def message_back() -> Any:
        return _do(page_with, lambda: desk.tell(g.who, request.form.get("session", ""), ""))

    @app.post(f"{STATION}/take-back", endpoint="take_back_minutes")
    def take_back_minutes() -> Any:
        return _do(page_with, lambda: desk.take_back(g.who, request.form.get("session", "")))

    @app.route(f"{STATION}/power", methods=["GET", "POST"], endpoint="power")
    def power() -> Any:
        if request.method == "GET":
            if g.state.get("state") == "asking":
                return redirect("/", 303)
            return render_template("panel/power.html", card=card(g.state), powers=POWERS)
        act, session = request.form.get("act", ""), request.form.get("session", "")
        return _do(page_with, lambda: desk.power(g.who, act, session))


def _asked(given: dict[str, list[str]] | None = None, wrong: dict[str, Sentence] | None = None) -> Any:
    """The questions as the citizen would be asked, on one page for whoever reads them out; nothing is marked before."""
    year = g.state.get("year", "")
    page = render_template(
        "panel/sign_in_for.html",
        card=card(g.state),
        questions=g.state.get("questions") or [],
        given=given or {},
        minutes=request.form.get("minutes", "") or g.state.get("minutes") or "",
        wrong=wrong or {},
        screen=lambda text: translate(language(), "screens", text, **({"year": year} if "{year}" in text else {})),
    )
    return make_response(page, 400 if wrong else 200)


def _codes(name: str) -> list[str]:
    """What was marked at one question: a tile may stand for two codes."""
    return [code for value in request.form.getlist(name)[:16] for code in value.split("+") if code]


def _minutes() -> tuple[float | None, Sentence | None]:
    """The minutes typed; None where the usual ones were left standing."""
    text = request.form.get("minutes", "").strip().replace(",", ".")
    if not text or text == str(g.state.get("minutes") or ""):
        return None, None
    number = float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() else 0.0
    if not 1 <= number <= MOST_MINUTES:
        return None, says("Minutes go from 1 to {n}.", n=int(MOST_MINUTES))
    return number, None


def _message(shown: Any, problem: Sentence | None = None, status: int = 400) -> Any:
    """The form: empty for whoever is there now, or as it was sent and for whom."""
    posted = request.method == "POST"
    page = render_template(
        "panel/message.html", card=shown, ready=READY, longest=LONGEST, problem=problem, given=request.form,
        session=request.form.get("session", "") if posted else shown.session,
        here=[translate(g.state.get("prefs", {}).get("lang", "vi"), "web", one.text) for one in READY],
    )  # fmt: skip
    return make_response(page, status if problem else 200)


def _do(page_with: Callable[[str], Any], work: Callable[[], None]) -> Any:
    try:
        work()
    except KioskError as error:
        return _refused(page_with, error)
    return redirect("/", 303)


def _refused(page_with: Callable[[str], Any], error: KioskError) -> Any:
    return make_response(page_with(_why(error)), 409)


def _why(error: KioskError) -> str:
    why = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
    return why or say("Things changed meanwhile. Please look again before you choose.")
