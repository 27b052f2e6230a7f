"""Who did what, of the last twelve months, in plain words. Nothing of a citizen was ever written down there."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, render_template, request

from kiosk.clock import LOCAL
from kiosk.service.panel.people import ROLE_WORDS
from kiosk.service.panel.settings_values import both
from kiosk.service.parts import MOST_DEEDS as PAGE
from kiosk.store.audit import Entry
from kiosk.store.pins import CONSOLE
from kiosk.web.words import Sentence, says

# Deeds whose words need nothing more.
PLAIN: Mapping[str, Sentence] = {
    "start": says("started a session for somebody"),
    "finish": says("ended a session"),
    "helped": says("helped somebody who had asked for it"),
    "waiting": says("said that somebody is waiting"),
    "not_waiting": says("said that nobody is waiting any more"),
    "in_service": says("put the computer back into service"),
    "confirm_clock": says("confirmed the date"),
    "set_clock": says("set date and time"),
    "backup": says("made a backup"),
    "restore": says("put a backup in place"),
    "store_replaced": says("The station's memory was damaged and was put back."),
    "message": says("wrote to whoever is at the computer"),
    "no_message": says("took a message back"),
    "take_back": says("took added minutes back"),
    "class": says("began a class"),
    "class_over": says("ended a class"),
    "restart": says("restarted the computer"),
    "power_off": says("switched the computer off"),
    "staff_in": says("opened the panel at the computer itself"),
    "staff_out": says("left the panel at the computer itself"),
    "no_star": says("took an item off the menu's first page"),
    "enrol_rotate": says("gave the computer a new key for the province"),
    "enrol_forget": says("left the province"),
    "carry": says("copied numbers for the province to a stick"),
    "star": says("put an item forward on the menu"),
}
# Deeds whose words name their detail.
DETAILED: Mapping[str, str] = {
    "extend": says("added {what} minutes").text,
    "out_of_order": says("took the computer out of order: {what}").text,
    "print_release": says("let {what} pages be printed").text,
    "print_cancel": says("kept {what} pages from being printed").text,
    "enrol_join": says("joined the province: {what}").text,
    "ticket": says("made tickets: {what} minutes").text,
    "ticket_withdraw": says("made {what} tickets worthless").text,
    "ticket_renew": says("replaced {what} tickets by new ones").text,
    "person_pin": says("gave {what} a new PIN").text,
    "person_remove": says("removed {what} from those who may sign in").text,
}
WITH_ROLE: Mapping[str, str] = {
    "person_add": says("let {what} sign in").text,
    "person_role": says("gave another role: {what}").text,
}
# What was set, by section or section.key of the policy.
SETTINGS: Mapping[str, Sentence] = {
    "hours": says("Opening hours"), "session": says("Minutes"), "idle": says("Minutes"), "fee": says("Fees"),
    "notice": says("Notice"), "questions": says("Questions"), "programs": says("Programs and Internet"),
    "sticks": says("USB sticks"), "print": says("Printing"), "panel": says("Name of the site"),
    "entry": says("Tickets"),
}  # fmt: skip
ELSE = says("something else")


def words(entry: Entry) -> Sentence:
    """What was done, as staff say it. Times and names are as they were written down."""
    action, detail = entry.action, entry.detail
    if action in PLAIN:
        return PLAIN[action]
    if action in DETAILED:
        return Sentence(DETAILED[action], {"what": detail or "–"})
    if action in WITH_ROLE:
        name, _space, role = detail.rpartition(" (")
        called = ROLE_WORDS.get(role.rstrip(")"))
        return _twice(WITH_ROLE[action], name, called[0]) if called else Sentence(WITH_ROLE[action], {"what": detail})
    if action == "settings":
        return _settings(detail)
    return ELSE


def last_change(deeds: Callable[[int | None], list[Entry]]) -> dict[str, Any] | None:
    """Who changed a setting last, and when and what, if it is not long ago."""
    return next((_line(one) for one in deeds(None) if one.action == "settings"), None)


def _line(entry: Entry) -> dict[str, Any]:
    at = entry.at.astimezone(LOCAL)
    return {"day": f"{at:%d/%m/%Y}", "time": f"{at:%H:%M}", "who": _who(entry.who), "what": words(entry)}


def add_views(app: Flask, deeds: Callable[[int | None], list[Entry]]) -> None:
    """`/deeds`, newest first; `?before=`: older ones. `deeds`: the lines before that one, PAGE + 1 at most."""

    @app.get("/deeds", endpoint="settings_deeds")
    def shown() -> Any:
        before = request.args.get("before", "")
        found = deeds(int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None)
        lines = [_line(one) for one in found[:PAGE]]
        older = found[PAGE - 1].id if len(found) > PAGE else None
        return render_template("panel/deeds.html", lines=lines, older=older, later=bool(before))


def _who(who: str) -> Sentence | str:
    return says("a command on this computer") if who == CONSOLE else "kiosk" if who in ("kiosk", "stop") else who


def _settings(detail: str) -> Sentence:
    """Which settings were changed, each page once; an older line does not know."""
    sections = (key.partition(".")[0] for key in detail.split(","))
    found = (SETTINGS[section] for section in sections if section in SETTINGS)
    names = {one.text: one for one in found}.values()
    if not names:
        return says("changed a setting")
    vi, en = (", ".join(one.in_language(lang) for one in names) for lang in ("vi", "en"))
    text = says("changed settings: {what}").text
    return both(*(Sentence(text, {"what": what}).in_language(lang) for lang, what in (("vi", vi), ("en", en))))


def _twice(text: str, name: str, role: Sentence) -> Sentence:
    """With the role in either language."""
    said = (Sentence(text, {"what": f"{name} ({role.in_language(lang)})"}).in_language(lang) for lang in ("vi", "en"))
    return both(*said)
