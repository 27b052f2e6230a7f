"""What must be true of a register as a whole, on every day; and what should be looked at. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kiosk.province.register.site_history import WEEK, SiteHistory, unit_of
from kiosk.province.register.steps import ALWAYS, ONE, value_on
from kiosk.province.register.units import LEVELS, Unit, Units
from kiosk.province.register.words import folded
from kiosk.translations import _


@dataclass(frozen=True)
class Fault:
    """What is wrong with a unit or a site, and with which of its columns."""

    kind: str
    code: str
    column: str
    words: str


def faults_of_units(units: Units) -> Iterator[Fault]:
    """Units that end nowhere, or that belong, on some day of their life, to none or to a wrong one."""
    days = units.changes()
    levels = {day: units.levels(day) for day in days}
    for unit in units:
        if fault := _end(unit, units):
            yield fault
        for day in days:
            if unit.lives(day) and (fault := _place(unit, units, day, levels[day])):
                yield fault
                break


def _end(unit: Unit, units: Units) -> Fault | None:
    if unit.last is None:
        words = _("It was merged into {into}: write its last day.", into=unit.into)
        return Fault("unit", unit.code, "until", words) if unit.into else None
    if unit.last < unit.first:
        return Fault("unit", unit.code, "until", _("This day lies before the day in “From”."))
    if not unit.into:
        words = _("It ends on {day}: write into which unit it was merged.", day=unit.last)
        return Fault("unit", unit.code, "into", words)
    heir = units.get(unit.into)
    if heir is None or not heir.lives(unit.last + ONE):
        words = _("There is no unit {code} on {day}.", code=unit.into, day=unit.last + ONE)
        return Fault("unit", unit.code, "into", words)
    if heir.level != unit.level and (unit.level, heir.level) != ("district", "province"):
        words = _("A commune goes into a commune, a district into a district or the province.")
        return Fault("unit", unit.code, "into", words)
    return None


def _place(unit: Unit, units: Units, day: date, levels: tuple[str, ...]) -> Fault | None:
    above, parent = units.above(unit.code, day), value_on(unit.parents, day)
    if unit.level == "province":
        return Fault("unit", unit.code, "parent", _("Nothing stands above a province.")) if parent else None
    found = units.get(parent)
    if found is None or not found.lives(day) or LEVELS.index(found.level) >= LEVELS.index(unit.level):
        words = _("There is no unit {code} above it on {day}.", code=parent or "-", day=_shown(day))
        return Fault("unit", unit.code, "parent", words)
    wanted = [level for level in levels if LEVELS.index(level) <= LEVELS.index(unit.level)]
    if lacking := [level for level in wanted if level not in above]:
        words = _("On {day} it belongs to no {level}.", day=_shown(day), level=_level(lacking[0]))
        return Fault("unit", unit.code, "parent", words)
    return None


def faults_of_sites(sites: Iterable[SiteHistory], units: Units) -> Iterator[Fault]:
    """Sites that are, on some day of their life, in no commune."""
    days = units.changes()

    @cache
    def level(code: str, day: date) -> str:
        unit = units.get(code)
        return unit.level if unit is not None and unit.lives(day) else ""

    for site in sites:
        begins = {site.opened or ALWAYS, *days, *(day for day, _code in site.steps["unit"])}
        for day in sorted(day for day in begins if site.lives(day)):
            if level(unit_of(site, units, day), day) != "commune":
                words = _("On {day} it is in no commune: {code} is not there then.", day=_shown(day),
                          code=site.value("unit", day) or "-")  # fmt: skip
                yield Fault("site", site.code, "unit", words)
                break


def remarks(sites: Mapping[str, SiteHistory], units: Units, today: date) -> list[str]:
    """What is allowed and should be looked at, of the sites that live today."""
    living = [one for one in sites.values() if one.lives(today)]
    found = []
    if "district" not in units.levels(today):
        old = [one.code for one in living if one.value("type", today) == "district_library"]
        found += [_("There are no districts any more, and these are still district libraries: {codes}.",
                    codes=", ".join(old))] if old else []  # fmt: skip
    if none := [one.code for one in living if not any(one.value(name, today) for name in WEEK)]:
        found.append(_("{n} sites have no planned hours; they count as open Monday to Saturday: {codes}.",
                       n=len(none), codes=", ".join(none)))  # fmt: skip
    seen: dict[tuple[str, str], list[str]] = {}
    for one in living:
        seen.setdefault((folded(one.value("name", today)), unit_of(one, units, today)), []).append(one.code)
    twice = [", ".join(codes) for codes in seen.values() if len(codes) > 1]
    found += [_("These have one name in one commune: {codes}.", codes=codes) for codes in twice]
    return found


def _level(level: str) -> str:
    return {"province": _("province"), "district": _("district"), "commune": _("commune")}[level]


def _shown(day: date) -> str:
    return _("the first day") if day == ALWAYS else day.isoformat()
