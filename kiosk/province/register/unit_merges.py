"""Merges and renames of units from a day on. Pure. UsageError says what of an order cannot be.

Sites are not touched: whoever asks for their unit on a later day is led to the new one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kiosk.errors import UsageError
from kiosk.province.register.checks import faults_of_sites, faults_of_units
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, ONE, put, value_on, within
from kiosk.province.register.units import Unit, Units
from kiosk.translations import _, together


def merge(before: Register, old: Sequence[str], into: str, day: date, name: str = "", parent: str = "") -> Register:
    """The units `old` become `into` from `day` on. `into` may be new (then it needs a name), one of them, or there.

    What lies below a unit that ends belongs to the new one. Districts that go into their province are abolished.
    """
    units = dict(before.units.by_code)
    ending = [_living(before.units, code, day) for code in dict.fromkeys(old) if code != into]
    if not ending:
        raise UsageError(_("Name the units that end."), _("For example: kiosk province sites merge --help"))
    for unit in ending:
        units[unit.code] = _ended(unit, day, into)
    heir = units.get(into)
    if heir is None:
        heir = _new(before.units, ending, into, day, name, parent)
    else:
        _living(before.units, into, day)
        if heir.first > day - ONE and heir.first != day:
            raise UsageError(_("{code} begins on {day} only.", code=into, day=heir.first), _("Name another day."))
        heir = replace(
            heir,
            names=put(heir.names, day, None, name) if name else heir.names,
            parents=put(heir.parents, day, None, parent) if parent else heir.parents,
        )
    units[into] = heir
    gone = {unit.code for unit in ending}
    for unit in units.values():
        if unit.code not in gone and unit.lives(day) and value_on(unit.parents, day) in gone:
            units[unit.code] = replace(unit, parents=_moved(unit, day, into))
    return _checked(replace(before, units=Units(units)), any(unit.level == "district" for unit in ending))


def rename(before: Register, code: str, name: str, day: date) -> Register:
    """A unit is called otherwise from `day` on."""
    unit = _living(before.units, code, day)
    begin = ALWAYS if day <= unit.first else day
    changed = replace(unit, names=put(unit.names, begin, None, name))
    return _checked(replace(before, units=Units({**before.units.by_code, code: changed})))


def _living(units: Units, code: str, day: date) -> Unit:
    unit = units.get(code)
    if unit is None:
        raise UsageError(_("There is no unit {code}.", code=code), _("All units: kiosk province sites list --units"))
    if not unit.lives(day):
        raise UsageError(
            _("{code} is not there on {day}; it is in {into} then.", code=code, day=day,
              into=units.now(code, day) or "-"),
            _("Name another day, or the unit that is there."),
        )  # fmt: skip
    return unit


def _ended(unit: Unit, day: date, into: str) -> Unit:
    last = day - ONE
    if unit.last is not None:
        raise UsageError(
            _("{code} ends on {day} already and goes into {into}.", code=unit.code, day=unit.last, into=unit.into),
            _("To correct that, import a table of units with the right day."),
        )
    if last < unit.first:
        raise UsageError(_("{code} begins on {day} only.", code=unit.code, day=unit.first), _("Name another day."))
    return replace(unit, last=last, into=into, names=within(unit.names, unit.first, last),
                   parents=within(unit.parents, unit.first, last))  # fmt: skip


def _new(units: Units, ending: Sequence[Unit], code: str, day: date, name: str, parent: str) -> Unit:
    """A unit that is there from that day on, of the level of those that end, and below what they were below."""
    levels, parents = {unit.level for unit in ending}, {value_on(unit.parents, day) for unit in ending}
    if not name or len(levels) > 1:
        raise UsageError(
            _("{code} is new: it needs a name, and those that become it must be of one level.", code=code),
            _("Add --name, or name a unit that is there."),
        )
    if not parent and len(parents) > 1:
        raise UsageError(
            _("They belong to {parents}: say to which one {code} shall belong.", parents=", ".join(sorted(parents)),
              code=code),
            _("Add --parent CODE."),
        )  # fmt: skip
    above = parent or parents.pop()
    return Unit(code, ending[0].level, ((ALWAYS, name),), ((ALWAYS, units.now(above, day) or above),), day)


def _moved(unit: Unit, day: date, into: str) -> tuple[tuple[date, str], ...]:
    return put(unit.parents, ALWAYS if day <= unit.first else day, None, into)


def _checked(after: Register, districts: bool = False) -> Register:
    faults = list(faults_of_units(after.units)) or list(faults_of_sites(after.sites.values(), after.units))
    if faults:
        told = together(_("That cannot be."), *(together(f"{one.code}:", one.words) for one in faults[:5]))
        if districts:  # from a day on there are some or there are none
            raise UsageError(told, _("Districts end together: name all of them in one order."))
        raise UsageError(told, _("Nothing has been changed."))
    return after
