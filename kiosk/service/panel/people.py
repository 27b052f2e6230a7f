"""Who may sign in: the list, somebody new, another role, a new PIN, and goodbye; and for everybody their own PIN.

Every change asks once more or can be changed again, is written down with who made it, and signs the one concerned out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.rules.roles import CLERK, MANAGER, ROLES, TECHNICIAN
from kiosk.service.panel.entry import welcome
from kiosk.service.panel.settings_values import both
from kiosk.store.pins import Managers
from kiosk.web.pages import language
from kiosk.web.sign_in import WebSessions
from kiosk.web.words import Sentence, known, says

# What a role is called, and what it is for.
ROLE_WORDS: Mapping[str, tuple[Sentence, Sentence]] = {
    MANAGER: (says("Manager"), says("may do everything here, also settings and people")),
    CLERK: (says("Clerk"), says("serves people, sees the reports, keeps the journal")),
    TECHNICIAN: (says("Technician"), says("mends the computer; sees no numbers and serves nobody")),
}
CHANGED = says("Somebody else changed the people meanwhile. Look at them, then try again.")

Wrong = dict[str, Sentence]


class People:
    """The views of the people. Each form carries the version of the list that its page showed."""

    def __init__(self, managers: Managers, signed_in: WebSessions) -> None:
        self._managers, self._signed_in = managers, signed_in

    def listed(self) -> str:
        """Everybody, with what they may do."""
        done = request.args.get("done", "")
        return render_template("panel/people.html", people=self._managers.listed(), roles=ROLE_WORDS, done=done)

    def add(self) -> Any:
        """Somebody new, with a first PIN."""

        def save(form: Mapping[str, str]) -> None:
            self._managers.add(form["name"], form["pin"], form["role"], who=g.who)

        return self._form("panel/person_add.html", save, needs=("name", "role", "pin", "again"))

    def role(self) -> Any:
        """Another role for somebody."""
        name = self._meant()
        if name is None:
            return redirect(url_for("settings_people"), 303)
        return self._form(
            "panel/person_role.html", lambda form: self._managers.set_role(name, form["role"], who=g.who),
            needs=("role",), first={"role": dict(self._managers.listed())[name]}, name=name,
        )  # fmt: skip

    def pin(self) -> Any:
        """A new PIN for somebody who has forgotten theirs."""
        name = self._meant()
        if name is None:
            return redirect(url_for("settings_people"), 303)
        if name == g.who:
            return redirect(url_for("own_pin"), 303)
        return self._form(
            "panel/person_pin.html", lambda form: self._managers.set_pin(name, form["pin"], who=g.who),
            needs=("pin", "again"), name=name,
        )  # fmt: skip

    def remove(self) -> Any:
        """The question whether somebody shall go, and the going."""
        name = self._meant()
        if name is None:
            return redirect(url_for("settings_people"), 303)
        return self._form(
            "panel/person_remove.html", lambda _form: self._managers.remove(name, who=g.who), needs=(), name=name
        )  # fmt: skip

    def own_pin(self) -> Any:
        """One's own PIN: by the old one, which counts as a try; everywhere else one is signed out."""
        wrong, problem = Wrong(), ""
        if request.method == "POST":
            form = request.form
            wrong = _two_pins(form)
            outcome = None if wrong else self._managers.check(g.who, form.get("old", ""))
            if outcome is not None and outcome.kind == "ok":
                try:
                    self._managers.set_pin(g.who, form.get("pin", ""), who=g.who)
                    return welcome(g.who, outcome.role, self._signed_in, "/?pin=1")
                except UsageError as error:
                    wrong["pin"] = _sentence(error)
                except KioskError as error:
                    problem = _said(error)
            elif outcome is not None and outcome.kind == "locked":
                problem = _say_wait(outcome.seconds)
            elif outcome is not None:
                wrong["old"] = says("That PIN is not right. Please try again.")
        page = render_template("panel/own_pin.html", wrong=wrong, problem=problem, digits=self._managers.digits)
        return make_response(page, 409 if wrong or problem else 200)

    def _form(
        self, template: str, save: Callable[[Mapping[str, str]], None], needs: tuple[str, ...], **shown: Any
    ) -> Any:
        """Show the form; when it is sent, do it or say why not, with what was typed but for PINs."""
        first, wrong, problem = shown.pop("first", {}), Wrong(), ""
        given = {name: request.form.get(name, first.get(name, "")) for name in needs}
        if request.method == "POST":
            wrong = _two_pins(given) if "again" in needs else Wrong()
            if "role" in needs and given["role"] not in ROLES:
                wrong["role"] = says("Please choose one.")
            unfit = self._managers.unfit(given.get("name"), given.get("pin"))
            wrong |= {name: _sentence(error) for name, error in unfit.items()}
            if request.form.get("version") != self._managers.version():
                problem = CHANGED.in_language(language())
            elif not wrong:
                try:
                    save(given)
                    return redirect(url_for("settings_people", done=1), 303)
                except RefusedError as error:
                    # A name that is taken, or the role of the only manager.
                    if needs[:1] in (("name",), ("role",)):
                        wrong[needs[0]] = _sentence(error)
                    else:
                        problem = _said(error)
                except KioskError as error:
                    problem = _said(error)
        page = render_template(
            template, given=given, wrong=wrong, problem=problem, roles=ROLE_WORDS, digits=self._managers.digits,
            version=self._managers.version(), **shown,
        )  # fmt: skip
        return make_response(page, 409 if wrong or problem else 200)

    def _meant(self) -> str | None:
        """Of whom the page speaks; None where nobody has that name any more."""
        name = request.args.get("who", "")
        return name if name in dict(self._managers.listed()) else None


def add_views(app: Flask, managers: Managers, signed_in: WebSessions) -> None:
    """`/people` and below it `add`, `role`, `pin`, `remove`; `/own-pin`."""
    people, both = People(managers, signed_in), ["GET", "POST"]
    app.add_url_rule("/people", "settings_people", people.listed)
    for name in ("add", "role", "pin", "remove"):
        app.add_url_rule(f"/people/{name}", f"settings_person_{name}", getattr(people, name), methods=both)
    app.add_url_rule("/own-pin", "own_pin", people.own_pin, methods=both)


def _two_pins(form: Mapping[str, str]) -> Wrong:
    return {"again": says("The two PINs are not the same.")} if form.get("pin") != form.get("again") else {}


def _said(error: KioskError) -> str:
    lang = language()
    return f"{known(lang, error.message)} {known(lang, error.hint)}".strip()


def _sentence(error: KioskError) -> Sentence:
    """The error beside its field, already in the reader's language."""
    return both(_said(error), _said(error))


def _say_wait(seconds: int) -> str:
    words = says("Too many wrong PINs. Please try again in {n} minutes.", n=max(1, -(-seconds // 60)))
    return words.in_language(language())
