"""What a definition of the province is made of. They stand in defined_*.py, all together in definitions.py."""

from dataclasses import dataclass

from kiosk.rules.indicator import Indicator
from kiosk.rules.indicators import INDICATORS


@dataclass(frozen=True)
class Definition(Indicator):
    """As a station's; `group`: under which heading it is shown. `source` names columns of the lake or bundle lines."""

    group: str = ""


def as_the_station(code: str, group: str) -> Definition:
    """What a station reports in the same way: the same words, the same version."""
    return Definition(**vars(INDICATORS[code]), group=group)
