"""What is asked for: a period, up to which day, of which sites, and told apart by what. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kiosk.rules.periods import Period, a_year_before, until

By = Literal["province", "district", "commune", "line", "site"]

WHOLE = ""  # the key of all that was asked for, taken together
NOWHERE = "-"  # the key of sites that lie in no unit of the level on that day
LINES = ("library", "post")  # the register's owners: one for each of the two departments


@dataclass(frozen=True)
class Ask:
    """One question. `today`: days from it on have not been; a period that is not over is asked up to the day before.

    `within`: a unit's code, only the sites in it; `line`: one of LINES; `site`: one site. "" leaves them open.
    Sites are put into the units of the period's last day that has been (register.units_as_of).
    """

    period: Period
    today: date
    by: By = "province"
    within: str = ""
    line: str = ""
    site: str = ""
    starts_on: int = 1

    @property
    def last(self) -> date:
        """The last day that has been and is asked for."""
        return min(self.period.last, self.today - timedelta(days=1))

    @property
    def elapsed(self) -> Period | None:
        """What of the period has been; None before it begins."""
        return until(self.period, self.last)

    @property
    def is_over(self) -> bool:
        """Whether all of the period has been."""
        return self.last == self.period.last

    def before(self) -> "Ask | None":
        """The same dates a year earlier; None where there are none (week 53)."""
        elapsed = self.elapsed
        earlier = None if elapsed is None else a_year_before(elapsed, self.starts_on)
        if earlier is None:
            return None
        return replace(self, period=earlier, today=earlier.last + timedelta(days=1))
