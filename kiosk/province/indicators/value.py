"""What is said of a figure: a number with what it was made of, or the reason why there is none. Pure.

No percentage is ever said that the rules of DOMAIN.md forbid: then `number` is None and `reason` is one of REASONS.
Shares and growths are kept as the two whole numbers that they are made of, so engines are compared without tolerance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from kiosk.rules.indicator import label

Verdict = Literal["", "not_met", "met", "high"]
Trend = Literal["", "up", "down", "same", "unknown"]
Reason = Literal[
    "", "nothing_told", "no_sites", "no_list", "too_early", "first_year", "no_matched", "small_base", "not_released",
    "no_base", "one_site", "not_over",
]  # fmt: skip

# Code -> why there is no number: a sentence for the reader, of the catalogue.
REASONS: Mapping[Reason, str] = {
    "nothing_told": label("No site has reported for this time."),
    "no_sites": label("No site was open in this time."),
    "no_list": label("No list of project sites was frozen for this year."),
    "too_early": label("No month of this year is over yet."),
    "first_year": label("Not yet comparable: there are no figures of the year before."),
    "no_matched": label(
        "Not yet comparable: no site has been there since the same days of the year before and reported "
        "80 % of its days in both years."
    ),
    "small_base": label("Not yet comparable: too few in the year before for a percentage."),
    "not_released": label("Held back to protect the visitors; it will be told when there are enough."),
    "no_base": label("There is nothing that this share could be taken of."),
    "one_site": label("A change of a few percent cannot be judged at one site."),
    "not_over": label("This is told only of whole calendar months that are over."),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of one place.

    `low`, `high`: between what it lies (of users; of a share, `high` is the upper bound). `part`, `whole`: what a share
    was made of; of a growth, the figure now and the figure before. `sites`: of how many sites it is made; of a growth,
    how many matched. `own`: marked as a figure from before kiosk (baseline).
    """

    number: int | Decimal | None = None
    reason: Reason = ""
    low: int | Decimal | None = None
    high: int | Decimal | None = None
    part: int | None = None
    whole: int | None = None
    sites: int | None = None
    verdict: Verdict = ""
    trend: Trend = ""
    own: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.number is not None


def percent(part: int, whole: int, digits: int = 1) -> Decimal:
    """100 × part ÷ whole, halves up. ZeroDivisionError is the caller's: a share of nothing is "no_base"."""
    return rounded(Decimal(100 * part) / whole, digits)


def rounded(value: Decimal, digits: int = 1) -> Decimal:
    """Halves up, also below nought (away from it); never a nought with a minus."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
