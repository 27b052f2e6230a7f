"""Which days a bundle is due for. Pure: nothing is scheduled, a loop asks what is due.

PCs are switched off at night, so "at 23:30" means: at the set hour, or at the next start.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from kiosk.clock import LOCAL, Reading

# A day may still change for this long after it was sent (late rows, re-dated boots); then it is restated.
RESTATED_DAYS = 35


def last_day(now: Reading, at: str) -> date:
    """The last day that is over for the export: today from `at` (HH:MM local) on, else yesterday."""
    today = now.local.date()
    return today if f"{now.local:%H:%M}" >= at else today - timedelta(days=1)


def was_over(day: str, at: str, moment: str) -> bool:
    """Whether the day was over for the export at that moment (ISO 8601)."""
    return f"{datetime.fromisoformat(moment).astimezone(LOCAL):%Y-%m-%d %H:%M}" >= f"{day} {at}"


def missing(first: str | None, have: Collection[str], now: Reading, at: str) -> list[str]:
    """Every day since the first use that has no bundle yet, empty days too. None while the date is not trusted."""
    if first is None or not now.trusted:
        return []
    start, end = date.fromisoformat(first), last_day(now, at)
    days = (start + timedelta(days=ahead) for ahead in range((end - start).days + 1))
    return [day.isoformat() for day in days if day.isoformat() not in have]


def may_have_changed(have: Collection[str], now: Reading, at: str) -> list[str]:
    """The latest days that have a bundle already: to be looked at again, and restated only where they changed."""
    if not now.trusted:
        return []
    end = last_day(now, at)
    days = (end - timedelta(days=back) for back in range(RESTATED_DAYS, -1, -1))
    return [day.isoformat() for day in days if day.isoformat() in have]
