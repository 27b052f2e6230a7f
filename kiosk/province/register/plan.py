"""A file of lines against the register: what it would change, or everything that is wrong with it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.province.register.checks import Fault, faults_of_sites, faults_of_units, remarks
from kiosk.province.register.lines import by_code, overlaps, unit_after
from kiosk.province.register.rows import Line, Lines, Mistake
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.site_lines import SiteLines
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, Steps, value_on
from kiosk.province.register.units import Unit, Units
from kiosk.province.register.words import skeleton
from kiosk.translations import _


@dataclass(frozen=True)
class Change:
    """One value that becomes another from a day on. `day` "" where it has none, ALWAYS for what it began with;
    `before` None: the site or unit is new.
    """

    kind: str
    code: str
    field: str
    day: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Plan:
    """What a file would do. With `mistakes` nothing may be done; `after` is then the register as it is.

    Sheets that say nothing to it: `passed` are of no known table, `frozen` hold frozen lists.
    """

    after: Register
    changes: tuple[Change, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: int = 0
    passed: tuple[str, ...] = field(default=())
    frozen: tuple[str, ...] = ()

    def codes(self, kind: str, new: bool) -> list[str]:
        """The sites (units) that come new, or those that are there and change."""
        fresh = {one.code for one in self.changes if one.kind == kind and one.field == "" and one.before is None}
        return sorted({one.code for one in self.changes if one.kind == kind and (one.code in fresh) is new})


def plan(before: Register, lines: Lines, today: date, alike: bool = False) -> Plan:
    """`alike`: codes that look like another's are meant so."""
    mistakes = list(lines.mistakes)
    units, sites, doubtful = dict(before.units.by_code), dict(before.sites), set[str]()
    for table, known in ((lines.units, units), (lines.sites, sites)):
        grouped = by_code(table)
        mistakes += [one for some in grouped.values() for one in overlaps(some)]
        mistakes += [] if alike else _look_alikes(grouped, known.keys())
    for code, some in by_code(lines.units).items():
        if unit := unit_after(units.get(code), some, mistakes):
            units[code] = unit
        else:
            doubtful.add(code)
    after_units = Units(units)
    reader = SiteLines(after_units, mistakes, doubtful)
    for code, some in by_code(lines.sites).items():
        if site := reader.after(sites.get(code), some):
            sites[code] = site
    after = replace(before, sites=dict(sorted(sites.items())), units=after_units)
    if not mistakes:
        # Only what is read without a mistake is looked at as a whole: else one wrong cell would be told many times.
        mistakes += _where(whole(after), lines)
    counted = len(lines.units) + len(lines.sites)
    aside = (tuple(lines.passed), tuple(lines.frozen))
    if mistakes:
        return Plan(before, (), tuple(sorted(set(mistakes))), (), counted, *aside)
    changes = tuple(differences(before, after))
    touched = sites if lines.units else {line.code: sites[line.code] for line in lines.sites}
    return Plan(after, changes, (), tuple(remarks(touched, after_units, today)), counted, *aside)


def whole(register: Register) -> list[Fault]:
    """All that a register must not be."""
    faults = list(faults_of_units(register.units))
    return faults or list(faults_of_sites(register.sites.values(), register.units))


def _where(faults: Iterable[Fault], lines: Lines) -> list[Mistake]:
    """Each fault beside the last line of that code; where the file has none, it is a fault the file would make."""
    found = []
    for fault in faults:
        some = [one for one in (lines.sites if fault.kind == "site" else lines.units) if one.code == fault.code]
        if some:
            found.append(some[-1].mistake(fault.column, fault.words))
        else:
            found.append(Mistake("", 0, fault.code, fault.words))
    return found


def _look_alikes(lines: dict[str, list[Line]], known: Iterable[str]) -> list[Mistake]:
    """New codes that somebody will take for another one."""
    there = set(known)
    seen: dict[str, set[str]] = defaultdict(set)
    for code in (*there, *lines):
        seen[skeleton(code)].add(code)
    found = []
    for code, some in lines.items():
        others = seen[skeleton(code)] - {code}
        if code not in there and others:
            words = _("{code} is easily taken for {others}. Write the one that is meant, or add --alike.",
                      code=code, others=", ".join(sorted(others)))  # fmt: skip
            found.append(some[0].mistake("code", words))
    return found


def differences(before: Register, after: Register) -> Iterator[Change]:
    """Every value that is another, units first. A new site or unit begins with a change of field ""."""
    for code, unit in after.units.by_code.items():
        old_unit = before.units.get(code)
        if old_unit != unit:
            yield from _unit_changes(old_unit, unit)
    for code, site in after.sites.items():
        old = before.sites.get(code)
        if old != site:
            yield from _site_changes(old, site)


def _unit_changes(old: Unit | None, new: Unit) -> Iterator[Change]:
    if old is None:
        yield Change("unit", new.code, "", "", None, new.level)
    was = {"first": old.first.isoformat(), "last": _text(old.last), "into": old.into} if old else {}
    begins = {"first": new.first.isoformat(), "last": _text(new.last), "into": new.into}
    for name, value in begins.items():
        if was.get(name, "") != value and (old is not None or value != ALWAYS.isoformat()):
            yield Change("unit", new.code, name, "", was.get(name), value)
    yield from _step_changes("unit", new.code, "name", old.names if old else (), new.names)
    yield from _step_changes("unit", new.code, "parent", old.parents if old else (), new.parents)


def _site_changes(old: SiteHistory | None, new: SiteHistory) -> Iterator[Change]:
    if old is None:
        yield Change("site", new.code, "", "", None, "")
    was = {"opened": _text(old.opened), "last": _text(old.last)} if old else {}
    for name, value in (("opened", _text(new.opened)), ("last", _text(new.last))):
        if was.get(name, "") != value:
            yield Change("site", new.code, name, "", was.get(name), value)
    for name, steps in new.steps.items():
        yield from _step_changes("site", new.code, name, old.steps[name] if old else (), steps)


def _step_changes(kind: str, code: str, name: str, before: Steps, after: Steps) -> Iterator[Change]:
    """What is another from each day on; of what is new, what is told at all."""
    if before == after or (not before and after == ((ALWAYS, ""),)):
        return
    for day in sorted({day for day, _value in (*before, *after)}):
        was, becomes = value_on(before, day) if before else None, value_on(after, day)
        if was != becomes and (before or becomes or day != ALWAYS):
            yield Change(kind, code, name, day.isoformat(), was, becomes)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
