"""On how many days sites were to be open, were open, and told of it; and whether they told in time."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, share, why_not
from kiosk.province.indicators.value import Reason, Value

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAYS = {"PLANNED_DAYS": "planned", "REPORTED_DAYS": "reported", "OPEN_DAYS": "opened", "WORKING_DAYS": "working"}
# Of what nothing came these are known all the same.
ALWAYS = ("PLANNED_DAYS", "REPORTED_DAYS", "COMPLETENESS")
IN_TIME = {"TIMELINESS": "pcs_in_3_days", "TIMELINESS_MONTH": "pcs_by_third"}
CODES = (*DAYS, "COMPLETENESS", *IN_TIME)


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    reasons = material.silence
    if wanted := [code for code in codes if code not in IN_TIME]:
        _days(material, wanted, reasons, found)
    if wanted := [code for code in codes if code in IN_TIME]:
        _in_time(material, wanted, reasons, found)
    return found


def _days(
    material: Material, codes: Collection[str], reasons: Mapping[str, Reason], found: dict[str, dict[str, Value]]
) -> None:
    sums = material.sums(*DAYS.values())
    sites = material.telling
    for key, values in found.items():
        for code in codes:
            if reasons[key] == "no_sites" or reasons[key] and code not in ALWAYS:
                values[code] = why_not(reasons[key])
            elif code in DAYS:
                values[code] = plain(sums[DAYS[code]][key], sites[key])
            else:
                values[code] = share(sums["reported"][key], sums["planned"][key], sites[key])


def _in_time(
    material: Material, codes: Collection[str], reasons: Mapping[str, Reason], found: dict[str, dict[str, Value]]
) -> None:
    rows = {row["site"]: row for row in material.engine.rows(arrivals(material))} if material.spans["now"] else {}
    columns = ("pcs", *IN_TIME.values())
    sums = {name: material.places.summed({site: row[name] for site, row in rows.items()}) for name in columns}
    sites = material.places.counted(rows)
    for key, values in found.items():
        for code in codes:
            reason: Reason = reasons[key] or ("" if sites[key] else "nothing_told")
            told = sums[IN_TIME[code]][key], sums["pcs"][key], sites[key]
            values[code] = why_not(reason) if reason else share(*told)


def arrivals(material: Material) -> "ir.Table":
    """By site of how many PCs and days something came, and of how many of them in time."""
    span = material.spans["now"]
    assert span is not None
    rows = material.engine.table("site_arrivals", f"{span.first:%Y-%m}", f"{span.last:%Y-%m}")
    asked = rows.filter(rows.day >= span.first, rows.day <= span.last)
    both = asked.inner_join(material.lives, "site")
    here = both.filter(both.life_first <= both.day, both.life_last >= both.day)
    return summed(here, ("site",), ("pcs", *IN_TIME.values()))
