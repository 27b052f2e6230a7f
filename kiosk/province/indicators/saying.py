"""How figures become values: plain numbers, shares and growths with the reason where there is none. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.province.indicators.value import Reason, Value, Verdict, percent

if TYPE_CHECKING:
    from kiosk.province.indicators.material import Material

MOST_DIGITS = 6


@lru_cache(20_000, typed=True)  # 15 is not 15.0: they read otherwise
def plain(number: int | Decimal, sites: int | None = None) -> Value:
    """A number; the same one for the same, because a nation's sites have many that are alike."""
    return Value(number, sites=sites)


@lru_cache(100)
def why_not(reason: Reason, sites: int | None = None) -> Value:
    """No number."""
    return Value(reason=reason, sites=sites)


def share(part: int, whole: int, sites: int | None = None) -> Value:
    """A share in percent; of nothing there is none."""
    if not whole:
        return Value(reason="no_base", part=part, whole=whole, sites=sites)
    return Value(percent(part, whole), part=part, whole=whole, sites=sites)


def judged(part: int, whole: int, verdict: Callable[[Decimal], Verdict]) -> tuple[Decimal, Verdict]:
    """A percentage with its verdict, which is of the exact number; as many digits as do not read otherwise."""
    meant = verdict(Decimal(100 * part) / whole)
    for digits in range(1, MOST_DIGITS):
        said = percent(part, whole, digits)
        if verdict(said) == meant:
            break
    return said, meant


def nothing(material: "Material") -> Mapping[str, Reason]:
    """Key -> why nothing can be said of what sites told in the asked days; "" where something can."""
    return material.silence
