"""What was looked for and not found: how many searches, and the words that were looked for most.

Stations tell words only when enough visits have asked for them (rules of the station), so they name nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World

CODES = ("MISSED",)


@dataclass(frozen=True)
class Missed:
    """Words as they were folded, how many searches for them found nothing, and at how many sites."""

    words: str
    searches: int
    sites: int


def columns(_codes: Collection[str]) -> Collection[str]:
    """The columns of the rollups that are needed."""
    return ("missed_searches",)


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    sums, reasons = material.sums("missed_searches")["missed_searches"], material.silence
    sites = material.telling
    return {
        key: {code: why_not(reasons[key]) if reasons[key] else plain(sums[key], sites[key]) for code in codes}
        for key in material.places.keys
    }


def most_missed(world: World, ask: Ask, n: int = 20) -> tuple[Missed, ...]:
    """The words that were looked for most in vain, the first first; of equal ones by their letters."""
    material = Material(world, ask)
    span = material.spans["now"]
    if span is None or not material.places.sites:
        return ()
    rows = world.engine.table("missed", f"{span.first:%Y-%m}", f"{span.last:%Y-%m}")
    both = rows.inner_join(material.lives, "site")
    here = both.filter(
        both.day >= span.first, both.day <= span.last, both.life_first <= both.day, both.life_last >= both.day
    )
    by_words = here.group_by("words").aggregate(searches=here.searches.sum().cast("int64"), sites=here.site.nunique())
    found = nsmallest(n, world.engine.rows(by_words), key=lambda row: (-row["searches"], row["words"]))
    return tuple(Missed(row["words"], row["searches"], row["sites"]) for row in found if row["searches"])
