"""What the board must say of the small province: the plan of visits, a calendar, plain arithmetic.

Every rule is written here once more from the words of the definitions, without the product's code.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from tests.small_province import Plan
from tests.small_province_calendar import ONE, SUNDAY, Site, after, first_of, tenth

ENOUGH = 10  # days
FOURTH = "TH-004"  # on the list, and no PC of it ever joined


@dataclass(frozen=True)
class Truth:
    """All of the province on the day after the last of `days`."""

    plan: Plan
    days: list[date]

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Computers are on every day, whatever the register plans. TH-003 waits for its own from the 1st on."""
        begun = self.days[0]
        closed = next(day for day in self.days[9:] if day.weekday() != SUNDAY)
        found = (
            Site("TH-001", "Thư viện xã Một", "library", begun),
            Site("TH-002", "Bưu điện xã Hai", "post", begun, closed=frozenset({closed})),
            Site("TH-003", "Thư viện xã Ba", "library", begun.replace(day=1), rests=frozenset()),
            Site(FOURTH, "Bưu điện xã Bốn", "post", begun),
        )
        return {one.code: one for one in found}

    @property
    def months(self) -> list[str]:
        """The months of these days; a first one of which they are only the end is left out, then the next is whole."""
        every = [f"{day:%Y-%m}" for day in self.days]
        return sorted(set(every) if every.count(every[0]) >= ENOUGH else set(every) - {every[0]})

    @property
    def span(self) -> str:
        """They as an address asks for them."""
        return self.months[0] if len(self.months) == 1 else f"{self.months[0]}..{self.months[-1]}"

    def of(self, first: date, last: date, *sites: str) -> "Figures":
        """The figures of some sites (all) from a day to another one."""
        return Figures(self, first, min(last, self.days[-1]), sites or tuple(self.sites))

    def whole(self, *sites: str) -> "Figures":
        """Of the whole span."""
        return self.of(first_of(self.months[0]), self.days[-1], *sites)

    def month(self, month: str, *sites: str) -> "Figures":
        """Of one month, as far as it has been."""
        first = first_of(month)
        return self.of(first, after(first) - ONE, *sites)


@dataclass(frozen=True)
class Figures:
    """The figures of some sites and days."""

    truth: Truth
    first: date
    last: date
    sites: tuple[str, ...]

    @cached_property
    def told(self) -> Counter[str]:
        """visits, too_short, seconds and people of all PCs."""
        found: Counter[str] = Counter()
        for (site, _station, day), counts in self.truth.plan.days.items():
            if site in self.sites and self.first <= date.fromisoformat(day) <= self.last:
                found.update(counts)
        return found

    @property
    def is_over(self) -> bool:
        """Whether the days end with a month."""
        return (self.last + ONE).day == 1

    @property
    def hours(self) -> Fraction:
        """Computer hours to a tenth, halves up."""
        return tenth(Fraction(self.told["seconds"], 3_600))

    @property
    def planned_days(self) -> int:
        """Of all sites together."""
        return sum(len(self._planned(site)) for site in self.sites)

    @property
    def reported_days(self) -> int:
        """Every PC that had joined was on every night: so the planned days told are also the days open."""
        return sum(len(self._told(site)) for site in self.sites)

    @property
    def completeness(self) -> Fraction:
        """Percent to a tenth."""
        return tenth(Fraction(100 * self.reported_days, self.planned_days))

    @cached_property
    def active(self) -> dict[str, tuple[int, int, int]]:
        """Site -> its months that are over with a planned day; of them those told; of these the active ones."""
        return {site: self._months(site) for site in self.sites}

    @property
    def states(self) -> Counter[str]:
        """How many sites are effective, are not, or have no report."""
        return Counter(
            "no_report" if not told else "effective" if 4 * active >= 3 * counted else "not_effective"
            for counted, told, active in self.active.values()
        )

    @property
    def effective(self) -> tuple[Fraction, Fraction | None]:
        """The share of the list, and its upper bound: without those that have not reported."""
        good, all_of_them = self.states["effective"], self.states.total()
        told = all_of_them - self.states["no_report"]
        return tenth(Fraction(100 * good, all_of_them)), tenth(Fraction(100 * good, told)) if told else None

    def by_code(self) -> dict[str, Fraction | None]:
        """By the codes of the files; None of what is not said."""
        told = {
            "VISITS": self.visits, "TOO_SHORT": self.told["too_short"], "PC_HOURS": self.hours,
            "OPEN_DAYS": self.reported_days, "USERS": self.users[0] if self.users else None,
        }  # fmt: skip
        always = {"PLANNED_DAYS": self.planned_days, "REPORTED_DAYS": self.reported_days,
                  "COMPLETENESS": self.completeness}  # fmt: skip
        silent = dict.fromkeys(told) if self.sites == (FOURTH,) else told
        return {code: None if number is None else Fraction(number) for code, number in {**silent, **always}.items()}

    @property
    def year(self) -> list[str]:
        """The months since 1 January that are over by the last day."""
        every = [f"{self.last.year}-{month:02}" for month in range(1, 13)]
        return [month for month in every if after(first_of(month)) - ONE <= self.last]

    @cached_property
    def users(self) -> tuple[int, int, int] | None:
        """Of the year: the estimate, the least and the most; None where no month was told."""
        by_site: dict[str, Counter[str]] = {}
        for (site, _station, month), counts in self.truth.plan.first.items():
            # A month is told on the first day of the next.
            if site in self.sites and month in self.year and after(first_of(month)) <= self.truth.days[-1]:
                by_site.setdefault(site, Counter()).update(counts)
        least = most = estimate = 0
        for answers in by_site.values():
            first, unknown = answers["FST_Y"], answers["FST_U"]
            answered = first + answers["FST_N"]
            share = Fraction(unknown * first, answered) if answered >= 20 else Fraction(0)
            estimate += first + int(share + Fraction(1, 2))
            least, most = least + first, most + first + unknown
        return (estimate, least, most) if by_site else None

    def _planned(self, site: str) -> list[date]:
        return self.truth.sites[site].planned(self.first, self.last)

    def _told(self, site: str) -> list[date]:
        return [] if site == FOURTH else [day for day in self._planned(site) if day >= self.truth.days[0]]

    def _months(self, site: str) -> tuple[int, int, int]:
        counted = told = active = 0
        for month in self.truth.months:
            first = first_of(month)
            if first < self.first or after(first) - ONE > self.last:
                continue
            here = self.truth.of(first, after(first) - ONE, site)
            planned, opened = here.planned_days, here.reported_days
            counted += planned > 0
            told += planned > 0 < opened
            enough = 2 * opened >= planned and 2 * here.working >= opened and here.visits >= 10
            active += planned > 0 < opened and enough
        return counted, told, active

    @property
    def visits(self) -> int:
        """Those that count."""
        return self.told["visits"]

    @property
    def working(self) -> int:
        """Planned days on which a visit shows that a PC was in service; a visit too short to count may show it too."""
        return len({
            (site, day) for (site, _station, day), counts in self.truth.plan.days.items()
            if site in self.sites and counts["visits"] and date.fromisoformat(day) in self._told(site)
        })  # fmt: skip
