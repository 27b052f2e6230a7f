"""What is recorded since the beginning: visits of whole calendar months, and of them those that did not say.

All of a month counts in which a site lived on any day, as it is told: a month's answers cannot be told apart by days.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.released import last_month_end
from kiosk.province.indicators.tallies import newest, tellings

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

SILENT = ("no_picture", "no_groups")
KINDS = {"site": "string", "from_month": "string", "to_month": "string", "from_first": "date32", "to_first": "date32"}


def recorded(material: Material) -> Mapping[str, Mapping[str, int]]:
    """Site -> visits, no_picture, no_groups up to the end of the last month that is over; of sites that told any."""
    asked = material.ask.elapsed
    if asked is None:
        return {}
    lives = material.engine.given("recorded_lives", _lives(material, last_month_end(asked.last)))
    silent = {row["site"]: row for row in material.engine.rows(_silent(material, lives))}
    return {
        row["site"]: {"visits": row["visits"]} | {name: silent.get(row["site"], {}).get(name, 0) for name in SILENT}
        for row in material.engine.rows(_visits(material, lives))
    }


def _lives(material: Material, last: date) -> "pa.Table":
    """Of every site the first and last month of its life so far, as a text and as its first day."""
    import pyarrow as pa

    rows = []
    for code, site in material.places.sites.items():
        first, end = (site.opened or date(1900, 1, 1)).replace(day=1), min(site.last or last, last).replace(day=1)
        if first <= end:
            rows.append((code, f"{first:%Y-%m}", f"{end:%Y-%m}", first, end))
    columns = list(zip(*rows, strict=True)) or [()] * len(KINDS)
    types = [pa.string() if kind == "string" else pa.date32() for kind in KINDS.values()]
    return pa.table([pa.array(list(c), t) for c, t in zip(columns, types, strict=True)], list(KINDS))


def _visits(material: Material, lives: "ir.Table") -> "ir.Table":
    both = material.engine.table("site_months").inner_join(lives, "site")
    here = both.filter(both.month_first >= both.from_first, both.month_first <= both.to_first)
    return summed(here, ("site",), ("visits",))


def _silent(material: Material, lives: "ir.Table") -> "ir.Table":
    both = newest(tellings(material.few(material.engine.table("months")), *SILENT)).inner_join(lives, "site")
    here = both.filter(both.about_month >= both.from_month, both.about_month <= both.to_month)
    return summed(here, ("site",), SILENT)
