"""The first day on the panel: the first manager, then site, hours and date, each a step that may wait."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import KioskError, RefusedError, SettingsError
from kiosk.rules.roles import MANAGER
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.first_day import FirstDay
from kiosk.service.first_run import KINDS
from kiosk.service.panel.entry import welcome
from kiosk.service.panel.seen import ask
from kiosk.service.panel.settings_values import both
from kiosk.service.province_desk import ProvinceDesk
from kiosk.shipped import shipped_dir
from kiosk.web.pages import language
from kiosk.web.sign_in import WebSessions
from kiosk.web.words import Sentence, known, says

WRONG_NAMES = {
    "code": says("Capital letters, digits and hyphens, such as TH-012."),
    "name": says("Please write the site's name."),
    "station": says("Letters, digits and hyphens, 16 at most."),
}
KIND_WORDS: Mapping[str, Sentence] = {
    "library": says("A library: use is free of charge"),
    "post_office": says("A commune post office: the first screen points to the price list at the desk"),
}


@dataclass(frozen=True)
class Step:
    """One thing of the first day. `to`: the page that does it; `again`: also when it is done; `later`: it may wait for
    weeks, and the day is over without it.
    """

    name: Sentence
    done: bool
    now: Sentence | str
    to: str = ""
    again: bool = False
    later: bool = False


class Beginning:
    """The views of the first day."""

    def __init__(
        self,
        first_day: FirstDay,
        settings: ChosenSettings | None,
        signed_in: WebSessions,
        province: ProvinceDesk | None = None,
    ) -> None:
        self._day, self._settings, self._signed_in, self._province = first_day, settings, signed_in, province

    def begin(self) -> Any:
        """The first manager, by the code of the console."""
        if not self._day.waits():
            return redirect("/sign-in", 303)
        wrong, problem = dict[str, Sentence](), ""
        if request.method == "POST":
            given = {name: request.form.get(name, "") for name in ("name", "pin", "again", "code")}
            if given["pin"] != given["again"]:
                wrong["again"] = says("The two PINs are not the same.")
            wrong |= {name: _sentence(error) for name, error in self._day.unfit(given["name"], given["pin"]).items()}
            if not wrong:
                try:
                    self._day.begin(given["code"], given["name"], given["pin"])
                    return welcome(self._day.names()[0], MANAGER, self._signed_in, "/first-day")
                except RefusedError as error:
                    if self._day.waits():
                        wrong["code"] = _sentence(error)
                    else:
                        problem = _words(error)
        page = render_template(
            "panel/begin.html", given=request.form, wrong=wrong, problem=problem, digits=self._day.digits
        )
        return make_response(page, 409 if wrong or problem else 200)

    def steps_left(self) -> bool:
        """For the main page, which must open also where the store cannot be asked."""
        try:
            return any(not step.done and not step.later for step in self._steps())
        except KioskError:
            return False

    def shown(self) -> str:
        """The steps, and where one stands."""
        found = self._steps()
        first = next((number for number, step in enumerate(found) if not step.done and not step.later), None)
        return render_template("panel/first_day.html", steps=found, first=first)

    def name_site(self) -> Any:
        """Code and name of the site, number of this PC, and what kind of place it is."""
        if not self._day.may_name_site():
            return redirect("/first-day", 303)
        wrong, problem = dict[str, Sentence](), ""
        given = {"code": "", "name": "", "station": self._day.site.station, "kind": self._kind()}
        if request.method == "POST":
            given = {name: " ".join(request.form.get(name, "").split()) for name in given}
        if request.method == "POST" and "change" not in request.form:
            try:
                names = _names(given)
                self._day.check_names(names)
                if "sure" not in request.form:
                    return _sure(names, given)
                self._name(given, names)
                return render_template("panel/restarting.html")
            except SettingsError as error:
                wrong = {name: WRONG_NAMES[name] for name in error.problems if name in WRONG_NAMES}
            except KioskError as error:
                problem = _words(error)
        page = render_template(
            "panel/name_site.html", given=given, wrong=wrong, problem=problem, counted=g.state.get("visits_month") or 0,
            kinds=KIND_WORDS if self._settings is not None and not self._settings.fixed("fee") else {},
        )  # fmt: skip
        return make_response(page, 409 if wrong or problem else 200)

    def _name(self, given: Mapping[str, str], names: Mapping[str, str]) -> None:
        """The kind first: what comes after the names is a restart."""
        settings = self._settings
        if settings is not None and given["kind"] in KINDS and given["kind"] != self._kind():
            settings.save({"fee": fee_of(given["kind"])}, settings.version, g.who)
        self._day.name_site(names)

    def _kind(self) -> str:
        """What kind of place the sentence about fees speaks of."""
        fee = self._settings.policy.fee if self._settings is not None else None
        return "post_office" if fee is not None and fee.vi else "library"

    def _steps(self) -> list[Step]:
        day, settings = self._day, self._settings
        site, named = day.site, not day.may_name_site()
        hours = settings is not None and settings.policy.hours is not None
        date = bool(g.state.get("clock_trusted", True))
        words = f"{site.name} ({site.code}), {site.station}" if named else says("not named yet")
        return [
            Step(says("A manager with a PIN"), True, ", ".join(day.names())),
            Step(says("Site and computer"), named, words, "name_site"),
            Step(says("Opening hours"), hours, says("are set") if hours else says("always open, until hours are set"),
                 "set_week" if settings is not None else "", again=True),
            Step(says("Date and time"), date, says("are right") if date else says("not confirmed yet"), "date"),
            self._joining(bool(site.export_to or site.content_from)),
        ]  # fmt: skip

    def _joining(self, sends: bool) -> Step:
        enrolled = self._province.enrolled if self._province is not None else None
        name = says("Joining the province")
        if enrolled is not None:
            return Step(name, True, enrolled.name, later=True)
        if sends or self._province is None:
            words = says("Later, by the technician. Until then all counts are kept on this computer; nothing is lost.")
            return Step(name, sends, says("is set up") if sends else words, later=True)
        words = says("With the code on the province's sheet, which also names site and computer. Until then all counts"
                     " are kept on this computer; nothing is lost.")  # fmt: skip
        return Step(name, False, words, "province_join", later=True)


def add_views(
    app: Flask,
    first_day: FirstDay,
    settings: ChosenSettings | None,
    signed_in: WebSessions,
    province: ProvinceDesk | None = None,
) -> None:
    """`/begin` while there is no manager; `/first-day`, and `/first-day/site` while the site has no code."""
    beginning = Beginning(first_day, settings, signed_in, province)
    app.jinja_env.globals["steps_left"] = beginning.steps_left
    app.add_url_rule("/begin", "begin", beginning.begin, methods=["GET", "POST"])
    app.add_url_rule("/first-day", "first_day", beginning.shown)
    app.add_url_rule("/first-day/site", "name_site", beginning.name_site, methods=["GET", "POST"])


def fee_of(kind: str) -> dict[str, str]:
    """What the shipped policy of this kind of place says of fees."""
    fee = tomllib.loads((shipped_dir("policies") / f"{kind}.toml").read_text(encoding="utf-8"))["fee"]
    return {"vi": str(fee["vi"]), "en": str(fee["en"])}


def _names(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in ("name", "station")} | {"code": given["code"].upper()}


def _sure(names: Mapping[str, str], given: Mapping[str, str]) -> Any:
    """The code is set once, and a slip in it needs the technician: it is read once more."""
    return ask(
        says("Is the site's code {code}?", code=names["code"]),
        says("{name}, computer {station}.", name=names["name"], station=names["station"]),
        says("The code stands in every report to the province and is set once; only a technician can change it."),
        says("The panel is away for a few seconds after this; then please sign in again."),
        yes=says("Yes, save it"), fields=given,
    )  # fmt: skip


def _sentence(error: KioskError) -> Sentence:
    """The error beside its field, already in the reader's language."""
    return both(_words(error), _words(error))


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
