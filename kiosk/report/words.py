"""How a report speaks: titles of periods, numbers and reasons, in the reader's language (the `web` catalogue)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from kiosk.clock import LOCAL
from kiosk.content.catalogue import THEMES
from kiosk.report.model import Said, Why
from kiosk.rules.figures import DayState, Effect, Trend
from kiosk.rules.indicators import ENDS, INDICATORS, label
from kiosk.rules.month_lock import Cause, Revision
from kiosk.rules.periods import Kind
from kiosk.rules.reading_words import day, number, say, title

__all__ = ["day", "number", "say", "title"]

KIND_NAMES: Mapping[Kind, str] = {
    "day": label("Day"),
    "week": label("Week"),
    "month": label("Month"),
    "quarter": label("Quarter"),
    "nine_months": label("Nine months"),
    "year": label("Year"),
    "range": label("Other days"),
}
WHY: Mapping[Why, str] = {
    "missing": label("no figures"),
    "ahead": label("still to come"),
    "whole_months": label("by whole months only"),
    "month_open": label("when the month is over"),
    "two_years": label("within one year only"),
    "held": label("withheld"),
    "no_base": label("not in service"),
}
STATES: Mapping[DayState | Literal["ahead"], str] = {
    "counted": label("counted"),
    "off": label("computer off"),
    "closed": label("closed"),
    "missing": label("no figures"),
    "ahead": label("still to come"),
}
TRENDS: Mapping[Trend, tuple[str, str]] = {
    "up": ("▲", label("more")),
    "down": ("▼", label("fewer")),
    "same": ("≈", label("Difference too small to say more or fewer")),
    "unknown": ("", label("Not yet comparable")),
}
EFFECTS: Mapping[Effect, str] = {
    "yes": label("active"),
    "no": label("not active"),
    "no_report": label("No report received"),
}
EFFECTIVE: Mapping[Effect, str] = {
    "yes": label("Works effectively"),
    "no": label("Does not work effectively yet"),
    "no_report": label("No report received"),
}
SECTIONS: Mapping[str, str] = {
    "SEX": label("Sex"),
    "AGE": label("Age"),
    "GROUPS": label("Groups"),
}
CAUSES: Mapping[Cause, str] = {
    "journal": label("A line of the journal was changed."),
    "redated": label("Visits of a time with a wrong date have found their day."),
    "restored": label("Figures were put back from a copy."),
    "hours": label("The opening hours were changed."),
    "menu": label("Guides were moved to another theme."),
    "definition": label("The figure is counted in another way now (a new version of its definition)."),
    "late": label("It was counted after the lock."),
}
OTHER_GUIDES = label("Guides no longer in the menu")
LISTS: Mapping[str, str] = {"ENDS": label("How ended"), "OPENS": label("Guides opened")}
SINCE = label("from {day} on")


def trend(one: Trend, lang: str) -> tuple[str, str]:
    """A change's sign, and what it means in words."""
    sign, means = TRENDS[one]
    return sign, say(lang, means)


def figure(code: str, lang: str) -> str:
    """What a figure of a lock is called: an indicator, or `SECTION:part` of a list."""
    section, _colon, part = code.partition(":")
    if not part:
        return name(section, lang)
    if section == "JOURNAL":
        return name(part, lang)
    texts = {**ENDS, **{theme.code: theme.label for theme in THEMES}, "other": OTHER_GUIDES}
    return f"{say(lang, LISTS[section])}: {say(lang, texts.get(part, part))}"


def text(value: str | None, lang: str) -> str:
    """A figure of a lock as it reads; a dash where there was none."""
    if value is None:
        return "–"
    return number(Decimal(value) if "." in value else int(value), lang)


def reason(one: Revision, lang: str) -> str:
    """Why a told figure is another one now: what staff typed, else what happened by itself."""
    return one.reason or say(lang, CAUSES[one.cause])


def local_day(moment: str) -> date:
    """The local day of a moment in UTC."""
    return datetime.fromisoformat(moment).astimezone(LOCAL).date()


def since(first: date, lang: str) -> str:
    """Where a count begins before its period: “từ 01/08/2026”."""
    return say(lang, SINCE, day=day(first))


def said(one: Said, lang: str) -> str:
    """A number, or the reason why there is none."""
    if one.value is None:
        return say(lang, WHY[one.why or "missing"])
    return number(one.value, lang)


def spread(one: Said, lang: str) -> str:
    """The range of an estimate; empty where it has none."""
    return "" if one.low is None or one.high is None else f"{number(one.low, lang)}–{number(one.high, lang)}"


def name(code: str, lang: str) -> str:
    """An indicator's label."""
    return say(lang, INDICATORS[code].label)


def formula(code: str, lang: str) -> str:
    """An indicator's definition in words."""
    one = INDICATORS[code]
    return say(lang, one.formula, **(one.values or {}))
