"""The page of equipment: a row a thing, with its light, its last 30 days and its one act; faults and repairs."""

import secrets
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.rules.journal import WHATS
from kiosk.rules.journal_entry import LONGEST_WORDS
from kiosk.rules.walls import walls
from kiosk.service.equipment import Equipment
from kiosk.service.face import Face
from kiosk.service.panel import equipment_rows as words
from kiosk.service.panel.orders import REASONS
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language
from kiosk.web.words import Sentence, known, says

WHAT_TO_REPORT = ", ".join(WHATS)
PRINTER_REASONS = (says("Paper is stuck"), says("Out of ink or toner"), says("Prints badly"), says("Does not print"))
INTERNET_REASONS = (says("No Internet"), says("The Internet is very slow"), says("Bill not paid"))
KEY_LETTERS = 24
PC, ANY = says("Report a fault"), says("Report it")
CHOICES = {"pc": REASONS, "printer": PRINTER_REASONS, "internet": INTERNET_REASONS}


def add_views(app: Flask, face: Face, equipment: Equipment) -> None:
    """`/s/<station>/equipment`, below it `<what>/fault` and `<what>/repaired`; `face` knows which walls stand."""

    @app.get(f"{STATION}/equipment", endpoint="equipment")
    def shown() -> str:
        seen = equipment.seen()
        found = words.rows(seen)
        works, there = words.counted(found)
        return render_template(
            "panel/equipment.html", rows=found, works=works, there=there, span=words.span(seen.days),
            done=request.args.get("done", ""), walls=walls(face.status().get("isolation") or {}),
        )  # fmt: skip

    @app.route(f"{STATION}/equipment/<any({WHAT_TO_REPORT}):what>/fault", methods=["GET", "POST"],
               endpoint="equipment_fault")  # fmt: skip
    def fault(what: str) -> Any:
        wrong, problem = dict[str, Sentence](), ""
        if request.method == "POST":
            reason = _typed("words") or _typed("reason")
            if not reason:
                wrong["words"] = says("Please say what does not work.")
            else:
                try:
                    equipment.report(what, reason, g.who, _key())
                    return redirect(url_for("equipment"), 303)
                except KioskError as error:
                    problem = _words(error)
        page = render_template(
            "panel/equipment_fault.html", what=what, name=words.NAMES[what], longest=LONGEST_WORDS,
            reasons=CHOICES.get(what, ()), wrong=wrong, problem=problem,
            given=request.form if request.method == "POST" else request.args, act=PC if what == "pc" else ANY,
            key=_key() or secrets.token_hex(KEY_LETTERS // 2),
        )  # fmt: skip
        return make_response(page, 409 if wrong or problem else 200)

    @app.route(f"{STATION}/equipment/<any({WHAT_TO_REPORT}):what>/repaired", methods=["GET", "POST"],
               endpoint="equipment_repaired")  # fmt: skip
    def repaired(what: str) -> Any:
        problem, number = "", max(0, request.args.get("line", 0, type=int))
        if request.method == "POST":
            try:
                equipment.repaired(what, _typed("note"), g.who, number)
                return redirect(url_for("equipment"), 303)
            except KioskError as error:
                problem = _words(error)
        page = render_template("panel/equipment_repaired.html", what=what, name=words.NAMES[what],
                               longest=LONGEST_WORDS, given=request.form, problem=problem,
                               of_line=equipment.fault(number) if number else "")  # fmt: skip
        return make_response(page, 409 if problem else 200)


def _typed(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:LONGEST_WORDS]


def _key() -> str | None:
    """What the form carries, so that a second touch reports nothing twice."""
    key = request.form.get("key", "")
    return key if key.isalnum() and len(key) == KEY_LETTERS else None


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
