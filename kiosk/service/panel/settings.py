"""Settings without files: the week, single days, minutes. Each save first shows what will change; one step back.

A form that is sent carries the name of the version that its page showed: where two managers change one thing, the
second is told. What was typed stays, also where it was wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.clock import LOCAL
from kiosk.errors import KioskError, SettingsError
from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_a_session import DAYS
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.panel import settings_forms as forms
from kiosk.service.panel import settings_words as words
from kiosk.service.panel.day import WEEKDAYS
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, known

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    """A form: its template and title, what it shows at first, and what it asks for."""

    endpoint: str
    template: str
    shown: Callable[[Policy], dict[str, str]]
    wanted: Callable[[Mapping[str, str], Policy], tuple[Sections, dict[str, Sentence]]]


def add_views(app: Flask, settings: ChosenSettings, now: Callable[[], datetime]) -> None:
    """`/s/<station>/settings` and, below it, `week`, `days`, `days/<date>`, `minutes`, `fee` and `back`."""

    def today() -> date:
        return now().astimezone(LOCAL).date()

    @app.get(f"{STATION}/settings", endpoint="settings")
    def overview() -> str:
        policy = settings.policy
        return render_template(
            "panel/settings.html",
            week=words.week(policy),
            coming=words.coming(policy, today()),
            minutes=words.minutes(policy),
            fee=words.fee(policy),
            can_go_back=settings.can_go_back,
            done=request.args.get("done") == "1",
        )

    @app.get(f"{STATION}/settings/days", endpoint="days")
    def days() -> Any:
        if (later := _date(request.args.get("day", ""))) is not None:
            return redirect(url_for("set_day", day=later), 303)
        weeks = words.calendar(settings.policy, today())
        return render_template("panel/settings_days.html", weeks=weeks, weekdays=WEEKDAYS)

    def serve(page: Page, **more: Any) -> Any:
        """Show the form; what it would change; and, when that was seen, change it."""
        given = dict(request.form) if request.method == "POST" else page.shown(settings.policy)
        wrong, problem = dict[str, Sentence](), ""
        if request.method == "POST":
            sections, wrong = page.wanted(given, settings.policy)
            if not wrong and "change" not in given:
                answer = attempt(sections, given, more)
                if not isinstance(answer, str):
                    return answer
                problem = answer
        shown = render_template(
            page.template, given=given, wrong=wrong, problem=problem, version=settings.version, **more
        )
        return make_response(shown, 409 if problem or wrong else 200)

    def attempt(sections: Sections, given: Mapping[str, str], more: Mapping[str, Any]) -> Any:
        """The question, or the way back to the settings; words where it cannot be."""
        try:
            settings.still(given.get("version", ""))
            changes = words.changes(settings.policy, settings.with_changes(sections))
            if "sure" not in given:
                return make_response(render_template("panel/settings_sure.html", changes=changes, fields=given))
            settings.save(sections, given.get("version", ""), g.who)
        except KioskError as error:
            return _words(error)
        return redirect(url_for("settings", done=1), 303)

    @app.route(f"{STATION}/settings/week", methods=["GET", "POST"], endpoint="set_week")
    def set_week() -> Any:
        page = Page("set_week", "panel/settings_week.html", forms.week_form, _hours(forms.week_of))
        return serve(page, days=[*zip(DAYS, WEEKDAYS, strict=True)])

    @app.route(f"{STATION}/settings/days/<day>", methods=["GET", "POST"], endpoint="set_day")
    def set_day(day: str) -> Any:
        when = _date(day)
        if when is None or when < today():
            abort(404)
        page = Page(
            "set_day",
            "panel/settings_day.html",
            lambda policy: forms.day_form(policy, when),
            _hours(lambda form, policy: forms.day_of(form, policy, when)),
        )
        weekly = words.week(settings.policy)[when.weekday()][1]
        return serve(page, when=when, weekday=WEEKDAYS[when.weekday()], weekly=weekly)

    @app.route(f"{STATION}/settings/minutes", methods=["GET", "POST"], endpoint="set_minutes")
    def set_minutes() -> Any:
        page = Page("set_minutes", "panel/settings_minutes.html", forms.minutes_form, lambda f, _p: forms.minutes_of(f))
        return serve(page, minutes=forms.MINUTES, labels=words.LABELS, zero=words.NONE)

    @app.route(f"{STATION}/settings/fee", methods=["GET", "POST"], endpoint="set_fee")
    def set_fee() -> Any:
        page = Page("set_fee", "panel/settings_fee.html", forms.fee_form, lambda form, _policy: forms.fee_of(form))
        return serve(page, longest=forms.LONGEST_NOTE)

    @app.route(f"{STATION}/settings/back", methods=["GET", "POST"], endpoint="take_back")
    def take_back() -> Any:
        if not settings.can_go_back:
            return redirect(url_for("settings"), 303)
        try:
            if request.method == "POST":
                settings.take_back(request.form.get("version", ""), g.who)
                return redirect(url_for("settings", done=1), 303)
            changes, problem = words.changes(settings.policy, settings.policy_before()), ""
        except KioskError as error:
            changes, problem = [], _words(error)
        page = render_template(
            "panel/settings_back.html", changes=changes, problem=problem, version=settings.version
        )  # fmt: skip
        return make_response(page, 409 if problem else 200)


def _hours(
    wanted: Callable[[Mapping[str, str], Policy], tuple[dict[str, Any], dict[str, Sentence]]],
) -> Callable[[Mapping[str, str], Policy], tuple[Sections, dict[str, Sentence]]]:
    def sections(form: Mapping[str, str], policy: Policy) -> tuple[Sections, dict[str, Sentence]]:
        hours, wrong = wanted(form, policy)
        return {"hours": hours}, wrong

    return sections


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _words(error: KioskError) -> str:
    lang = language()
    if isinstance(error, SettingsError):
        return " ".join([say("This cannot be set."), *(known(lang, one) for one in error.problems)])
    return f"{known(lang, error.message)} {known(lang, error.hint)}".strip()
