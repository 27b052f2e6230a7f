"""Who came, as far as it may be told: answers as released, what is held back, and who did not say.

Held back is what is recorded and not released, since the beginning: a window may have begun before the asked days, so
within them alone no difference says anything. All counts of a month in which a site lived on any day are in it.
"""

from collections.abc import Collection, Mapping

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.recorded import recorded
from kiosk.province.indicators.released import (
    EVER,
    TARGET_FIRST,
    Released,
    Sums,
    last_month_end,
    of_span,
    released,
    target_users,
)
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.users import silence
from kiosk.province.indicators.value import Reason, Value
from kiosk.rules.indicators import ANSWERS

SAID = {one.code: one for answers in ANSWERS.values() for one in answers}
# Code -> roots of which all released visits are meant, and what is not in their population.
HELD = {"HELD_PICTURES": (("SEX",), "no_picture"), "HELD_GROUPS": (("ANY_FIRST", "ANY_OTHER"), "no_groups")}
SILENT = {"NO_PICTURE": "no_picture", "NO_GROUPS": "no_groups"}
CODES = (*SAID, *HELD, *SILENT, "TARGET_USERS")


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    _said(material, [code for code in codes if code in SAID], found)
    _held(material, [code for code in codes if code in HELD], found)
    _silent(material, [code for code in codes if code in SILENT], found)
    if "TARGET_USERS" in codes:
        _target_users(material, found)
    return found


def _said(material: Material, codes: Collection[str], found: Mapping[str, dict[str, Value]]) -> None:
    """Sums of what was released; where nothing was, that it is held back."""
    if not codes:
        return
    reasons, told = _reasons(material), of_span(material, "now")
    for code in codes:
        answer = SAID[code]
        some = {
            site: [tables[name] for name in answer.tables if name in tables]
            for site, tables in told.items()
            if site in material.living
        }
        sums = material.places.summed({site: sum(one.side(answer.side) for one in all_) for site, all_ in some.items()})
        sites = material.places.counted(site for site, all_ in some.items() if all_)
        for key, values in found.items():
            values[code] = plain(sums[key], sites[key]) if sites[key] else why_not(reasons[key] or "not_released")


def _reasons(material: Material) -> dict[str, Reason]:
    """Key -> why nothing can be said: answers are told when their month is over."""
    found = material.silence
    elapsed = material.spans["now"]
    over = elapsed is not None and last_month_end(elapsed.last) >= elapsed.first
    return {key: reason or ("" if over else "not_over") for key, reason in found.items()}


def _held(material: Material, codes: Collection[str], found: Mapping[str, dict[str, Value]]) -> None:
    """What is recorded since the beginning, less what was released of it; a site that released more has none."""
    if not codes:
        return
    told = released(material, ever=True)[EVER]
    rows = {site: sums for site, sums in recorded(material).items() if site in material.living}
    sites, living = material.places.counted(rows), material.places.counted(material.living)
    for code in codes:
        roots, silent = HELD[code]
        sums = material.places.summed(
            {site: max(0, row["visits"] - row[silent] - _of(told, site, roots)) for site, row in rows.items()}
        )
        for key, values in found.items():
            why: Reason = "" if sites[key] else "nothing_told" if living[key] else "no_sites"
            values[code] = why_not(why) if why else plain(sums[key], sites[key])


def _of(told: Released, site: str, tables: Collection[str]) -> int:
    return sum(told.get(site, {}).get(name, Sums()).visits for name in tables)


def _silent(material: Material, codes: Collection[str], found: Mapping[str, dict[str, Value]]) -> None:
    """Who did not say, by the whole calendar months of the asked days."""
    if not codes:
        return
    told, reasons = material.answers.of("now"), silence(material, "now")
    sites = material.places.counted(told)
    for code in codes:
        sums = material.places.summed({site: row[SILENT[code]] for site, row in told.items()})
        for key, values in found.items():
            why: Reason = reasons[key] or ("" if sites[key] else "nothing_told")
            values[code] = why_not(why) if why else plain(sums[key], sites[key])


def _target_users(material: Material, found: Mapping[str, dict[str, Value]]) -> None:
    """First visits of the year by people of the target groups: a lower bound."""
    living = material.places.living(material.spans["year"])
    first = {site: count for site, count in target_users(material, "year").items() if site in living}
    some = {site for site, tables in of_span(material, "year").items() if site in living and TARGET_FIRST in tables}
    sums, sites, reasons = material.places.summed(first), material.places.counted(some), silence(material, "year")
    for key, values in found.items():
        why: Reason = reasons[key] or ("" if sites[key] else "not_released")
        values["TARGET_USERS"] = why_not(why) if why else plain(sums[key], sites[key])
