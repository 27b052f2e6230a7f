"""The whole register as the rules see it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.province.register.frozen_lists import FrozenList
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.units import Units


@dataclass(frozen=True)
class Register:
    """All of it. The same sites, units and lists are the same register."""

    sites: Mapping[str, SiteHistory]
    units: Units
    lists: tuple[FrozenList, ...] = ()
