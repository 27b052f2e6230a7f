"""How the journal's page speaks of lines, sums and changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kiosk.clock import LOCAL
from kiosk.report.words import number, title
from kiosk.rules.journal import KINDS, WHATS, Kind
from kiosk.rules.journal_entry import Entry
from kiosk.rules.periods import Period
from kiosk.service.panel.day import WEEKDAYS
from kiosk.store.journal import Line
from kiosk.store.journal_trace import Trace
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, says

SIGNS = {
    "class": "family",
    "outreach": "listen",
    "public_service": "page",
    "books": "book",
    "reader_visits": "shelf",
    "fault": "tool",
    "offered_service": "globe",
}
ACTS = {
    "add": says("written"),
    "edit": says("changed"),
    "strike": says("struck"),
    "restore": says("brought back"),
    "import": says("taken from a file"),
    "restored": says("restored from what had been sent to the province"),
}


@dataclass(frozen=True)
class DayOfLines:
    """The lines of one day."""

    day: date
    weekday: Sentence
    lines: list[Line]


@dataclass(frozen=True)
class Change:
    """One change as it is read: when, by whom, what was done, and each field that differs."""

    when: str
    who: str
    act: Sentence | str
    differences: list[tuple[str, str, str]]
    reason: str


def month_title(month: Period) -> str:
    """“Tháng 11/2026”."""
    return title(month, language())


def by_day(lines: Iterable[Line]) -> list[DayOfLines]:
    """The lines under their days."""
    return [DayOfLines(day, WEEKDAYS[day.weekday()], list(some)) for day, some in groupby(lines, lambda one: one.day)]


def line(one: Line | Entry) -> str:
    """What a line counts, in words: “1 lớp, 12 người, 08:00–09:30”. Its typed words stand beside it."""
    form, parts = KINDS[one.kind], list[str]()
    if what := one.words.get("what"):
        parts.append(say(WHATS.get(what, what)))
    parts += [f"{shown(one.numbers[field.name])} {say(field.label).lower()}"
              for field in form.numbers if one.numbers.get(field.name)]  # fmt: skip
    hours = [one.words[name] for name in ("begin", "end") if name in one.words]
    if hours:
        parts.append("–".join(hours))
    if form.spans:
        parts.append(span(one, form))
    return ", ".join(parts)


def span(one: Line | Entry, form: Kind) -> str:
    """From when until when a line lasts."""
    if one.kind == "fault":
        if one.until is None:
            return say("not repaired yet")
        return say("repaired on {day}", day=f"{one.until:%d/%m/%Y}")
    return say("until {day}", day=f"{one.until:%d/%m/%Y}") if one.until else say("until further notice")


def days_of_fault(one: Line, today: date) -> str:
    """How long a fault has stood: its first day is day one."""
    return say("Reported on {day}, this is day {n}.", day=f"{one.day:%d/%m}", n=(today - one.day).days + 1)


def typed(one: Line) -> dict[str, str]:
    """A line as its form shows it."""
    return {name: "" if value is None else str(value) for name, value in one.given.items()} | {
        "version": str(one.version)
    }


def sums(found: Mapping[str, int]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(kind, its name, [(what, how many)]) of a month."""
    rows = []
    for form in KINDS.values():
        names = [*((one.code, one.label) for one in form.numbers), *MORE.get(form.code, ())]
        # Nothing counted is one nought, not seven.
        counted = [pair for pair in names if found[pair[0]]] or names[:1]
        rows.append((form.code, say(form.label), [(say(name), shown(found[code])) for code, name in counted]))
    return rows


MORE: Mapping[str, tuple[tuple[str, str | Sentence], ...]] = {
    "books": (("books_on_hand", says("Copies on hand")),),
    "fault": (
        ("faults_opened", says("Faults reported")),
        ("faults_closed", says("Faults repaired")),
        ("pc_days_down", says("Days the computer did not work")),
    ),
    "offered_service": (("services_offered", says("On the list")),),
}


def trace(found: Iterable[Trace]) -> list[Change]:
    """Every change of a line, the latest first."""
    return [
        Change(
            when=f"{one.at.astimezone(LOCAL):%H:%M %d/%m/%Y}",
            who=one.who,
            act=ACTS.get(one.act, one.act),
            differences=_differences(one.before, one.after) if one.act == "edit" else [],
            reason=one.reason,
        )
        for one in found
    ]


def shown(count: int) -> str:
    """A count as the reader writes it."""
    return number(count, language())


def as_read(name: str, text: str) -> str:
    """What was typed into a field, checked or not, as the reader writes it."""
    try:
        return _value(name, text)
    except ValueError:
        return text


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    old, new = before or {}, after or {}
    form = KINDS.get(str(new.get("kind") or old.get("kind")))
    if form is None:
        return []
    return [
        (label, _value(name, old.get(name)), _value(name, new.get(name)))
        for name, label in fields(form).items()
        if old.get(name) != new.get(name)
    ]


def fields(form: Kind) -> dict[str, str]:
    """What the fields of a kind are called."""
    names: dict[str, str | Sentence] = {
        "day": form.day,
        "until": form.until,
        "words": form.words,
        "what": WHAT,
        "begin": BEGIN,
        "end": END,
    }
    names.update({one.name: one.label for one in form.numbers})
    return {name: say(label) for name, label in names.items() if label}


WHAT, BEGIN, END = says("Equipment"), says("Begins"), says("Ends")


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if name in ("day", "until"):
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    if name == "what":
        return say(WHATS.get(str(value), str(value)))
    return shown(value) if isinstance(value, int) else str(value)
