"""Reads how a person writes a period: `2026-11-21`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`, or two with `..`."""

import re
from datetime import date

from kiosk.errors import UsageError
from kiosk.rules.periods import Period, day_period, days_period, months_period, week_period
from kiosk.translations import _

LONGEST_DAYS = 3_660
# Outside these no station has counted; and no step back or forward from them leaves the calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2199

_MONTH = r"(\d{4})-(0[1-9]|1[0-2])"
_DAY = rf"{_MONTH}-(\d\d)"


def parse_period(text: str, starts_on: int = 1) -> Period:
    """The period that `text` names; UsageError says how one is written."""
    found = _parsed(text.strip(), starts_on)
    if found is None:
        raise _wrong(text)
    if found.first > found.last or len(found) > LONGEST_DAYS:
        raise UsageError(
            _("{period} ends before it begins, or is longer than ten years.", period=_short(text)),
            _("Ask for a shorter period, the earlier day first."),
        )
    return found


def _parsed(text: str, starts_on: int) -> Period | None:
    try:
        if found := re.fullmatch(_DAY, text, re.ASCII):
            return day_period(_date(found[0]))
        if found := re.fullmatch(r"(\d{4})-W(\d\d)", text, re.ASCII):
            return week_period(_year(found[1]), int(found[2]))
        if found := re.fullmatch(rf"({_DAY})\.\.({_DAY})", text, re.ASCII):
            return days_period(_date(found[1]), _date(found[5]))
        return _of_months(text, starts_on)
    except ValueError:
        return None


def _of_months(text: str, starts_on: int) -> Period | None:
    if found := re.fullmatch(_MONTH, text, re.ASCII):
        return months_period((_year(found[1]), int(found[2])), (_year(found[1]), int(found[2])), starts_on)
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text, re.ASCII):
        year, last = _year(found[1]), 3 * int(found[2])
        return months_period((year, last - 2), (year, last), starts_on)
    if found := re.fullmatch(r"\d{4}", text, re.ASCII):
        return months_period((_year(text), 1), (_year(text), 12), starts_on)
    if found := re.fullmatch(rf"{_MONTH}\.\.{_MONTH}", text, re.ASCII):
        return months_period((_year(found[1]), int(found[2])), (_year(found[3]), int(found[4])), starts_on)
    return None


def _date(text: str) -> date:
    day = date.fromisoformat(text)
    _year(text[:4])
    return day


def _year(text: str) -> int:
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("no such year here")
    return year


def _short(text: str) -> str:
    return repr(text[:40])


def _wrong(text: str) -> UsageError:
    return UsageError(
        _("{period} is not a period.", period=_short(text)),
        _("Write 2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026, 2026-01..2026-09 or 2026-11-01..2026-11-21."),
    )
