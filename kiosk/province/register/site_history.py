"""A site with all that was ever true of it, each with the days of its effect. Pure.

Its code never changes. Where it stands is told by the commune that it was put in; when communes are merged it is in the
new one from that day on, without being touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.province.register.steps import ALWAYS, Same, Steps, merged, plain, value_on
from kiosk.province.register.units import Units

TYPES = (
    "provincial_library", "district_library", "commune_library", "public_library", "post_office", "culture_house",
    "other",
)  # fmt: skip
OWNERS = ("library", "post")
STATUSES = ("project", "potential")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What has dates of effect; each is text, "" where nothing is known.
DATED = (
    "name", "type", "owner", "department", "unit", "status", "difficult", "pcs", *WEEK, "exceptions", "policy", "note",
)  # fmt: skip
NEEDED = ("name", "type", "owner", "unit", "status")


@dataclass(frozen=True)
class SiteHistory:
    """`opened`: the first day of its life, None where nobody knows; `last`: the last one, None while it lives."""

    code: str
    steps: Mapping[str, Steps] = field(default_factory=dict)
    opened: date | None = None
    last: date | None = None

    def lives(self, day: date) -> bool:
        """Whether it is there on that day."""
        return (self.opened or ALWAYS) <= day and (self.last is None or day <= self.last)

    def value(self, name: str, day: date) -> str:
        """One of DATED on that day."""
        return value_on(self.steps.get(name, ()), day)

    def days(self) -> list[date]:
        """The days from which something of it is another; the first is ALWAYS."""
        return sorted({ALWAYS, *(day for steps in self.steps.values() for day, _value in steps)})


@dataclass(frozen=True)
class SiteRow:
    """A site as it is on one day. `units` is {level: code}; `difficult` and `pcs` None where nobody told."""

    code: str
    name: str
    type: str
    owner: str
    department: str
    unit: str
    unit_name: str
    units: Mapping[str, str]
    status: str
    difficult: bool | None
    pcs: int | None
    policy: str
    note: str
    opened: date | None
    last: date | None


def unit_of(site: SiteHistory, units: Units, day: date) -> str:
    """The commune of a site on a day: where it was put, or what that was merged into since."""
    return units.now(site.value("unit", day), day)


def unit_as_of(site: SiteHistory, units: Units, day: date) -> str:
    """The commune of a site in the units of a day on which it need not live: figures of all years in one map.

    Before its life "" where its first commune was not there yet. Every site has one at most: sums stay what they were.
    """
    if site.opened is not None and day < site.opened:
        first = units.get(site.value("unit", site.opened))
        return first.code if first is not None and first.lives(day) else ""
    return units.now(site.value("unit", min(day, site.last or day)), day)


def row_on(site: SiteHistory, units: Units, day: date) -> SiteRow:
    """All of it on that day."""
    one = {name: site.value(name, day) for name in DATED}
    unit = unit_of(site, units, day)
    return SiteRow(
        site.code, one["name"], one["type"], one["owner"], one["department"], unit, units.name(unit, day),
        units.above(unit, day), one["status"], {"yes": True, "no": False}.get(one["difficult"]),
        int(one["pcs"]) if one["pcs"] else None, one["policy"], one["note"], site.opened, site.last,
    )  # fmt: skip


def same_in(units: Units) -> Mapping[str, Same]:
    """When a field says the same as before: a commune also when the one before was merged into it."""
    return {name: plain for name in DATED} | {"unit": lambda old, new, day: old == new or units.now(old, day) == new}


def settled(site: SiteHistory, units: Units) -> SiteHistory:
    """The same site, each of its communes named as it was called on the day from which the site was in it."""
    same = same_in(units)["unit"]
    steps = [(day, units.now(code, max(day, site.opened or ALWAYS)) or code) for day, code in site.steps["unit"]]
    return replace(site, steps={**site.steps, "unit": merged(tuple(steps), same)})
