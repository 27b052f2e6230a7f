"""What sites counted by code in the asked days, opens of items and the journal, as an Ibis expression.

As in facts.py: whole calendar months of a site's life from the rollup, all other days of it from the days themselves.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from kiosk.province.indicators import register_tables
from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.lives import edges
from kiosk.province.indicators.material import Material

if TYPE_CHECKING:
    import ibis.expr.types as ir

Kind = Literal["open", "journal"]
# Kind -> table of days, and its columns of the code and of the count.
OF_DAYS: Mapping[Kind, tuple[str, str, str]] = {
    "open": ("opens", "item", "times"), "journal": ("journal", "code", "amount"),
}  # fmt: skip


def coded(material: Material, kind: Kind) -> "ir.Table | None":
    """site, code, amount; None where no day has been."""
    import ibis

    parts = [one for one in (_of_months(material, kind), _of_days(material, kind)) if one is not None]
    if not parts:
        return None
    return summed(parts[0] if len(parts) == 1 else ibis.union(*parts), ("site", "code"), ("amount",))


def _of_months(material: Material, kind: Kind) -> "ir.Table | None":
    segments = material.cuts["now"]
    whole = [one for one in segments if one.month]
    if not whole:
        return None
    months = material.engine.given("coded_months", register_tables.months(segments)).drop("segment")
    rows = material.engine.table("site_month_codes", f"{whole[0].first:%Y-%m}", f"{whole[-1].first:%Y-%m}")
    both = rows.filter(rows.kind == kind).inner_join(months, "month_first").inner_join(material.lives, "site")
    inside = both.filter(both.life_first <= both.month_first, both.life_last >= both.month_last)
    return inside.select("site", "code", "amount")


def _of_days(material: Material, kind: Kind) -> "ir.Table | None":
    segments, some = material.cuts["now"], edges(material.known_lives)
    runs = register_tables.runs(segments, some)
    if not runs:
        return None
    name, code, amount = OF_DAYS[kind]
    rows = material.engine.table(name, runs[0][0], runs[-1][1])
    days = material.engine.given("coded_days", register_tables.days(segments, some)).drop("segment")
    both = rows.inner_join(days, "day").inner_join(material.lives, "site")
    here = both.filter(
        both.life_first <= both.day,
        both.life_last >= both.day,
        (both.whole == 0) | (both.life_first > both.month_first) | (both.life_last < both.month_last),
    )
    return here.select("site", code=here[code], amount=here[amount])
