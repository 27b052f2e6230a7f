"""What staff wrote down by hand: sums over the asked days, and levels as they stood at each PC's last word in them.

Months before a PC's first day, told once by it, are in the sums where all of such a month was asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kiosk.province.indicators.coded import coded
from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.tallies import months_of, newest
from kiosk.province.indicators.value import Value
from kiosk.rules.journal import CODES, LEVELS
from kiosk.rules.periods import same_date_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["CODES", "part"]
Sums = Mapping[str, Mapping[str, int]]


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    if any(code not in LEVELS for code in codes):
        _add(told, material, coded(material, "journal"))
        _add(told, material, before(material))
    for level in LEVELS:
        told.pop(level, None)  # levels of months do not add up
    if any(code in LEVELS for code in codes):
        _add(told, material, levels(material))
    sums = {code: material.places.summed(told.get(code, {})) for code in codes}
    reasons, wrote = material.silence, {site for sites in told.values() for site in sites}
    heard, sites = material.places.counted(wrote), material.places.counted(wrote | set(material.told_sites()))
    return {
        key: {
            code: why_not(reasons[key]) if reasons[key] and not heard[key] else plain(sums[code][key], sites[key])
            for code in codes
        }
        for key in material.places.keys
    }


def _add(told: dict[str, Counter[str]], material: Material, rows: "ir.Table | None") -> None:
    for row in () if rows is None else material.engine.rows(rows):
        told[row["code"]][row["site"]] += row["amount"]


def before(material: Material) -> "ir.Table | None":
    """site, code, amount of the whole calendar months that PCs told of before their first day."""
    import pyarrow as pa

    about = [f"{one.first:%Y-%m}" for one in months_of(material, "now")]
    if not about:
        return None
    months = material.engine.given("before_months", pa.table({"about_month": pa.array(about, pa.string())}))
    both = (
        newest(material.engine.table("journal_before", about[0]))
        .inner_join(months, "about_month")
        .semi_join(material.lives, "site")
    )
    return summed(both, ("site", "code"), ("amount",))


def levels(material: Material) -> "ir.Table | None":
    """site, code, amount: each PC as at its last word in the asked days, of at most their last year."""
    span = material.spans["now"]
    if span is None:
        return None
    first = max(span.first, same_date_before(span.last))
    months = f"{first:%Y-%m}", f"{span.last:%Y-%m}"
    days = material.engine.table("days", *months).inner_join(material.lives, "site")
    here = days.filter(days.day >= first, days.day <= span.last, days.life_first <= days.day,
                       days.life_last >= days.day)  # fmt: skip
    last = here.group_by(["site", "station"]).aggregate(newest=here.day.max())
    rows = material.engine.table("journal", *months)
    told = rows.filter(rows.code.isin(LEVELS)).inner_join(last, ["site", "station"])
    return summed(told.filter(told.day == told.newest), ("site", "code"), ("amount",))
