"""How many sites of the frozen list work effectively, in three states, and which months a site was active."""

from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal

from kiosk.province.indicators.activity import Activity
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import judged, plain, why_not
from kiosk.province.indicators.value import Reason, Value, Verdict, percent

MET, ALL = 80, 100  # %
STATES = {"SITES_EFFECTIVE": "effective", "SITES_NOT_EFFECTIVE": "not_effective", "SITES_NO_REPORT": "no_report"}
OF_LIST = ("EFFECTIVE_SITES", "PROJECT_SITES", *STATES)
CODES = (*OF_LIST, "ACTIVE_MONTHS", "EFFECTIVE")
NONE = Activity()


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py. EFFECTIVE is of one site alone: of a unit or a line there is no such value."""
    only_list = set(codes) == {"PROJECT_SITES"}
    active = {} if only_list else {site: Activity.of(row) for site, row in material.rows.items()}
    early: Reason = "" if material.months else _early(material)
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    if wanted := [code for code in codes if code in OF_LIST]:
        _of_list(material, wanted, active, early, found)
    if "ACTIVE_MONTHS" in codes:
        _months(material, active, early, found)
    if "EFFECTIVE" in codes:
        for site, key in _alone(material):
            found[key]["EFFECTIVE"] = why_not(early) if early else _effective(active.get(site, NONE))
    return found


def _early(material: Material) -> Reason:
    return "too_early" if material.ask.period.kind == "year" else "not_over"


def _of_list(
    material: Material, codes: Collection[str], active: Mapping[str, Activity], early: Reason,
    found: Mapping[str, dict[str, Value]],
) -> None:  # fmt: skip
    counts = {key: Counter[str]() for key in found}
    for site in material.listed:
        for key in material.places.of(site):
            counts[key][active.get(site, NONE).state] += 1
    for key, values in found.items():
        for code in codes:
            if material.project_list is None:
                values[code] = why_not("no_list")
            elif code == "PROJECT_SITES":
                values[code] = plain(counts[key].total())
            elif early:
                values[code] = why_not(early)
            elif code in STATES:
                values[code] = plain(counts[key][STATES[code]], counts[key].total())
            else:
                values[code] = share_of_list(counts[key])


def share_of_list(states: Counter[str]) -> Value:
    """Effective sites ÷ all of the list; `high`: without those that reported nothing."""
    good, whole = states["effective"], states.total()
    if not whole:
        return Value(reason="no_base", part=good, whole=whole, sites=whole)
    number, verdict = judged(good, whole, sites_verdict)
    told = whole - states["no_report"]
    high = percent(good, told) if told else None
    return Value(number, high=high, part=good, whole=whole, sites=whole, verdict=verdict)


def sites_verdict(share: Decimal) -> Verdict:
    """Met from 80 % on; high when all of them are."""
    return "high" if share >= ALL else "met" if share >= MET else "not_met"


def _months(
    material: Material, active: Mapping[str, Activity], early: Reason, found: Mapping[str, dict[str, Value]]
) -> None:
    """Active months of counted ones, over all sites of a place."""
    good, counted = (
        material.places.summed({site: getattr(one, name) for site, one in active.items()})
        for name in ("active", "counted")
    )
    sites, living = (
        material.places.counted(site for site, one in active.items() if getattr(one, name))
        for name in ("reported", "counted")
    )
    for key, values in found.items():
        reason: Reason = early or ("" if sites[key] else "nothing_told" if living[key] else "no_sites")
        values["ACTIVE_MONTHS"] = (
            why_not(reason)
            if reason
            else Value(good[key], part=good[key], whole=counted[key], sites=sites[key])
        )  # fmt: skip


def _alone(material: Material) -> list[tuple[str, str]]:
    """Each site with the keys that are of it alone."""
    sites = material.places.sites
    if material.ask.site:
        return [(site, key) for site in sites for key in material.places.of(site)]
    return [(site, site) for site in sites] if material.ask.by == "site" else []


def _effective(one: Activity) -> Value:
    if one.state == "no_report":
        return Value(reason="nothing_told", part=one.active, whole=one.counted)
    good = one.state == "effective"
    return Value(int(good), part=one.active, whole=one.counted, verdict="met" if good else "not_met")
