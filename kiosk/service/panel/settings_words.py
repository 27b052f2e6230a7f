"""Settings as a manager reads them: what is set, what a change would make of it, and the days as a calendar. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.rules.hours import intervals_on
from kiosk.rules.intervals import DAY_MINUTES, Interval
from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_a_session import DAYS, HoursException
from kiosk.service.panel import settings_values as values
from kiosk.service.panel.day import WEEKDAYS
from kiosk.service.panel.settings_forms import MINUTES
from kiosk.web.words import Sentence, says

LABELS = {
    "minutes": says("Minutes for each person"),
    "extension_minutes": says("More minutes that a person may take while nobody waits"),
    "staff_extension_minutes": says("Minutes that staff add while somebody waits"),
    "ask_after_minutes": says("Ask whether anybody is there after so many minutes without a touch"),
}
NONE = {
    "extension_minutes": says("none"),
    "staff_extension_minutes": says("none"),
    "ask_after_minutes": says("never"),
}
WEEKS = 6

Words = Sentence | str


@dataclass(frozen=True)
class Change:
    """One thing that a save would change."""

    name: Words
    before: Words
    after: Words
    note_before: str = ""
    note_after: str = ""


@dataclass(frozen=True)
class Cell:
    """One date of the calendar. `tone`: open, closed, own (hours of its own), past."""

    day: date
    hours: Words
    note: str
    tone: str
    today: bool


def week(policy: Policy) -> list[tuple[Sentence, Words]]:
    """Each weekday with its hours."""
    return [(WEEKDAYS[number], _weekday(policy, day)) for number, day in enumerate(DAYS)]


def minutes(policy: Policy) -> list[tuple[Sentence, Words]]:
    """Each number of minutes."""
    return [(LABELS[key], _minutes(policy, section, key)) for section, key, _least, _most in MINUTES]


def fee(policy: Policy) -> list[tuple[Sentence, Words]]:
    """What START says of fees, in both languages."""
    free = says("Shared computer, free of charge")
    return [
        (says("In Vietnamese"), policy.fee.vi or free),
        (says("In English"), policy.fee.en or policy.fee.vi or free),
    ]


def coming(policy: Policy, today: date) -> list[tuple[str, Words, str]]:
    """Days with hours of their own, from today on: date, hours, note."""
    return [(_date(day), hours(one.hours), one.note) for day, one in sorted(_own(policy).items()) if day >= today]


def changes(before: Policy, after: Policy, site_name: str = "") -> list[Change]:
    """All that differs, in the order of the pages. `site_name`: that of site.toml."""
    pairs = zip(week(before), week(after), strict=True)
    found = [Change(name, was, is_) for (name, was), (_same, is_) in pairs if was != is_]
    if not found and (before.hours is None) != (after.hours is None):
        found.append(Change(says("Opening hours"), _whether(before), _whether(after)))
    found += _dates_changed(before, after)
    more = zip(_named(before, site_name), _named(after, site_name), strict=True)
    return found + [Change(name, was, is_) for (name, was), (_same, is_) in more if was != is_]


def _named(policy: Policy, site_name: str) -> list[tuple[Words, Words]]:
    """All but the hours."""
    more = values.pairs(policy, site_name)
    return [*minutes(policy), *fee(policy), *((name, value) for _section, name, value in more)]


def _whether(policy: Policy) -> Sentence:
    return says("always open, until hours are set") if policy.hours is None else says("are set")


def calendar(policy: Policy, today: date) -> list[list[Cell]]:
    """Whole weeks from Monday on, beginning with this one."""
    own = _own(policy)
    first = today - timedelta(days=today.weekday())
    return [
        [_cell(policy, own, first + timedelta(days=7 * row + column), today) for column in range(7)]
        for row in range(WEEKS)
    ]


def hours(intervals: tuple[Interval, ...]) -> Words:
    """The hours of a day in words."""
    if intervals == (Interval(0, DAY_MINUTES),):
        return says("all day")
    return ", ".join(map(str, intervals)) if intervals else says("Closed")


def _weekday(policy: Policy, day: str) -> Words:
    return hours(getattr(policy.hours, day)) if policy.hours else says("all day")


def _minutes(policy: Policy, section: str, key: str) -> Words:
    number = getattr(getattr(policy, section), key)
    return NONE[key] if not number and key in NONE else says("{n} minutes", n=f"{number:g}".replace(".", ","))


def _dates_changed(before: Policy, after: Policy) -> Iterator[Change]:
    was, is_ = _own(before), _own(after)
    for day in sorted(was.keys() | is_.keys()):
        if was.get(day) != is_.get(day):
            notes = (one[day].note if day in one else "" for one in (was, is_))
            before_then, after_then = (hours(intervals_on(policy, day)) for policy in (before, after))
            yield Change(_date(day), before_then, after_then, *notes)


def _own(policy: Policy) -> dict[date, HoursException]:
    """Days with hours of their own."""
    return {one.date: one for one in (policy.hours.exceptions if policy.hours else ())}


def _cell(policy: Policy, own: dict[date, HoursException], day: date, today: date) -> Cell:
    open_then = intervals_on(policy, day)
    tone = "past" if day < today else "own" if day in own and open_then else "open" if open_then else "closed"
    return Cell(day, hours(open_then), own[day].note if day in own else "", tone, day == today)


def _date(day: date) -> str:
    return f"{day:%d/%m/%Y}"
