"""The lists of a report: visits by day or month, months that were active, ends by reason, guides by theme."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from kiosk.content.catalogue import THEMES
from kiosk.report.model import Bar, Part
from kiosk.report.reading import Reader
from kiosk.report.words import OTHER_GUIDES
from kiosk.rules.figures import Effect, Usage, day_state, month_active
from kiosk.rules.indicators import ENDS
from kiosk.rules.journal_figures import JOURNAL_FIGURES
from kiosk.rules.periods import Kind, Period, days_period, month_of, months_in, months_period, same_date_before

# More days than that are shown by month.
MOST_BARS = 62


def bars(reader: Reader, asked: Period, today: date, starts_on: int) -> tuple[Bar, ...]:
    """Visits by day, or by month in a long period; a day without a number says why."""
    if len(asked) > MOST_BARS:
        made = [_month_bar(reader, one, today) for one in _cut_by_month(asked, starts_on)]
    else:
        made = _day_bars(reader, asked, today)
    return tuple(replace(one, last_year=_a_year_before(reader, one, asked.kind)) for one in made)


def _day_bars(reader: Reader, asked: Period, today: date) -> list[Bar]:
    last = min(asked.last, today)
    known = list(reader.days(asked.first, last)) if asked.first <= today else []
    shown = []
    for number, day in enumerate(asked.days()):
        line = known[number].line if number < len(known) else None
        state = day_state(line)
        visits = line["visits"] if line is not None and state == "counted" else None
        shown.append(Bar(day, day, visits, state if day <= today else "ahead"))
    return shown


def _a_year_before(reader: Reader, bar: Bar, kind: Kind) -> int | None:
    """Visits of the same date, or in a week of the same weekday, a year before; None where nobody counted."""
    first = same_date_before(bar.first)
    if kind == "week":
        iso = bar.first.isocalendar()
        try:
            first = date.fromisocalendar(iso.year - 1, iso.week, iso.weekday)
        except ValueError:
            return None  # week 53
    last = first if bar.first == bar.last else same_date_before(bar.last + timedelta(days=1)) - timedelta(days=1)
    if reader.first_use is None or last < reader.first_use:
        return None
    known = reader.usage(max(first, reader.first_use), last)
    return known["visits"] if known.known else None


def months(reader: Reader, asked: Period, today: date, starts_on: int) -> tuple[tuple[Period, Effect], ...]:
    """Every whole month of the period that is over, and whether it was active."""
    over = [one for one in months_in(asked, starts_on) if one.last < today]
    return tuple((one, month_active(reader.of(one))) for one in over)


def ends(usage: Usage) -> tuple[Part, ...]:
    """Sessions by their last reason, the most frequent first; nothing where no day was counted."""
    if not usage.known:
        return ()
    counts = sorted(usage.ends.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Part(code, ENDS.get(code, code), count) for code, count in counts if count)


def opened(reader: Reader, asked: Period | None, themes: Mapping[str, str]) -> tuple[Part, ...]:
    """Openings by theme in the order of the menu."""
    if asked is None or not reader.of(asked).known:
        return ()
    counts = Counter[str]()
    for item, count in reader.opens(asked).items():
        counts[themes.get(item, "")] += count
    parts = [Part(theme.code, theme.label, counts[theme.code]) for theme in THEMES]
    return (*parts, Part("other", OTHER_GUIDES, counts[""])) if counts[""] else tuple(parts)


def journal(reader: Reader, asked: Period, today: date) -> tuple[Part, ...]:
    """What staff wrote down; nothing where the period has not begun, and figures of today's kind as of its last day."""
    if asked.first > today:
        return ()
    found = reader.journal(asked.first, min(asked.last, today))
    return tuple(Part(one.code, one.label, found[one.code]) for one in JOURNAL_FIGURES if one.code in found)


def _month_bar(reader: Reader, month: Period, today: date) -> Bar:
    if month.first > today:
        return Bar(month.first, month.last, None, "ahead")
    last = min(month.last, today)
    states = {day_state(day.line) for day in reader.days(month.first, last)}
    if "counted" in states:
        return Bar(month.first, month.last, reader.usage(month.first, last)["visits"], "counted")
    return Bar(
        month.first, month.last, None, "missing" if "missing" in states else "off" if "off" in states else "closed"
    )


def _cut_by_month(asked: Period, starts_on: int) -> Iterator[Period]:
    first = asked.first
    while first <= asked.last:
        here = month_of(first, starts_on)
        last = min(asked.last, months_period(here, here, starts_on).last)
        yield days_period(first, last)
        first = last + timedelta(days=1)
