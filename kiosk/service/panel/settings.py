"""Settings without files. Each save first shows what will change; one step back. Its forms: settings_pages.py.

A form that is sent carries the name of the version that its page showed: where two managers change one thing, the
second is told. What was typed stays, also where it was wrong. What the policy withholds is shown and never changed.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.clock import LOCAL
from kiosk.errors import KioskError, SettingsError
from kiosk.rules.policy_of_a_session import DAYS
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.panel import settings_forms as forms
from kiosk.service.panel import settings_values as values
from kiosk.service.panel import settings_words as words
from kiosk.service.panel.day import WEEKDAYS
from kiosk.service.panel.settings_overview import groups
from kiosk.service.panel.settings_pages import Page, Sections, of_hours, pages
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, known, says

HELD = says("This is fixed by the policy and cannot be changed here.")


class Desk:
    """What the views of the settings share. `people`: the names of all who may sign in; `last`: who changed something
    last; `today`: the date here.
    """

    def __init__(
        self,
        settings: ChosenSettings,
        now: Callable[[], datetime],
        people: Callable[[], list[str]],
        last: Callable[[], Mapping[str, Any] | None],
    ) -> None:
        self.settings, self.people, self.last = settings, people, last
        self.today: Callable[[], date] = lambda: now().astimezone(LOCAL).date()

    def overview(self) -> str:
        """All that is set, a line each."""
        return render_template(
            "panel/settings.html",
            groups=groups(self.settings, self.today(), self.people()),
            by_the_province=self.settings.by_the_province,
            can_go_back=self.settings.can_go_back,
            last=self.last(),
            done=request.args.get("done"),
            version=self.settings.version,
        )

    def days(self) -> Any:
        """The calendar."""
        if (later := _date(request.args.get("day", ""))) is not None:
            return redirect(url_for("set_day", day=later), 303)
        weeks = words.calendar(self.settings.policy, self.today())
        return render_template("panel/settings_days.html", weeks=weeks, weekdays=WEEKDAYS)

    def serve(self, page: Page, **more: Any) -> Any:
        """Show the form; what it would change; and, when that was seen, change it."""
        stands = page.shown(self.settings.policy)
        held = {field for field in stands if self.settings.fixed(page.key(field))}
        given, wrong, problem = dict(stands), dict[str, Sentence](), ""
        if request.method == "POST":
            given = dict(request.form)
            wrong = {field: HELD for field in held if given.get(field, stands[field]) != stands[field]}
            given |= {field: stands[field] for field in held}
            sections, mistakes = page.wanted(given, self.settings.policy)
            wrong = {**mistakes, **wrong}
            if not wrong and "change" not in given:
                answer = self._attempt(self._open(sections), given)
                if not isinstance(answer, str):
                    return answer
                problem = answer
        shown = render_template(
            page.template, given=given, wrong=wrong, problem=problem, version=self.settings.version, held=held,
            all_held=held >= stands.keys(), by_the_province=bool(held) and self.settings.by_the_province,
            **page.more, **more,
        )  # fmt: skip
        return make_response(shown, 409 if problem or wrong else 200)

    def _open(self, sections: Sections) -> Sections:
        """Without what is withheld: it stays as it is."""
        fixed = self.settings.fixed
        found = {
            name: {key: value for key, value in keys.items() if not fixed(f"{name}.{key}")}
            for name, keys in sections.items()
        }
        return {name: keys for name, keys in found.items() if keys}

    def _attempt(self, sections: Sections, given: Mapping[str, str]) -> Any:
        """The question, or the way back to the settings; words where it cannot be."""
        settings = self.settings
        try:
            settings.still(given.get("version", ""))
            after = settings.with_changes(sections)
            if "sure" not in given:
                changes = words.changes(settings.policy, after, settings.site_name)
                costs = [*values.costs(settings.policy, after, settings.held())] if changes else []
                return make_response(
                    render_template("panel/settings_sure.html", changes=changes, costs=costs, fields=given)
                )
            settings.save(sections, given.get("version", ""), g.who)
        except KioskError as error:
            return _words(error)
        return redirect(url_for("settings", done=1), 303)

    def take_back(self) -> Any:
        """The version before the last change: one button of the settings. Whoever is late sees what it would do."""
        settings = self.settings
        if not settings.can_go_back:
            return redirect(url_for("settings"), 303)
        changes, problem = list[words.Change](), ""
        try:
            if request.method == "POST":
                settings.take_back(request.form.get("version", ""), g.who)
                return redirect(url_for("settings", done="back"), 303)
        except KioskError as error:
            problem = _words(error)
        with suppress(KioskError):
            changes = words.changes(settings.policy, settings.policy_before(), settings.site_name)
        page = render_template(
            "panel/settings_back.html", changes=changes, problem=problem, version=settings.version
        )  # fmt: skip
        return make_response(page, 409 if problem else 200)


def add_views(
    app: Flask,
    settings: ChosenSettings,
    now: Callable[[], datetime],
    people: Callable[[], list[str]] = list,
    naming: Callable[[], bool] = lambda: False,
    last: Callable[[], Mapping[str, Any] | None] = lambda: None,
) -> None:
    """`/s/<station>/settings` and, below it, `week`, `days`, `days/<date>`, `back` and the forms of settings_pages.

    `naming`: whether the first day, which names the site with its code, is not over; `last`: the last change.
    """
    desk = Desk(settings, now, people, last)
    app.add_url_rule(f"{STATION}/settings", "settings", desk.overview)
    app.add_url_rule(f"{STATION}/settings/days", "days", desk.days)
    app.add_url_rule(f"{STATION}/settings/back", "take_back", desk.take_back, methods=["GET", "POST"])
    for page in pages(settings, desk.today):
        _add(app, desk, page, naming)

    @app.route(f"{STATION}/settings/week", methods=["GET", "POST"], endpoint="set_week")
    def set_week() -> Any:
        page = Page("set_week", "week", "panel/settings_week.html", forms.week_form, of_hours(forms.week_of), _hours)
        return desk.serve(page, days=[*zip(DAYS, WEEKDAYS, strict=True)])

    @app.route(f"{STATION}/settings/days/<day>", methods=["GET", "POST"], endpoint="set_day")
    def set_day(day: str) -> Any:
        when = _date(day)
        if when is None or when < desk.today():
            abort(404)
        page = Page("set_day", "", "panel/settings_day.html", lambda policy: forms.day_form(policy, when),
                    of_hours(lambda form, policy: forms.day_of(form, policy, when)), _hours)  # fmt: skip
        weekly = words.week(settings.policy)[when.weekday()][1]
        return desk.serve(page, when=when, weekday=WEEKDAYS[when.weekday()], weekly=weekly)


def _add(app: Flask, desk: Desk, page: Page, naming: Callable[[], bool]) -> None:
    def view() -> Any:
        if page.endpoint == "settings_name" and naming():
            return redirect(url_for("name_site"), 303)
        return desk.serve(page)

    app.add_url_rule(f"{STATION}/settings/{page.path}", page.endpoint, view, methods=["GET", "POST"])


def _hours(_field: str) -> str:
    return "hours"


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
