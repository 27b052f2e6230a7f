"""Reads day totals in slices: each a short job behind everything urgent, so that no sign-in waits for a year."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from kiosk.clock import LOCAL
from kiosk.lean_sqlite import Database
from kiosk.rules.disclosure import Release
from kiosk.rules.figures import Day, Usage, add_up, day_line
from kiosk.rules.periods import Period
from kiosk.store import Store, facts, journal, period, usage, windows

# About a month: some 600 rows, under 20 ms also on the slowest PC.
SLICE_DAYS = 31


class Reader:
    """The days of one report, each read once. `planned`: opening minutes of a date by the policy in force."""

    def __init__(self, store: Store, planned: Callable[[date], int]) -> None:
        self.store, self._planned = store, planned
        self._days: dict[date, Day] = {}
        first, good, self.held, self.ever_released = store.submit_later(_standing).result()
        self.good_day = None if good is None else good.astimezone(LOCAL).date()
        self.first_use = None if first is None else date.fromisoformat(first)

    def days(self, first: date, last: date) -> Iterable[Day]:
        """Every day from `first` to `last`."""
        wanted = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        for start in range(0, len(wanted), SLICE_DAYS):
            missing = [day for day in wanted[start : start + SLICE_DAYS] if day not in self._days]
            if missing:
                self._read(missing[0], missing[-1])
        return [self._days[day] for day in wanted]

    def usage(self, first: date, last: date) -> Usage:
        """The sums from `first` to `last`; without any day where it ends before it begins."""
        return add_up(self.days(first, last))

    def of(self, asked: Period | None) -> Usage:
        """The sums of a period."""
        return Usage() if asked is None else self.usage(asked.first, asked.last)

    def opens(self, asked: Period) -> dict[str, int]:
        """Opens by item in a period."""
        found = defaultdict[str, int](int)
        first = asked.first
        while first <= asked.last:
            last = min(asked.last, first + timedelta(days=SLICE_DAYS - 1))
            rows = self.store.submit_later(period.item_opens, first.isoformat(), last.isoformat()).result()
            for item, count in rows.items():
                found[item] += count
            first = last + timedelta(days=1)
        return dict(found)

    def journal(self, first: date, last: date) -> dict[str, int]:
        """What staff wrote down of some days, by code."""
        return self.store.submit_later(journal.sums, first, last).result()

    def month_counts(self, first: date, last: date) -> period.MonthCounts:
        """The exact monthly counts of the calendar months of two days. Callers ask for months that are over."""
        return self.store.submit_later(period.month_counts, f"{first:%Y-%m}", f"{last:%Y-%m}").result()

    def releases(self, first: date, last: date) -> list[Release]:
        """The releases that belong to some days: those whose last day is one of them."""
        return self.store.submit_later(windows.releases, first.isoformat(), last.isoformat()).result()

    def _read(self, first: date, last: date) -> None:
        rows = self.store.submit_later(period.day_rows, first.isoformat(), last.isoformat()).result()
        totals = defaultdict[str, dict[str, int]](dict)
        for day, code, count in rows:
            totals[day][code] = count
        for number in range((last - first).days + 1):
            one = first + timedelta(days=number)
            self._days[one] = self._day(one, totals.get(one.isoformat()))

    def _day(self, day: date, counts: dict[str, int] | None) -> Day:
        if counts is None:
            return Day(None, planned=self._planned(day) > 0)
        ends = {code.removeprefix("end:"): count for code, count in counts.items() if code.startswith("end:")}
        return Day({**day_line(counts), "pages": counts.get("pages", 0), "redated": counts.get("redated", 0)}, ends)


def _standing(db: Database) -> tuple[str | None, datetime | None, dict[str, int], bool]:
    """First day of this station, last certain time, what is HELD now, and whether anything was ever released."""
    first = facts.first_use(db) or usage.first_day(db)
    return first, facts.good_wall(db), windows.held(db), bool(windows.releases(db))
