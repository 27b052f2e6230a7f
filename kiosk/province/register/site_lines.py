"""What the lines of a file make of sites. Pure: the site before goes in, the one after comes out."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date

from kiosk.province.register.rows import Line, Mistake, missing
from kiosk.province.register.site_history import DATED, SiteHistory, same_in, settled
from kiosk.province.register.steps import ALWAYS, Steps, put, within
from kiosk.province.register.units import Unit, Units
from kiosk.province.register.words import folded
from kiosk.translations import _

# Which line is the owner of a site of that type, where nobody wrote it.
OWNER_OF = {
    "post_office": "post", "provincial_library": "library", "district_library": "library",
    "commune_library": "library", "public_library": "library",
}  # fmt: skip


class SiteLines:
    """Applies lines of sites; communes may be told by their names. `doubtful`: units whose own lines are wrong."""

    def __init__(self, units: Units, mistakes: list[Mistake], doubtful: Set[str] = frozenset()) -> None:
        self._units, self._mistakes, self._doubtful = units, mistakes, doubtful
        self._same = same_in(units)
        self._named: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            if unit.level == "commune":
                for name in {folded(_bare(name)) for _day, name in unit.names}:
                    self._named[name].append(unit)

    def after(self, old: SiteHistory | None, lines: Sequence[Line]) -> SiteHistory | None:
        """A site as its lines want it; None where that cannot be."""
        if any(line.wrong & {"from", "until", "opened", "last"} for line in lines):
            # Without its days nothing can be said of it, but that a commune is there on none.
            self._mistakes += [one for line in lines if (one := self._nowhere(line))]
            return None
        begun = len(self._mistakes)
        opened = self._one_day(lines, "opened", old.opened if old else lines[0].day("from"))
        last = self._one_day(lines, "last", old.last if old else None)
        self._life(lines, old, opened, last)
        steps: dict[str, Steps] = dict(old.steps) if old else {name: ((ALWAYS, ""),) for name in DATED}
        for line in lines:
            values, begin = self._told(line, opened, first=old is None and line is lines[0]), line.day("from")
            begin = ALWAYS if begin is None or begin <= (opened or ALWAYS) else begin
            # Of what is new nothing was true before: its first line holds on until another one says more.
            until = line.day("until") if old is not None or line is not lines[0] else None
            for name, value in values.items():
                steps[name] = put(steps[name], begin, until, value, self._same[name])
        if len(self._mistakes) > begun:
            return None
        tidied = {name: within(one, opened, last, self._same[name]) for name, one in steps.items()}
        made = settled(SiteHistory(lines[0].code, tidied, opened, last), self._units)
        return old if old is not None and made == settled(old, self._units) else made

    def _told(self, line: Line, opened: date | None, first: bool) -> dict[str, str]:
        """What a line says of the fields with dates."""
        values = {name: value for name, value in line.values.items() if name in DATED}
        day = max(line.day("from") or ALWAYS, opened or ALWAYS)
        if unit := self._commune(line, day):
            values["unit"] = unit
        if first:
            if "owner" not in values and values.get("type") in OWNER_OF:
                values["owner"] = OWNER_OF[values["type"]]
            self._mistakes += missing(replace(line, values=values | _named(line)))
        return values

    def _life(self, lines: Sequence[Line], old: SiteHistory | None, opened: date | None, last: date | None) -> None:
        head = lines[0]
        if opened and last and last < opened:
            self._mistakes.append(head.mistake("last", _("The last day lies before the day on which it opened.")))
        if old is None and opened and (begin := head.day("from")) and begin > opened:
            words = _("The site opened on {day}: its first line must begin then, or say nothing here.", day=opened)
            self._mistakes.append(head.mistake("from", words))
        if old is None and head.day("until") and len(lines) == 1:
            words = _("Of a new site nothing was true before. Where it ended on this day, write it as its last day.")
            self._mistakes.append(head.mistake("until", words))
        for line in lines:
            begin = line.day("from")
            if begin and last and begin > last:
                self._mistakes.append(line.mistake("from", _("The last day of the site is {day}.", day=last)))

    def _one_day(self, lines: Sequence[Line], name: str, known: date | None) -> date | None:
        """A day that is the same in every line that tells it."""
        told = [line for line in lines if name in line.values]
        for line in told[1:]:
            if line.values[name] != told[0].values[name]:
                words = _("Row {n} of the same code says {day}.", n=told[0].row, day=told[0].values[name] or "-")
                self._mistakes.append(line.mistake(name, words))
        return told[0].day(name) if told else known

    def _commune(self, line: Line, day: date) -> str:
        """The commune that a line names, by its code or its name."""
        given, named = line.values.get("unit", ""), line.values.get("unit_name", "")
        if given:
            return self._by_code(line, given, named, day)
        return self._by_name(line, named, day) if named else ""

    def _nowhere(self, line: Line) -> Mistake | None:
        unit = self._units.get(given := line.values.get("unit", ""))
        if not given or given in self._doubtful or (unit is not None and unit.level == "commune"):
            return None
        return line.mistake("unit", _("There is no commune {code} in the list of units.", code=given))

    def _by_code(self, line: Line, given: str, named: str, day: date) -> str:
        unit = self._units.get(given)
        if mistake := self._nowhere(line):
            self._mistakes.append(mistake)
        elif unit is None or given in self._doubtful:
            return given
        elif not unit.lives(day):
            self._mistakes.append(line.mistake("unit", self._not_then(unit, day)))
        elif named and folded(_bare(named)) != folded(_bare(self._units.name(given, day))):
            words = _("{code} is called {name} on that day.", code=given, name=self._units.name(given, day))
            self._mistakes.append(line.mistake("unit_name", words))
        return given

    def _not_then(self, unit: Unit, day: date) -> str:
        if day < unit.first:
            return _("{code} is there from {day} on: write since when this is true, or when the site opened.",
                     code=unit.code, day=unit.first)  # fmt: skip
        return _("{code} ended on {day}; since then it is in {into}.", code=unit.code, day=unit.last or "",
                 into=self._units.now(unit.code, day) or "-")  # fmt: skip

    def _by_name(self, line: Line, named: str, day: date) -> str:
        found = [one for one in self._named.get(folded(_bare(named)), ()) if one.lives(day)]
        found = [one for one in found if folded(_bare(self._units.name(one.code, day))) == folded(_bare(named))]
        if district := line.values.get("district", ""):
            inside = [one for one in found if self._in_district(one, district, day)]
            found = inside or found
        if len(found) == 1:
            return found[0].code
        if self._doubtful and not found:
            return ""
        if found:
            codes = ", ".join(unit.code for unit in found)
            words = _("Several communes are called so: {codes}. Write the code.", codes=codes)
        else:
            words = _("No commune is called “{name}” on that day.", name=named)
        self._mistakes.append(line.mistake("unit_name", words))
        return ""

    def _in_district(self, unit: Unit, district: str, day: date) -> bool:
        code = self._units.above(unit.code, day).get("district", "")
        return code == district or folded(_bare(self._units.name(code, day))) == folded(_bare(district))


def _named(line: Line) -> dict[str, str]:
    """A commune that is told by its name is told, also where the name is wrong."""
    return {"unit": "?"} if "unit_name" in line.values or "unit_name" in line.wrong else {}


def _bare(name: str) -> str:
    """A name without the word of its level: “xã Hà Lĩnh” is “Hà Lĩnh”."""
    head, _space, rest = name.partition(" ")
    if folded(head) in ("xa", "phuong", "huyen", "quan", "p", "x") and rest:
        return rest
    for level in ("thị trấn ", "thị xã ", "thành phố "):
        if name.lower().startswith(level):
            return name[len(level) :]
    return name
