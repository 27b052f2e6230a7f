"""What was asked for, as the plain model understands it: which sites, in which places, of which days."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from kiosk.province.indicators.ask import NOWHERE, WHOLE, Ask
from kiosk.province.register.site_history import unit_as_of
from kiosk.rules.periods import Period, months_in
from tests.plain_truth import Truth

ONE = timedelta(days=1)


class Asked:
    """A question to a truth. `asked`: all sites of it; `living`: those that were there on any of its days."""

    def __init__(self, truth: Truth, ask: Ask) -> None:
        self.truth, self.ask, self.register = truth, ask, truth.register
        self.first, self.last = ask.period.first, ask.last
        before = ask.before()
        self.before: Period | None = before.period if before else None
        self.asked = [code for code in self.register.sites if self._is_asked(code)]
        self.living = [code for code in self.asked if self.lived(code, self.first, self.last)]

    def _above(self, code: str) -> Mapping[str, str]:
        units = self.register.units
        return units.above(unit_as_of(self.register.sites[code], units, self.last), self.last)

    def _is_asked(self, code: str) -> bool:
        ask, site = self.ask, self.register.sites[code]
        return (
            (not ask.site or ask.site == code)
            and (not ask.line or site.value("owner", self.last) == ask.line)
            and (not ask.within or ask.within in self._above(code).values())
        )

    def lived(self, code: str, first: date, last: date) -> bool:
        """Whether a site was there on any of these days."""
        site = self.register.sites[code]
        return first <= last and (site.opened or first) <= last and (site.last or last) >= first

    def place_of(self, code: str) -> str:
        """The key of a site by what is asked."""
        if self.ask.by == "site":
            return code
        if self.ask.by == "line":
            return self.register.sites[code].value("owner", self.last)
        return self._above(code).get(self.ask.by, NOWHERE)

    def places(self) -> dict[str, list[str]]:
        """Key -> sites, where any of them lived; WHOLE all that were asked for, which is the province."""
        found: dict[str, list[str]] = {}
        for code in self.asked if self.ask.by != "province" else ():
            found.setdefault(self.place_of(code), []).append(code)
        return {WHOLE: self.asked, **{key: codes for key, codes in found.items() if set(codes) & set(self.living)}}

    def told(self, sites: Iterable[str]) -> bool:
        """Whether anything came of these sites and days."""
        return any(self.truth.sums(one, self.first, self.last)["days"] for one in sites)

    def months(self) -> list[Period]:
        """The whole reported months of these days."""
        return months_in(Period("range", "", self.first, self.last), self.ask.starts_on)

    def exact(self, sites: Iterable[str], months: Iterable[str]) -> Counter[tuple[str, str]]:
        """What was told exactly of calendar months."""
        found, wanted = Counter[tuple[str, str]](), list(months)
        for one in sites:
            found.update(self.truth.exact(one, wanted))
        return found

    def released(self, sites: Iterable[str], first: date, last: date) -> Counter[tuple[str, str]]:
        """What was released, by the last day of each release."""
        found = Counter[tuple[str, str]]()
        for one in sites:
            found.update(self.truth.released(one, first, last))
        return found


def month_end(day: date) -> date:
    """The last day of the last calendar month that is over on that day."""
    return day if (day + ONE).day == 1 else day.replace(day=1) - ONE


def months_until(last: date) -> list[str]:
    """The calendar months of its year that are over on that day."""
    end = month_end(last)
    return [f"{last.year:04}-{n:02}" for n in range(1, end.month + 1)] if end.year == last.year else []
