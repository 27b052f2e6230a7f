"""What may be said about who came and who is new: releases, and exact counts of whole calendar months that are over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.report.model import Part, Said, Why
from kiosk.report.reading import Reader
from kiosk.rules.disclosure import Release
from kiosk.rules.figures import users
from kiosk.rules.indicators import ANSWERS, NO_ANSWER, Answer
from kiosk.rules.periods import Period

# section -> the exact monthly table of visits that did not say.
SKIPPED = {"SEX": "NO_PICTURE", "GROUPS": "GRP_U"}


@dataclass(frozen=True)
class Months:
    """Whole calendar months that are over, `first` to `last` day; or why there are none."""

    first: date
    last: date
    why: Why | None = None


def whole_months(asked: Period, today: date) -> Months:
    """The calendar months that fill a period, as far as they are over. Exact counts may be said of no other days."""
    first, last = asked.first, asked.last
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return Months(first, last, "whole_months")
    last = min(last, today.replace(day=1) - timedelta(days=1))
    return Months(first, last, "month_open" if last < first else None)


def year_so_far(asked: Period, today: date) -> Months:
    """From 1 January of a period's year to the last calendar month that is over, in the period and today."""
    end = min(asked.last + timedelta(days=1), today)
    first, last = date(asked.last.year, 1, 1), end.replace(day=1) - timedelta(days=1)
    if asked.kind == "range" and asked.first.year != asked.last.year:
        return Months(first, last, "two_years")
    return Months(first, last, "month_open" if last < first else None)


def first_visits(reader: Reader, months: Months) -> Said:
    """F of some months."""
    if (why := _silent(reader, months)) is not None:
        return Said(None, why)
    return Said(_sum(reader, months, "FST", "FST_Y"), through=months.last)


def users_of(reader: Reader, months: Months) -> Said:
    """The estimate of users with its range."""
    if (why := _silent(reader, months)) is not None:
        return Said(None, why)
    found = users(*(_sum(reader, months, "FST", side) for side in ("FST_Y", "FST_N", "FST_U")))
    return Said(found.value, low=found.low, high=found.high, through=months.last)


def target_users(reader: Reader, months: Months) -> Said:
    """First visits of target groups, as far as released: a lower bound."""
    if (why := _silent(reader, months)) is not None:
        return Said(None, why)
    found = [one.yes for one in reader.releases(months.first, months.last) if one.table == "ANY_FIRST"]
    return Said(sum(found), through=months.last) if found else Said(None, "held")


def answer_parts(reader: Reader, asked: Period, today: date) -> dict[str, tuple[Part, ...]]:
    """Who came, section by section, and how many did not say."""
    released = reader.releases(asked.first, min(asked.last, today))
    months = whole_months(asked, today)
    silent = _silent(reader, months)
    ended = (min(asked.last, today - timedelta(days=1)) + timedelta(days=1)).replace(day=1) > asked.first
    found = {}
    for section, answers in ANSWERS.items():
        root = answers[0].tables if section != "AGE" else ("AGE31",)
        why = _why(reader, asked, today, ended, root)
        parts = [_part(one, released, asked.first, why) for one in answers]
        if section in SKIPPED:  # sex and age are one picture: who skipped one has skipped both
            count = None if silent else _sum(reader, months, SKIPPED[section])
            parts.append(Part("NO_ANSWER", NO_ANSWER, count, silent))
        found[section] = tuple(parts)
    return found


def withheld(reader: Reader) -> dict[str, int]:
    """Visits with a picture, and with an answer on groups, that are withheld as of the last month's end."""
    groups = reader.held.get("ANY_FIRST", 0) + reader.held.get("ANY_OTHER", 0)
    return {"pictures": reader.held.get("SEX", 0), "groups": groups}


def _part(answer: Answer, released: Sequence[Release], first: date, why: Why) -> Part:
    mine = [one for one in released if one.table in answer.tables]
    if not mine:
        return Part(answer.code, answer.label, None, why)
    began = date.fromisoformat(min(one.first_day for one in mine))
    count = sum(one.yes if answer.side == "yes" else one.no for one in mine)
    return Part(answer.code, answer.label, count, since=began if began < first else None)


def _why(reader: Reader, asked: Period, today: date, ended: bool, root: Iterable[str]) -> Why:
    """Why nothing was released: no month ended in the period; or nobody answered; else it is HELD."""
    if asked.first > today:
        return "ahead"
    if not ended:
        return "month_open" if asked.last >= today else "whole_months"
    nobody = not any(reader.held.get(table, 0) for table in root) and not reader.ever_released
    return "missing" if nobody else "held"


def _silent(reader: Reader, months: Months) -> Why | None:
    """Why exact counts cannot be said, None where they can."""
    if months.why is not None:
        return months.why
    return None if reader.usage(months.first, months.last).known else "missing"


def _sum(reader: Reader, months: Months, table: str, side: str | None = None) -> int:
    counts = reader.month_counts(months.first, months.last)
    return sum(count for (name, _month, one), count in counts.items() if name == table and side in (None, one))
