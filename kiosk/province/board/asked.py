"""What a page is asked for by its address: the period, a unit, a line; and the steps to other periods.

?period=2026-Q4  ?line=post  ?unit=38.01       a department's link has its line fixed: nothing else is answered
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, request

from kiosk.errors import UsageError
from kiosk.province.indicators.ask import LINES, Ask, By
from kiosk.rules.period_texts import FIRST_YEAR, LAST_YEAR, parse_period
from kiosk.rules.periods import Period, months_period, shifted
from kiosk.rules.reading_words import title
from kiosk.web.pages import language
from kiosk.web.words import Sentence, says

SIX = (says("First half of {year}"), says("Second half of {year}"))
TWELVE = says("Twelve months to {month}/{year}")


@dataclass(frozen=True)
class Step:
    """A link to another period: its text for the address, what it is called, whether it is the one shown."""

    text: str
    name: Sentence | str
    here: bool = False


@dataclass(frozen=True)
class Picker:
    """The choice of a period as the page shows it."""

    name: str
    text: str
    before: Step | None
    after: Step | None
    kinds: tuple[Step, ...]


def line() -> str:
    """The line that is asked for; of a department's link always its own."""
    own = str(g.get("line", ""))
    asked = request.args.get("line", "")
    return own or (asked if asked in LINES else "")


def period(today: date) -> Period:
    """The period in the address, else the year of yesterday. What cannot be read is the year too."""
    text = request.args.get("period", "")
    try:
        found = parse_period(text[:60]) if text else None
    except UsageError:
        found = None
    if found is not None and FIRST_YEAR <= found.first.year <= found.last.year <= LAST_YEAR and found.first < today:
        return found
    return parse_period(f"{(today - timedelta(days=1)).year}")


def ask(today: date, by: By = "province", site: str = "", within: str | None = None) -> Ask:
    """The Ask of this page. `within`: a unit, else the address's."""
    unit = request.args.get("unit", "")[:64] if within is None else within
    return Ask(period(today), today, by, unit, line(), site)


def picker(today: date) -> Picker:
    """The period shown, the ones before and after it, and the other kinds that end where it ends."""
    here = period(today)
    return Picker(name(here), here.text, _step(here, -1, today), _step(here, 1, today), tuple(_kinds(here, today)))


def name(one: Period, lang: str | None = None) -> str:
    """What a period is called: also halves of a year and twelve months, which the station does not have."""
    lang = lang or language()
    if one.months is not None and one.kind == "range":
        (year, first), (last_year, last) = one.months
        if year == last_year and (first, last) in ((1, 6), (7, 12)):
            return Sentence(SIX[first == 7].text, {"year": year}).in_language(lang)
        if (last_year - year) * 12 + last - first == 11:
            return Sentence(TWELVE.text, {"month": last, "year": last_year}).in_language(lang)
    return title(one, lang)


def _step(here: Period, by: int, today: date) -> Step | None:
    there = shifted(here, by)
    if there.first >= today or there.first.year < FIRST_YEAR:
        return None
    return Step(there.text, name(there))


def _kinds(here: Period, today: date) -> Iterator[Step]:
    yesterday = today - timedelta(days=1)
    last = min(here.last, yesterday)
    year, quarter = last.year, (last.month + 2) // 3 * 3
    half = 6 if last.month <= 6 else 12
    over = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)  # the end of the last whole month
    found = [
        (says("Quarter"), months_period((year, quarter - 2), (year, quarter))),
        (says("6 months"), months_period((year, half - 5), (year, half))),
        (says("9 months"), months_period((year, 1), (year, 9))),
        (says("12 months"), months_period(_back(over, 11), (over.year, over.month))),
        (says("Year"), months_period((year, 1), (year, 12))),
        (says("This year to date"), months_period((yesterday.year, 1), (yesterday.year, 12))),
    ]
    for words, one in found:
        if words.text == "Year" and year == yesterday.year:
            continue  # that is the year to date
        yield Step(one.text, words, one.text == here.text)


def _back(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return year, month + 1
