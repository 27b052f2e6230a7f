"""What must be told of one place and code, as the plain model says it; and how that is held against what was told."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kiosk.province.indicators.value import Value

EARLY = ("too_early", "not_over")


@dataclass(frozen=True)
class Want:
    """A field of None is not looked at. `reasons`: any of them explains that there is no number.

    Where a nought and a reason are both true (days open at a site that told nothing), both are given.
    """

    number: int | Decimal | None = None
    reasons: frozenset[str] = frozenset()
    low: int | None = None
    high: int | Decimal | None = None
    part: int | None = None
    whole: int | None = None
    sites: int | None = None
    verdict: str | None = None
    trend: str | None = None

    def differs(self, told: Value | None) -> str:
        """What is wrong with what was told; "" nothing."""
        if told is None:
            return f"says nothing, not {self!r}"
        looked = [name for name in ("part", "whole", "sites", "trend") if getattr(self, name) is not None]
        if told.number is None:
            wrong = [] if told.reason in self.reasons else ["reason"]
            looked = [name for name in looked if name == "trend"]
        else:
            # As it is written: 20 days are no 20.0 days, 3.0 % are no 3.00 %.
            wrong = ["number"] if self.number is None or str(told.number) != str(self.number) or told.reason else []
            looked += [name for name in ("low", "high", "verdict") if getattr(self, name) is not None]
        wrong += [name for name in looked if getattr(self, name) != getattr(told, name)]
        return f"{', '.join(wrong)}: says {told!r}, not {self!r}" if wrong else ""


def none(*reasons: str) -> Want:
    """No number, for one of these reasons."""
    return Want(reasons=frozenset(reasons))


def maybe(number: int, mute: bool, *reasons: str) -> Want:
    """A number; where it is of nothing (`mute`), one of these reasons does as well."""
    return Want(number, reasons=frozenset(reasons if mute else ()))


def share(part: int, whole: int, empty: str = "no_base") -> Want:
    """A percentage of two whole numbers."""
    return Want(tenth(Decimal(100 * part) / whole), part=part, whole=whole) if whole else none(empty)


def tenth(value: Decimal, digits: int = 1) -> Decimal:
    """Halves up; nought has no sign."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
