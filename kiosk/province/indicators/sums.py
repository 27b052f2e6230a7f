"""Plain sums of use: visits, hours, pages, how sessions ended, and how much of the time in service was used."""

from collections.abc import Collection, Mapping

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, share, why_not
from kiosk.province.indicators.value import Value
from kiosk.province.lake.rollups import ENDS
from kiosk.rules.figures import hours

COUNTED = {
    "VISITS": "visits", "TOO_SHORT": "too_short", "ASSISTED": "assisted", "EXTENSIONS": "extensions",
    "PAGES": "pages", "UNCLEAN": "unclean", **{f"END_{reason}": f"end_{reason}" for reason in (*ENDS, "other")},
}  # fmt: skip
# Code -> its column, and how many of that make an hour.
HOURS = {"PC_HOURS": ("seconds", 3_600), "NET_HOURS": ("internet_minutes", 60), "OPEN_HOURS": ("open_minutes", 60)}
CODES = (*COUNTED, *HOURS, "USE_RATE")


def columns(codes: Collection[str]) -> list[str]:
    """The columns of the rollups that are needed for some codes."""
    found = {COUNTED.get(code) or HOURS.get(code, ("",))[0] for code in codes} - {""}
    return sorted(found | ({"seconds", "open_minutes"} if "USE_RATE" in codes else set()))


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    sums, reasons = material.sums(*columns(codes)), material.silence
    sites = material.telling

    def value(code: str, key: str) -> Value:
        if reasons[key]:
            return why_not(reasons[key])
        if code in COUNTED:
            return plain(sums[COUNTED[code]][key], sites[key])
        if code in HOURS:
            column, in_an_hour = HOURS[code]
            return plain(hours(sums[column][key], in_an_hour), sites[key])
        return share(sums["seconds"][key], 60 * sums["open_minutes"][key], sites[key])

    return {key: {code: value(code, key) for code in codes} for key in material.places.keys}
