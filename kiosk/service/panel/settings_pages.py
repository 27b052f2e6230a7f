"""The settings' forms one by one: what each shows at first, what it asks for, and which key a field sets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_the_panel import LONGEST_NOTICE
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.panel import settings_forms as forms
from kiosk.service.panel import settings_forms_more as more_forms
from kiosk.service.panel import settings_values as values
from kiosk.service.panel import settings_words as words
from kiosk.service.panel.settings_forms import Form, Wrong

Sections = Mapping[str, Mapping[str, Any]]
Wanted = Callable[[Form, Policy], tuple[Sections, Wrong]]


@dataclass(frozen=True)
class Page:
    """A form: `/settings/<path>` and its template, what it shows at first, what it asks for, the key behind a field.

    `more`: what its template needs besides.
    """

    endpoint: str
    path: str
    template: str
    shown: Callable[[Policy], dict[str, str]]
    wanted: Wanted
    key: Callable[[str], str]
    more: Mapping[str, Any] = field(default_factory=dict)


def of_hours(wanted: Callable[[Form, Policy], tuple[dict[str, Any], Wrong]]) -> Wanted:
    """A form that sets [hours]."""

    def sections(form: Form, policy: Policy) -> tuple[Sections, Wrong]:
        hours, wrong = wanted(form, policy)
        return {"hours": hours}, wrong

    return sections


def pages(settings: ChosenSettings, today: Callable[[], date]) -> tuple[Page, ...]:
    """All whose address holds nothing that changes."""
    minutes = {key: f"{section}.{key}" for section, key, _least, _most in forms.MINUTES}
    return (
        Page("set_minutes", "minutes", "panel/settings_minutes.html", forms.minutes_form,
             lambda form, _policy: forms.minutes_of(form), lambda field: minutes.get(field, ""),
             {"minutes": forms.MINUTES, "labels": words.LABELS, "zero": words.NONE}),
        Page("set_fee", "fee", "panel/settings_fee.html", forms.fee_form,
             lambda form, _policy: forms.fee_of(form), lambda _field: "fee", {"longest": forms.LONGEST_NOTE}),
        Page("settings_notice", "notice", "panel/settings_notice.html", more_forms.notice_form,
             lambda form, _policy: more_forms.notice_of(form, today()), lambda _field: "notice",
             {"longest": LONGEST_NOTICE}),
        Page("settings_questions", "questions", "panel/settings_questions.html", more_forms.questions_form,
             lambda form, _policy: more_forms.questions_of(form), lambda _field: "questions",
             {"questions": values.QUESTIONS, "places": more_forms.PLACES}),
        Page("settings_name", "name", "panel/settings_name.html",
             lambda policy: {"site_name": policy.panel.site_name or settings.site_name},
             lambda form, _policy: more_forms.name_of(form, settings.site_name), lambda _field: "panel.site_name"),
        Page("settings_programs", "programs", "panel/settings_programs.html", more_forms.programs_form,
             more_forms.programs_of, more_forms.program_key, {"longest": more_forms.LONGEST_TITLE}),
        Page("settings_sticks", "sticks", "panel/settings_sticks.html", more_forms.sticks_form,
             lambda form, _policy: more_forms.sticks_of(form, settings.below), lambda _field: "sticks.allowed",
             {"kinds": values.STICKS, "open_to": lambda: more_forms.sticks_open_to(settings.below)}),
        Page("settings_tickets", "tickets", "panel/settings_tickets.html", more_forms.tickets_form,
             more_forms.tickets_of, lambda _field: "entry.ways", {"kinds": values.TICKETS}),
        Page("settings_print", "print", "panel/settings_print.html", more_forms.print_form,
             lambda form, _policy: more_forms.print_of(form),
             lambda field: "print.mode" if field == "mode" else "print.pages_max", {"kinds": values.PRINTING}),
    )  # fmt: skip
