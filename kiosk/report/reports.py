"""Makes reports: what to read for a period, and which numbers of it may be said. Shared by panel and command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kiosk.clock import Reading
from kiosk.report import answers, locked, pieces
from kiosk.report.lines import Spans, lines
from kiosk.report.model import Report
from kiosk.report.reading import Reader
from kiosk.rules.figures import year_effective
from kiosk.rules.hours import planned_minutes
from kiosk.rules.month_lock import utc
from kiosk.rules.period_texts import parse_period
from kiosk.rules.periods import (
    Period,
    a_year_before,
    days_period,
    month_of,
    months_period,
    shifted,
    until,
)
from kiosk.rules.policy import Policy
from kiosk.settings import Site
from kiosk.store import Store


@dataclass
class Reports:
    """The reports of this station. `policy`: that of now; `themes`: item -> theme, of the guides in the menu now;
    `read`: the clock.
    """

    store: Store
    site: Site
    policy: Policy
    read: Callable[[], Reading]
    themes: Mapping[str, str]

    def today(self) -> date:
        """The local day."""
        return self.read().local.date()

    def period(self, text: str | None) -> Period:
        """The period that `text` names, else the month of today. UsageError where it is none."""
        starts_on = self.policy.report.month_starts_on
        if text:
            return parse_period(text, starts_on)
        month = month_of(self.today(), starts_on)
        return months_period(month, month, starts_on)

    def make(self, text: str | None = None) -> Report:
        """The report of a period. It waits for the store, slice by slice; never call it on the store's thread."""
        made = self.of(self.period(text), self.policy.report.month_starts_on)
        locks, noted = locked.read(self.store, made.period.first, made.period.last)
        if made.period.kind == "month" and len(locks) == 1:  # what the next look will note is shown already
            since = locked.since(self.store, locks[0], noted)
            noted = noted + locked.pending(locks[0], noted, made, since, utc(made.made))
        months, revisions = locked.shown(locks, noted)
        return replace(made, locks=months, revisions=revisions)

    def of(self, asked: Period, starts_on: int) -> Report:
        """The figures of a period as they are now, where months begin on that day; of locks it says nothing."""
        now = self.read()
        reader = Reader(self.store, lambda day: planned_minutes(self.policy, day))
        # By a clock that runs ahead, a month would seem over, and its exact counts would be told visit by visit.
        today = now.local.date() if now.trusted or reader.good_day is None else reader.good_day
        # The PC has been on for less than a minute: today is no missing day, it has only begun.
        begun = today in asked and all(day.line is None for day in reader.days(today, today))
        spans = self._spans(asked, starts_on, today, today - timedelta(days=begun), reader.first_use)
        ours = spans.ours
        usage = reader.of(ours)
        months = pieces.months(reader, asked, today, starts_on)
        return Report(
            site=self.site.name,
            site_code=self.site.code,
            station=self.site.station,
            made=now.local,
            trusted=now.trusted,
            period=asked,
            previous=spans.previous,
            last_year=spans.last_year,
            compared=spans.compared,
            over=asked.last < today,
            missing_days=usage.missing,
            lines=lines(reader, spans, months),
            bars=pieces.bars(reader, asked, today, starts_on),
            months=months,
            effective=year_effective(effect for _month, effect in months) if asked.kind == "year" else None,
            ends=pieces.ends(usage),
            themes=pieces.opened(reader, ours, self.themes),
            answers=answers.answer_parts(reader, asked, today),
            withheld=answers.withheld(reader),
            k=self.policy.disclosure.k,
            redated=usage["redated"],
            journal=pieces.journal(reader, asked, today),
        )

    def _spans(self, asked: Period, starts_on: int, today: date, counted: date, first_use: date | None) -> Spans:
        """The days that each column counts, up to `counted`. Changes compare days that are over."""
        compared = until(asked, today - timedelta(days=1))
        last_year = a_year_before(asked, starts_on)
        same = last_year
        if compared is None:
            same = None
        elif compared is not asked and last_year is not None:
            same = (
                days_period(last_year.first, last_year.first + timedelta(days=len(compared) - 1))
                if asked.kind == "week"
                else a_year_before(compared)
            )
        return Spans(
            asked=asked,
            ours=_since(until(asked, counted), first_use),
            previous=shifted(asked, -1, starts_on),
            last_year=last_year,
            compared=compared,
            same=same,
            today=today,
            first_use=first_use,
        )


def _since(asked: Period | None, first_use: date | None) -> Period | None:
    """The part of a period from the first day of this station on."""
    if asked is None or first_use is None or asked.last < first_use:
        return None
    return asked if asked.first >= first_use else days_period(first_use, asked.last)
