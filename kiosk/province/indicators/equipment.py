"""How many computers the sites have, how many of them were in service, and what they told of themselves."""

from collections.abc import Collection, Mapping

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, share, why_not
from kiosk.province.indicators.value import Reason, Value
from kiosk.rules.health_days import CODES as HEALTH

COLUMNS = {code.upper(): code for code in HEALTH}
CODES = ("PCS", "PCS_ENROLLED", "PCS_WORKING_RATE", *COLUMNS)


def columns(codes: Collection[str]) -> list[str]:
    """The columns of the rollups that are needed for some codes."""
    found = [COLUMNS[code] for code in codes if code in COLUMNS]
    return [*found, "pcs_working", "pcs_planned"] if "PCS_WORKING_RATE" in codes else found


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    living = material.places.counted(material.living)
    if "PCS" in codes:
        _tell(material, "PCS", pcs(material), found)
    if "PCS_ENROLLED" in codes:
        enrolled = {site: material.world.pcs.get(site, 0) for site in material.living}
        sums = material.places.summed(enrolled)
        for key, values in found.items():
            values["PCS_ENROLLED"] = plain(sums[key], living[key]) if living[key] else why_not("no_sites")
    if told := [code for code in codes if code not in ("PCS", "PCS_ENROLLED")]:
        _told(material, told, found)
    return found


def pcs(material: Material) -> dict[str, int]:
    """Site -> the computers it should have on the last asked day; without sites closed by then or nobody told of."""
    day, found = material.ask.last, {}
    for code in material.living:
        site = material.places.sites[code]
        if site.lives(day) and (text := site.value("pcs", day)).isdecimal():
            found[code] = int(text)
    return found


def _tell(material: Material, code: str, counts: Mapping[str, int], found: Mapping[str, dict[str, Value]]) -> None:
    sums, sites = material.places.summed(counts), material.places.counted(counts)
    living = material.places.counted(material.living)
    for key, values in found.items():
        why: Reason = "" if sites[key] else "nothing_told" if living[key] else "no_sites"
        values[code] = why_not(why) if why else plain(sums[key], sites[key])


def _told(material: Material, codes: Collection[str], found: Mapping[str, dict[str, Value]]) -> None:
    sums, reasons, sites = material.sums(*columns(codes)), material.silence, material.telling
    for key, values in found.items():
        for code in codes:
            if reasons[key]:
                values[code] = why_not(reasons[key])
            elif code in COLUMNS:
                values[code] = plain(sums[COLUMNS[code]][key], sites[key])
            else:  # in service also on days that were not planned: no more than all of them
                planned = sums["pcs_planned"][key]
                values[code] = share(min(sums["pcs_working"][key], planned), planned, sites[key])
