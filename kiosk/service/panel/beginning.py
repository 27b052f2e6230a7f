"""The first day on the panel: the first manager, then site, hours and date, each a step that may wait."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import KioskError, RefusedError, SettingsError, UsageError
from kiosk.rules.roles import MANAGER
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.first_day import FirstDay
from kiosk.service.panel.entry import welcome
from kiosk.web.pages import language
from kiosk.web.sign_in import WebSessions
from kiosk.web.words import Sentence, known, says

WRONG_NAMES = {
    "code": says("Capital letters, digits and hyphens, such as TH-012."),
    "name": says("Please write the site's name."),
    "station": says("Letters, digits and hyphens, 16 at most."),
}


@dataclass(frozen=True)
class Step:
    """One thing of the first day. `to`: the page that does it; `again`: also when it is done."""

    name: Sentence
    done: bool
    now: Sentence | str
    to: str = ""
    again: bool = False


def add_views(app: Flask, first_day: FirstDay, settings: ChosenSettings | None, signed_in: WebSessions) -> None:
    """`/begin` while there is no manager; `/first-day`, and `/first-day/site` while the site has no code."""

    @app.route("/begin", methods=["GET", "POST"], endpoint="begin")
    def begin() -> Any:
        if not first_day.waits():
            return redirect("/sign-in", 303)
        wrong, problem = dict[str, Sentence](), ""
        if request.method == "POST":
            given = {name: request.form.get(name, "") for name in ("name", "pin", "again", "code")}
            if given["pin"] != given["again"]:
                wrong["again"] = says("The two PINs are not the same.")
            else:
                try:
                    first_day.begin(given["code"], given["name"], given["pin"])
                    return welcome(_stored(first_day), MANAGER, signed_in, "/first-day")
                except (RefusedError, UsageError) as error:
                    problem = _words(error)
        page = render_template(
            "panel/begin.html", given=request.form, wrong=wrong, problem=problem, digits=first_day.digits
        )
        return make_response(page, 409 if wrong or problem else 200)

    def steps() -> list[Step]:
        return _steps(first_day, settings, g.state)

    def steps_left() -> bool:
        """For the main page, which must open also where the store cannot be asked."""
        try:
            return any(not step.done for step in steps())
        except KioskError:
            return False

    app.jinja_env.globals["steps_left"] = steps_left

    @app.get("/first-day", endpoint="first_day")
    def shown() -> str:
        found = steps()
        first = next((number for number, step in enumerate(found) if not step.done), None)
        return render_template("panel/first_day.html", steps=found, first=first)

    @app.route("/first-day/site", methods=["GET", "POST"], endpoint="name_site")
    def name_site() -> Any:
        if not first_day.may_name_site():
            return redirect("/first-day", 303)
        site, wrong, problem = first_day.site, dict[str, Sentence](), ""
        given = {"code": "", "name": "", "station": site.station}
        if request.method == "POST":
            given = {name: " ".join(request.form.get(name, "").split()) for name in given}
            try:
                first_day.name_site({**given, "code": given["code"].upper()})
                return render_template("panel/restarting.html")
            except SettingsError as error:
                wrong = {name: WRONG_NAMES[name] for name in error.problems if name in WRONG_NAMES}
            except KioskError as error:
                problem = _words(error)
        page = render_template("panel/name_site.html", given=given, wrong=wrong, problem=problem)
        return make_response(page, 409 if wrong or problem else 200)


def _steps(first_day: FirstDay, settings: ChosenSettings | None, state: dict[str, Any]) -> list[Step]:
    site, named = first_day.site, not first_day.may_name_site()
    words = f"{site.name} ({site.code}), {site.station}" if named else says("not named yet")
    hours = settings is not None and settings.policy.hours is not None
    date = bool(state.get("clock_trusted", True))
    return [
        Step(says("A manager with a PIN"), True, ""),
        Step(says("Site and computer"), named, words, "name_site"),
        Step(
            says("Opening hours"),
            hours,
            says("are set") if hours else says("always open, until hours are set"),
            "set_week" if settings is not None else "",
            again=True,
        ),
        Step(says("Date and time"), date, says("are right") if date else says("not confirmed yet"), "date"),
    ]


def _stored(first_day: FirstDay) -> str:
    """The name as the store wrote it."""
    return first_day.names()[0]


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
