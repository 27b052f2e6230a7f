"""How many sites there were in the asked days, and of how many anything came."""

from collections.abc import Collection, Mapping

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.places import in_life
from kiosk.province.indicators.saying import plain
from kiosk.province.indicators.value import Value

CODES = ("LIVING_SITES", "POTENTIAL_SITES", "REPORTING_SITES")


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    counts = {
        "LIVING_SITES": material.places.counted(material.living),
        "POTENTIAL_SITES": material.places.counted(_potential(material)),
        "REPORTING_SITES": material.places.counted(material.told_sites() if "REPORTING_SITES" in codes else ()),
    }
    return {key: {code: plain(counts[code][key]) for code in codes} for key in material.places.keys}


def _potential(material: Material) -> list[str]:
    """Those that are no project sites on the last asked day of their life."""
    day, sites = material.ask.last, material.places.sites
    return [code for code in material.living if sites[code].value("status", in_life(sites[code], day)) == "potential"]
