"""Plain sums of use and of days: visits, hours, days, ends, and the rates made of them."""

from collections.abc import Collection, Mapping

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.value import Value

CODES = ("VISITS",)


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    visits = material.sums("now", "visits")["visits"]
    return {key: {"VISITS": Value(visits[key])} for key in material.places.keys}
