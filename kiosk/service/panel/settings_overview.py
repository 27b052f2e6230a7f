"""The first page of the settings: everything that can be set, a line each with what it is now. Pure."""

from dataclasses import dataclass
from datetime import date

from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_a_session import DAYS
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.panel import settings_values as values
from kiosk.service.panel import settings_words as words
from kiosk.service.panel.day import WEEKDAYS
from kiosk.service.panel.settings_values import Words
from kiosk.web.words import Sentence, says

FREE = says("Shared computer, free of charge")


@dataclass(frozen=True)
class Row:
    """A page of the settings. `value`: pieces of one line; `held`: the policy fixes all of it."""

    name: Sentence
    endpoint: str
    sign: str
    value: tuple[Words, ...]
    held: bool = False


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    name: Sentence
    rows: tuple[Row, ...]


def groups(settings: ChosenSettings, today: date, people: list[str]) -> tuple[Group, ...]:
    """The page, in the order in which a new site needs it."""
    policy, fixed = settings.policy, settings.fixed
    minutes = ("session.minutes", "session.extension_minutes", "session.staff_extension_minutes",
               "idle.ask_after_minutes")  # fmt: skip
    return (
        Group(says("When, and for how long"), (
            Row(says("Opening hours"), "set_week", "clock", _week(policy), fixed("hours")),
            Row(says("Days with hours of their own"), "days", "calendar", _days(policy, today), fixed("hours")),
            Row(says("Minutes"), "set_minutes", "hourglass", _minutes(policy), all(map(fixed, minutes))),
        )),
        Group(says("The first screen"), (
            Row(says("Name of the site"), "settings_name", "home", (policy.panel.site_name or settings.site_name,),
                fixed("panel.site_name")),
            Row(says("Notice"), "settings_notice", "message", _notice(policy), fixed("notice")),
            Row(says("Fees"), "set_fee", "tag", (values.both(policy.fee.vi, policy.fee.en or policy.fee.vi)
                if policy.fee.vi else FREE,), fixed("fee")),
            Row(says("Tickets"), "settings_tickets", "ticket",
                (values.TICKETS["on" if "ticket" in policy.entry.ways else "off"],), fixed("entry.ways")),
            Row(says("Questions"), "settings_questions", "ask", (values.asked(policy),), fixed("questions")),
        )),
        Group(says("While people use the computer"), (
            Row(says("Programs and Internet"), "settings_programs", "globe", _programs(policy),
                fixed("programs.tiles") and fixed("programs.internet")),
            Row(says("Put forward on the menu"), "library", "star", (says("chosen with stars in the library"),)),
            Row(says("USB sticks"), "settings_sticks", "usb", (values.STICKS[values.sticks(policy)],),
                fixed("sticks.allowed")),
            Row(says("Printing"), "settings_print", "print", _printing(policy),
                fixed("print.mode") and fixed("print.pages_max")),
        )),
        Group(says("Who works here"), (
            Row(says("Who may sign in"), "settings_people", "family", (", ".join(people),)),
            Row(says("Sending to the province"), "province", "next", (says("joined to whom, what waits and why"),)),
            Row(says("Join the province"), "province_join", "plus", (says("with the code on its sheet"),)),
            Row(says("What was done"), "settings_deeds", "list", (says("of the last 12 months"),)),
        )),
    )  # fmt: skip


def _week(policy: Policy) -> tuple[Words, ...]:
    """Days with the same hours together: Monday–Friday 07:30–11:30; Saturday closed."""
    if policy.hours is None:
        return (says("always open, until hours are set"),)
    found, first = list[Words](), 0
    for number in range(1, len(DAYS) + 1):
        now = getattr(policy.hours, DAYS[first])
        if number < len(DAYS) and getattr(policy.hours, DAYS[number]) == now:
            continue
        days = (WEEKDAYS[first], "–", WEEKDAYS[number - 1]) if number - 1 > first else (WEEKDAYS[first],)
        found += [*(["; "] if found else []), *days, ": ", words.hours(now)]
        first = number
    return tuple(found)


def _days(policy: Policy, today: date) -> tuple[Words, ...]:
    found = words.coming(policy, today)
    if not found:
        return (values.NONE,)
    day, hours, note = found[0]
    more = (says(" (and {n} more)", n=len(found) - 1),) if len(found) > 1 else ()
    return (day, ": ", hours, f" – {note}" if note else "", *more)


def _minutes(policy: Policy) -> tuple[Words, ...]:
    each, more = policy.session.minutes, policy.session.extension_minutes
    first = says("{n} minutes for each person", n=f"{each:g}".replace(".", ","))
    return (first, says(", {n} more while nobody waits", n=f"{more:g}".replace(".", ","))) if more else (first,)


def _notice(policy: Policy) -> tuple[Words, ...]:
    one = policy.notice
    if not one.vi:
        return (values.NONE,)
    return (values.both(one.vi, one.en or one.vi), " (", values.span(one.begins, one.ends), ")")


def _programs(policy: Policy) -> tuple[Words, ...]:
    internet = says("The Internet") if policy.programs.internet else says("no Internet")
    shown = values.programs(policy)
    return (internet,) if shown == values.NONE else (internet, ", ", shown)


def _printing(policy: Policy) -> tuple[Words, ...]:
    found = values.PRINTING[policy.print.mode]
    return (found,) if policy.print.mode == "off" else (found, ", ", values.pages(policy))
